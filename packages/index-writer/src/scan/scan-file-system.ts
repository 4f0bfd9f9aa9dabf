import type { FileStat } from "@gov/atomic-io";

/** What a scan has to know of a file to tell whether it is the one it has seen before. */
export type ScanStat = Pick<FileStat, "kind" | "size" | "inode" | "modifiedNs" | "changedNs">;

/** The part of a file handle that a scan reads with. */
export interface ScanHandle {
  readonly read: (buffer: Uint8Array, position: number) => number | Promise<number>;
  readonly stat: () => ScanStat | Promise<ScanStat>;
  readonly close: () => void | Promise<void>;
}

/**
 * The part of a file system that a scan reads. Each call may answer at once or later, so both `FileSystem` and `SyncFileSystem` of `@gov/atomic-io` fit: looking
 * at 10,000 files is many times faster without a promise for each.
 */
export interface ScanFileSystem {
  readonly open: (path: string, intent: "read") => ScanHandle | Promise<ScanHandle>;
  readonly stat: (path: string) => ScanStat | Promise<ScanStat>;
  readonly lstat: (path: string) => ScanStat | Promise<ScanStat>;
  readonly realpath: (path: string) => string | Promise<string>;
  readonly readdir: (path: string) => readonly string[] | Promise<readonly string[]>;
}

/** Lets other work of the process run before a long piece of work goes on. */
export type Breathe = () => Promise<void>;
