/** Gives that many unpredictable bytes; the port behind names of temporaries and lock nonces. */
export type RandomBytes = (length: number) => Uint8Array;

const pattern = /^\.gov-tmp-[0-9a-f]{24}$/;

/**
 * True for the name of a temporary of this package: `.gov-tmp-` and 24 hexadecimal digits.
 * Scanners and watchers skip such names; they never become visible under a name a reader asks for.
 */
export function isTemporaryName(name: string): boolean {
  return pattern.test(name);
}

/**
 * Names a temporary. The name is short whatever the target is called, so that a target of the longest allowed name can still be replaced, and holds
 * 96 random bits instead of a pid, since every container has a pid 1.
 */
export function temporaryName(random: RandomBytes): string {
  return `.gov-tmp-${Buffer.from(random(12)).toString("hex")}`;
}
