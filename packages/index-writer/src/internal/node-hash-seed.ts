import { randomBytes } from "node:crypto";

/** A number for hashes that stay within the process. */
export function nodeHashSeed(): number {
  return randomBytes(4).readInt32LE();
}
