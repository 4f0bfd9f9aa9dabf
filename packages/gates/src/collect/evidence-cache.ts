import type { Digest } from "@gov/schema/canonical";
import type { Collected } from "../evidence.ts";

/** Keeps what was read, by the digest of what it was read from. */
export interface EvidenceCache {
  readonly get: (key: Digest) => Collected<unknown> | undefined;
  readonly set: (key: Digest, value: Collected<unknown>) => void;
}

/**
 * A cache in memory that forgets what was not used for the longest time.
 *
 * @param options.maxEntries - how many values are kept. @default 1000
 * @throws RangeError when `maxEntries` is no whole number from 1.
 */
export function createEvidenceCache(options: { readonly maxEntries?: number | undefined } = {}): EvidenceCache {
  const { maxEntries = 1000 } = options;
  if (!Number.isInteger(maxEntries) || maxEntries < 1)
    throw new RangeError(`Cannot create a cache: maxEntries must be a whole number from 1, and is ${maxEntries}`);
  const kept = new Map<Digest, Collected<unknown>>();
  const touch = (key: Digest, value: Collected<unknown>): void => {
    kept.delete(key);
    kept.set(key, value);
  };
  return {
    get: (key) => {
      const value = kept.get(key);
      if (value !== undefined) touch(key, value);
      return value;
    },
    set: (key, value) => {
      touch(key, value);
      const [oldest] = kept.keys();
      if (kept.size > maxEntries && oldest !== undefined) kept.delete(oldest);
    },
  };
}
