/**
 * A reader sees the old bytes or the new bytes; what was acknowledged survives a power cut.
 *
 * @packageDocumentation
 */
export { appendLine, type AppendLineOptions, type AppendLineResult } from "./append-line.ts";
export {
  checkDisk,
  type CheckDiskOptions,
  type DirectoryLimits,
  type DiskFinding,
  type DiskFindingCode,
  diskFindingCodes,
  type DiskReport,
} from "./check-disk.ts";
export { createFileOnce, type CreateFileOnceOptions } from "./create-file-once.ts";
export { durabilities, type Durability } from "./durability.ts";
export { ensureDirectory, type EnsureDirectoryOptions } from "./ensure-directory.ts";
export { AtomicIoError, type AtomicIoErrorCode, atomicIoErrorCodes, type AtomicIoErrorOptions, isAtomicIoError } from "./errors.ts";
export type { FileHandle, FileKind, FileStat, FileSystem, OpenIntent, OpenOptions, SyncFileHandle, SyncFileSystem } from "./file-system.ts";
export type { FileSystemSpace, SpaceProbe } from "./file-system-space.ts";
export { freeAside, type FreeAsideOptions } from "./free-aside.ts";
export { nodeFileSystem } from "./node-file-system.ts";
export { nodeSpaceProbe } from "./node-space-probe.ts";
export { nodeSyncFileSystem } from "./node-sync-file-system.ts";
export { probeFileSystem, type ProbedFileSystem, type ProbeFileSystemOptions } from "./probe-file-system.ts";
export { replaceFile } from "./replace-file.ts";
export { type ContentSource, replaceFileFromStream } from "./replace-file-from-stream.ts";
export type { ReplaceFileOptions, ReplaceFileResult } from "./replace-file-options.ts";
export { replaceFileSync, type ReplaceFileSyncOptions } from "./replace-file-sync.ts";
export { replaceFileWithJson, type ReplaceFileWithJsonOptions } from "./replace-file-with-json.ts";
export type { OwnerHost } from "./owner-host.ts";
export { sweepTemporaries, type SweepTemporariesOptions, type SweepTemporariesResult } from "./sweep-temporaries.ts";
export { syncDirectory, type SyncDirectoryOptions } from "./sync-directory.ts";
export { isTemporaryName, type RandomBytes, type TemporaryOwner } from "./temp-name.ts";
