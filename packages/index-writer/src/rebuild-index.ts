import type { CheckpointResult, IndexRecovery } from "./artifact-index.ts";
import { checkRecord, type IndexRecord } from "./index-record.ts";
import { indexDigest } from "./index-text.ts";
import { openWith, type OpenIndexOptions } from "./open-index.ts";

/** Options of {@link rebuildIndex}. */
export type RebuildIndexOptions = Omit<OpenIndexOptions, "rebuild">;

/** What {@link rebuildIndex} did. */
export interface RebuildIndexResult extends CheckpointResult {
  readonly recovery: IndexRecovery;
}

/**
 * Replaces the whole index by the records given, whatever stands there: damaged, stale, half recovered. The result is byte for byte the index that the same
 * records give by any other way (IDX-16). A damaged journal is set aside under `.gov/index/`, not deleted.
 *
 * @throws {@link IndexError} `INDEX_LOCKED`, `INDEX_RECORD_INVALID`, `INDEX_ROOT_MISSING`: nothing has changed.
 */
export async function rebuildIndex(
  root: string,
  records: readonly IndexRecord[],
  options: RebuildIndexOptions = {},
): Promise<RebuildIndexResult> {
  const checked = records.map((record) => checkRecord(record));
  const digest = indexDigest(checked);
  const index = await openWith(root, { ...options, rebuild: async () => checked, force: true });
  await index.close();
  return { count: checked.length, digest, written: true, recovery: index.recovery };
}
