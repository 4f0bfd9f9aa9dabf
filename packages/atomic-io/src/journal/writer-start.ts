import type { FileSystem } from "../file-system.ts";
import type { Claim } from "./claim.ts";
import type { JournalRecovery } from "./journal.ts";
import type { Segment } from "./layout.ts";
import type { SegmentFile } from "./segment-file.ts";

/** What a writer starts from: a journal that was fenced, read and sealed, with a segment of its own. */
export interface WriterStart {
  readonly fs: FileSystem;
  readonly directory: string;
  readonly claim: Claim;
  /** Must hold as well before anything is acknowledged. */
  readonly lease: { readonly confirm: () => Promise<void> } | undefined;
  readonly preallocateBytes: number;
  readonly segments: readonly Segment[];
  /** The last of them. */
  readonly file: SegmentFile;
  readonly lastSeq: number;
  readonly chain: Uint8Array;
  readonly recovered: JournalRecovery;
}
