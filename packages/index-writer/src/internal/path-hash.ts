import { nodeHashSeed } from "./node-hash-seed.ts";

// Hashes differ from process to process, so that nobody can choose paths that meet in one slot.
const seed = nodeHashSeed();

/** The hash of a path; four characters are one step, as they are one word where a path stands in memory. */
export function hashOfPath(path: string): number {
  let hash = hashBegin(path.length);
  let at = 0;
  for (; at + 4 <= path.length; at += 4)
    hash = hashStep(
      hash,
      path.charCodeAt(at) ^ (path.charCodeAt(at + 1) << 8) ^ (path.charCodeAt(at + 2) << 16) ^ (path.charCodeAt(at + 3) << 24),
    );
  for (; at < path.length; at++) hash = hashStep(hash, path.charCodeAt(at));
  return hashStep(hash, 0);
}

/** What a path of this length begins with. */
export function hashBegin(length: number): number {
  return seed ^ length;
}

/** The hash with four characters more, or with one where fewer than four are left, and with 0 at the end. */
export function hashStep(hash: number, characters: number): number {
  const product = Math.imul(hash ^ characters, 0x9e3779b1);
  return product ^ (product >>> 15);
}
