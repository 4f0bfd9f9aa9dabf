/** Gives that many unpredictable bytes; the port behind names of temporaries and lock nonces. */
export type RandomBytes = (length: number) => Uint8Array;

/** Who made a temporary, as its name says: precise enough to survive pid reuse and pid namespaces. */
export interface TemporaryOwner {
  /** The first 16 hexadecimal digits of the running kernel's identity, or "0" where it has none. */
  readonly boot: string;
  /** Number of the pid namespace, or "0". */
  readonly pidNamespace: string;
  readonly pid: number;
  /** When the process started, in clock ticks since boot, or "0". */
  readonly started: string;
}

const pattern = /^\.gov-tmp-(?:[0-9a-f]{24}|([0-9a-f]{1,16})-(\d{1,20})-(\d{1,10})-(\d{1,20})-[0-9a-f]{24})$/;

/**
 * True for the name of a temporary of this package: `.gov-tmp-`, its owner's identity, and 24 random hexadecimal digits.
 * Scanners and watchers skip such names; they never become visible under a name a reader asks for.
 */
export function isTemporaryName(name: string): boolean {
  return pattern.test(name);
}

/** The owner that a temporary's name states, or null when it states none. */
export function ownerInName(name: string): TemporaryOwner | null {
  const [, boot, pidNamespace, pid, started] = pattern.exec(name) ?? [];
  if (boot === undefined || pidNamespace === undefined || started === undefined) return null;
  return { boot, pidNamespace, pid: Number(pid), started };
}

/**
 * Names a temporary. The name is short whatever the target is called, so that a target of the longest allowed name can still be replaced. It says who writes it,
 * so that what a dead process left can be removed, and holds 96 random bits, so that no name is ever used twice.
 */
export function temporaryName(owner: TemporaryOwner, random: RandomBytes): string {
  return prefixOf(owner) + hexOf(random(12));
}

const prefixes = new WeakMap<TemporaryOwner, string>();

/** Put together once for each owner: a process names thousands of temporaries. */
function prefixOf(owner: TemporaryOwner): string {
  const known = prefixes.get(owner);
  if (known !== undefined) return known;
  const { boot, pidNamespace, pid, started } = owner;
  const prefix = `.gov-tmp-${boot}-${pidNamespace}-${pid}-${started}-`;
  prefixes.set(owner, prefix);
  return prefix;
}

function hexOf(bytes: Uint8Array): string {
  return (Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes)).toString("hex");
}
