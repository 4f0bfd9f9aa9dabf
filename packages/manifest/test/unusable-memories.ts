import type { Digest } from "@gov/schema/canonical";

/** What plain JavaScript may pass for the last link that was seen, and what would show no rollback and no fork. */
export const unusableMemories = (digest: Digest): readonly unknown[] => [
  {},
  { sequence: "1", digest },
  { sequence: NaN, digest },
  { sequence: 0, digest },
  { sequence: 1, digest: "x" },
  null,
];
