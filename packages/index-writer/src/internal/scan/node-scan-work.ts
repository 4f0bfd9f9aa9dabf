import { hash as hashAtOnce, createHash } from "node:crypto";
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, type Stats } from "node:fs";
import type { Digest } from "@gov/schema/canonical";
import { statLength } from "./noted-stat.ts";

/** A piece of work as it travels between threads: everything but the paths is memory that they share. */
export interface ScanWork {
  /** `examine` notes what files look like; `read` does and digests them too, unless they are large; `hash` digests those that still look as noted. */
  readonly task: "examine" | "read" | "hash";
  /** What each path begins with. */
  readonly prefix: string;
  /** Paths, separated by NUL: one text travels faster than many. */
  readonly paths: string;
  /** Where in it each path ends: whoever keeps a text for each of them has them copied at every collection of garbage. */
  readonly ends: Int32Array;
  /** What each file looks like. */
  readonly stats: Float64Array;
  /** The digest of each file as it is written, {@link digestLength} characters, for all but `examine`: a text is made in less time than bytes that have to be freed. */
  readonly digests: Uint8Array;
  /** One byte a file: {@link done}, a fault, or 0 as long as nobody has come to it. */
  readonly outcomes: Uint8Array;
  /** Next large file, next small file. */
  readonly next: Int32Array;
  /** So many files, which stand first, are large. */
  readonly large: number;
}

/** Work that this thread takes part in. */
export interface ScanLoad extends Omit<ScanWork, "paths" | "ends" | "prefix"> {
  readonly pathOf: (at: number) => string;
}

/** Characters of a digest: `sha256:` and 64 hexadecimal digits. */
const digestLength = 71;

export const done = 1;
/** For all but `hash` also: not a regular file. */
const unreadable = 2;
export const changed = 3;
/** For `read`: noted and not digested. */
export const noted = 4;

/** Files from this size on are hashed one by one, and by threads where there are any: they would keep the event loop waiting. */
export const largeBytes: number = 256 * 1024;

/**
 * Small files taken at once: so few that a thread with other things to do can do them every few milliseconds, and no fewer outcomes than lie in one line of the
 * processors' caches where only those are written.
 */
