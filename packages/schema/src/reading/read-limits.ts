/** Bounds on one document, so that hostile or broken input costs little and gives a finding. */
export interface ReadLimits {
  /** Longest document in bytes. @default 8388608 */
  readonly maxBytes: number;
  /** Deepest nesting of lists and mappings. @default 64 */
  readonly maxDepth: number;
  /** Most YAML aliases in one document. @default 100 */
  readonly maxAliases: number;
  /** Most values in one document, aliases counted as what they stand for. @default 250000 */
  readonly maxNodes: number;
}

/** The bounds used where none are given. */
export const defaultReadLimits: ReadLimits = { maxBytes: 8 * 1024 * 1024, maxDepth: 64, maxAliases: 100, maxNodes: 250_000 };

/**
 * Fills the gaps of partial limits with {@link defaultReadLimits}.
 *
 * @throws {RangeError} When a limit is not a whole number of at least 0, or `maxDepth` is over 256.
 */
export function resolveReadLimits(limits: { readonly [K in keyof ReadLimits]?: ReadLimits[K] | undefined } = {}): ReadLimits {
  const resolved = {
    maxBytes: limits.maxBytes ?? defaultReadLimits.maxBytes,
    maxDepth: limits.maxDepth ?? defaultReadLimits.maxDepth,
    maxAliases: limits.maxAliases ?? defaultReadLimits.maxAliases,
    maxNodes: limits.maxNodes ?? defaultReadLimits.maxNodes,
  };
  for (const [name, value] of Object.entries(resolved)) {
    if (!Number.isSafeInteger(value) || value < 0)
      throw new RangeError(`Cannot read with "${name}" of ${value}: a whole number of at least 0 is expected`);
  }
  // The YAML composer recurses once per level; 256 levels stay far from any stack's end.
  if (resolved.maxDepth > 256) throw new RangeError(`Cannot read with "maxDepth" of ${resolved.maxDepth}: at most 256 is expected`);
  return resolved;
}
