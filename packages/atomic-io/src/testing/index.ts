/**
 * A file system in memory that crashes, fails and forgets on demand, and the suite that holds it and Node's to the same behaviour.
 *
 * @packageDocumentation
 */
export type { CrashOptions } from "./crash-images.ts";
export { type DocumentWriterAdapter, type DocumentWriterCase, documentWriterConformance } from "./document-writer-conformance.ts";
export { type FileSystemAdapter, type FileSystemCase, fileSystemConformance } from "./file-system-conformance.ts";
export {
  createMemoryFileSystem,
  type Fault,
  type FileSystemCall,
  type MemoryFileSystem,
  type MemoryFileSystemOptions,
} from "./memory-file-system.ts";
export { createMemoryLockHost, type MemoryLockHostOptions } from "./memory-lock-host.ts";
export { createNetworkFileSystem, type NetworkFileSystem, type NetworkFileSystemOptions, type NetworkKind } from "./network-file-system.ts";
