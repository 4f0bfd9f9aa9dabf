import { hash as hashAtOnce, createHash } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";

/** The memory that hashing threads share; the file at a place has its path at that place of `paths`. */
export interface HashWork {
  readonly paths: readonly string[];
  /** Four numbers a file: size, inode, time of change of content and of attributes; as they were when it was found. */
  readonly stats: BigInt64Array;
  /** 32 bytes a file. */
  readonly digests: Uint8Array;
  /** One byte a file: {@link hashed} or a fault. */
  readonly outcomes: Uint8Array;
  /** Next large file, next small file. */
  readonly next: Int32Array;
  /** So many files, which stand first, are large. */
  readonly large: number;
}

export const hashed = 1;
const unreadable = 2;
export const changed = 3;

/** Small files taken at once: so few that the event loop of a thread that takes part in hashing turns every few milliseconds. */
const claimSize = 32;
const chunkBytes = 1 << 20;
const flags = constants.O_RDONLY | ((constants as { O_NONBLOCK?: number }).O_NONBLOCK ?? 0);
let buffer: Buffer | null = null;

/** Takes the next large file and hashes it; false when none is left. */
export function hashLarge(work: HashWork): boolean {
  const at = Atomics.add(work.next, 0, 1);
  if (at >= work.large) return false;
  hashAt(work, at);
  return true;
}

/** Takes the next few small files and hashes them; false when none is left. */
export function hashSmall(work: HashWork): boolean {
  const from = Atomics.add(work.next, 1, claimSize);
  if (from >= work.paths.length) return false;
  const to = Math.min(from + claimSize, work.paths.length);
  for (let at = from; at < to; at++) hashAt(work, at);
  return true;
}

/** Hashes one file, whoever has taken it. */
export function hashAt(work: HashWork, at: number): void {
  try {
    const digest = digestOf(work, at);
    if (digest === null) work.outcomes[at] = changed;
    else {
      work.digests.set(digest, at * 32);
      work.outcomes[at] = hashed;
    }
  } catch {
    work.outcomes[at] = unreadable;
  }
}

function digestOf({ paths, stats }: HashWork, at: number): Uint8Array | null {
  buffer ??= Buffer.allocUnsafeSlow(chunkBytes);
  const size = Number(stats[at * 4]);
  const descriptor = openSync(paths[at] as string, flags);
  try {
    let length = readSync(descriptor, buffer, 0, chunkBytes, 0);
    let digest: Uint8Array;
    if (length < chunkBytes) {
      // A short read is the end of a file whose size agrees; that it is the same file shows below.
      digest = hashAtOnce("sha256", buffer.subarray(0, length), "buffer");
    } else {
      const hash = createHash("sha256");
      for (let got = length; got > 0; length += got) {
        hash.update(buffer.subarray(0, got));
        if (length > size) return null;
        got = readSync(descriptor, buffer, 0, chunkBytes, length);
      }
      digest = hash.digest();
    }
    if (length !== size) return null;
    // After the content: a write before it was found shows in the times, one since then in the racy rule of the cache.
    const { ino, mtimeNs, ctimeNs, size: now } = fstatSync(descriptor, { bigint: true });
    const same = now === stats[at * 4] && ino === stats[at * 4 + 1] && mtimeNs === stats[at * 4 + 2] && ctimeNs === stats[at * 4 + 3];
    return same ? digest : null;
  } finally {
    closeSync(descriptor);
  }
}
