import type { FileHandle, FileSystem } from "../file-system.ts";
import type { RandomBytes } from "../temp-name.ts";
import type { JournalRecovery } from "./journal.ts";
import type { Segment } from "./layout.ts";

/** What a writer starts from: a journal that was fenced, read and sealed. */
export interface WriterStart {
  readonly fs: FileSystem;
  readonly random: RandomBytes;
  readonly directory: string;
  readonly epoch: number;
  /** CURRENT as this holder wrote it, kept open so that its inode number cannot be given to another file. */
  readonly current: FileHandle;
  readonly segments: readonly Segment[];
  readonly lastSeq: number;
  readonly chain: Uint8Array;
  readonly recovered: JournalRecovery;
}
