/**
 * One crash-safe `artifacts_index.json`, one writer at a time, rebuilt from the artifacts alone, byte for byte.
 *
 * @packageDocumentation
 */
export { type ArtifactIndex, type CheckpointResult, type IndexRecovery, type RecoveryStep, recoverySteps } from "./artifact-index.ts";
export { applyBackfill, type ApplyBackfillOptions, type BackfillResult } from "./backfill/apply-backfill.ts";
export {
  type BackfillChange,
  type BackfillInput,
  type BackfillPlan,
  type BackfillStep,
  type BackfillTarget,
  planBackfill,
  type PlanBackfillOptions,
} from "./backfill/plan-backfill.ts";
export { renderBackfillReport } from "./backfill/render-backfill-report.ts";
export { IndexError, type IndexErrorCode, indexErrorCodes, type IndexErrorOptions, isIndexError } from "./errors.ts";
export { type IndexFindingCode, indexFindingCodes } from "./scan/file-finding.ts";
export { openCachedHistory, type OpenCachedHistoryOptions } from "./cached-history.ts";
export type { History } from "./history.ts";
export { type IndexRecord, toIndexRecord } from "./index-record.ts";
export { indexDigest, indexFormat, indexVersion, type ParsedIndex, parseIndex, renderIndex } from "./index-text.ts";
export { openGitHistory, type OpenGitHistoryOptions } from "./node-git-history.ts";
export type { Observer } from "./observer.ts";
export { openIndex, type OpenIndexOptions } from "./open-index.ts";
export { type IndexChanges, planIndexChanges } from "./plan-index-changes.ts";
export type { IndexQuery } from "./query.ts";
export { readFileBounded, type ReadFileBoundedOptions } from "./scan/read-file-bounded.ts";
export { readIndex, type ReadIndexOptions, type IndexSnapshot } from "./read-index.ts";
export { rebuildIndex, type RebuildIndexOptions, type RebuildIndexResult } from "./rebuild-index.ts";
export { type ScannedFile, scanFiles, type ScanFilesOptions, type ScanFilesResult } from "./scan/scan-files.ts";
export { type ContentHasher, type HashFault, type HashInput } from "./scan/content-hasher.ts";
export { type HashedFile, scanContents, type ScanContentsOptions, type ScanContentsResult } from "./scan/scan-contents.ts";
export { type Breathe, type ScanFileSystem, type ScanHandle, type ScanStat } from "./scan/scan-file-system.ts";
export { openStatCache, type OpenStatCacheOptions, type StatCache } from "./scan/stat-cache.ts";
export { type RecordInput, refreshIndex, type RefreshIndexOptions, type RefreshIndexResult } from "./scan/refresh-index.ts";
export {
  type AcquireOptions,
  type CommittedEntry,
  type IndexStore,
  type StoreCommit,
  type StoredEntry,
  type StoreEntry,
  type StoreLease,
} from "./store/index-store.ts";
export { openFileStore, type OpenFileStoreOptions } from "./store/open-file-store.ts";
export { openStoreWriter, type OpenStoreWriterOptions } from "./store/open-store-writer.ts";
export type { StoreWriter } from "./store/store-writer.ts";
export {
  type ChangeWriter,
  openSharedIndex,
  type OpenSharedIndexOptions,
  type SharedChange,
  type SharedIndex,
} from "./store/open-shared-index.ts";