const claimSizes = { examine: 64, read: 16, hash: 16 } as const;
const chunkBytes = 1 << 20;
const { O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants as { readonly O_NONBLOCK?: number; readonly O_NOFOLLOW?: number };
const flags = constants.O_RDONLY | O_NONBLOCK;
const encoder = new TextEncoder();
let buffer: Buffer | null = null;

/** Describes work on so many files, the large ones first. `joined` are the paths as they travel, where somebody has them so. */
export function createScanWork(
  task: ScanWork["task"],
  paths: readonly string[],
  { prefix = "", large = 0, joined }: { readonly prefix?: string; readonly large?: number; readonly joined?: string | undefined } = {},
): ScanWork {
  const next = new Int32Array(new SharedArrayBuffer(8));
  next[1] = large;
  const ends = new Int32Array(new SharedArrayBuffer(paths.length * 4));
  let end = -1;
  for (let at = 0; at < paths.length; at++) ends[at] = end += 1 + (paths[at] as string).length;
  return {
    task,
    prefix,
    paths: joined ?? paths.join("\0"),
    ends,
    stats: new Float64Array(new SharedArrayBuffer(paths.length * statLength * 8)),
    digests: new Uint8Array(new SharedArrayBuffer(task === "examine" ? 0 : paths.length * digestLength)),
    outcomes: new Uint8Array(new SharedArrayBuffer(paths.length)),
    next,
    large,
  };
}

/** Work for a thread that it was sent to. */
export function loadOf({ paths, ends, prefix, ...work }: ScanWork): ScanLoad {
  return { ...work, pathOf: (at) => prefix + paths.slice(at === 0 ? 0 : (ends[at - 1] as number) + 1, ends[at]) };
}

/** Takes the next large file and works on it; false when none is left. */
export function takeLarge(load: ScanLoad): boolean {
  const at = Atomics.add(load.next, 0, 1);
  if (at >= load.large) return false;
  workOn(load, at);
  return true;
}

/** Takes the next few small files and works on them; false when none is left. */
export function takeSmall(load: ScanLoad): boolean {
  const claimSize = claimSizes[load.task];
  const count = load.outcomes.length;
  const from = Atomics.add(load.next, 1, claimSize);
  if (from >= count) return false;
  const to = Math.min(from + claimSize, count);
  for (let at = from; at < to; at++) workOn(load, at);
  return true;
}

/** Leaves nothing to take. */
export function endWork({ next, large, outcomes }: ScanLoad): void {
  Atomics.store(next, 0, large);
  Atomics.store(next, 1, outcomes.length);
}

/** Works on one file, whoever has taken it. */
export function workOn(load: ScanLoad, at: number): void {
  let outcome = unreadable;
  try {
    outcome = load.task === "examine" ? examine(load, at) : load.task === "read" ? read(load, at) : hash(load, at);
  } catch {
    // As it says.
  }
  Atomics.store(load.outcomes, at, outcome);
}

function examine(load: ScanLoad, at: number): number {
  const found = lstatSync(load.pathOf(at));
  if (!found.isFile()) return unreadable;
  note(load.stats, at, found);
  return done;
}

function note(stats: Float64Array, at: number, { size, ino, mtimeMs, ctimeMs }: Stats): void {
  const from = at * statLength;
  stats[from] = size;
  stats[from + 1] = ino;
  stats[from + 2] = mtimeMs;
  stats[from + 3] = ctimeMs;
}

function read(load: ScanLoad, at: number): number {
  // A link that has taken the place of the file since it was listed is not followed.
  const descriptor = openSync(load.pathOf(at), flags | O_NOFOLLOW);
  try {
    const found = fstatSync(descriptor);
    if (!found.isFile()) return unreadable;
    note(load.stats, at, found);
    return found.size < largeBytes && digest(load, at, descriptor) === done ? done : noted;
  } finally {
    closeSync(descriptor);
  }
}

function hash(load: ScanLoad, at: number): number {
  const descriptor = openSync(load.pathOf(at), flags);
  try {
    return digest(load, at, descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function digest({ stats, digests }: ScanLoad, at: number, descriptor: number): number {
  const chunk = (buffer ??= Buffer.allocUnsafeSlow(chunkBytes));
  const from = at * statLength;
  const size = stats[from] as number;
  let length = readSync(descriptor, chunk, 0, chunkBytes, 0);
  let found: string;
  if (length < chunkBytes) {
    // A short read is the end of a file whose size agrees; that it is the same file shows below.
    found = hashAtOnce("sha256", chunk.subarray(0, length), "hex");
  } else {
    const chunks = createHash("sha256");
    for (let got = length; got > 0; length += got) {
      chunks.update(chunk.subarray(0, got));
      if (length > size) return changed;
      got = readSync(descriptor, chunk, 0, chunkBytes, length);
    }
    found = chunks.digest("hex");
  }
  if (length !== size) return changed;
  // After the content: a write before it was found shows in the times, one since then in the racy rule of the cache.
  const { ino, mtimeMs, ctimeMs, size: now } = fstatSync(descriptor);
  if (now !== size || ino !== stats[from + 1] || mtimeMs !== stats[from + 2] || ctimeMs !== stats[from + 3]) return changed;
  encoder.encodeInto(`sha256:${found}`, digests.subarray(at * digestLength, (at + 1) * digestLength));
  return done;
}

/** Reads the digests of work that has been done: at a place, once its outcome is {@link done}. */
export function digestReader({ digests }: Pick<ScanWork, "digests">): (at: number) => Digest {
  const text = Buffer.from(digests.buffer).toString("latin1");
  return (at) => text.slice(at * digestLength, (at + 1) * digestLength) as Digest;
}
