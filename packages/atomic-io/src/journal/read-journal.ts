import type { FileSystem } from "../file-system.ts";
import { nodeFileSystem } from "../node-file-system.ts";
import type { JournalCommit } from "./format.ts";
import type { JournalView } from "./journal.ts";
import { recordsOf, scanJournal } from "./scan-journal.ts";

/** Options of {@link readJournal}. */
export interface ReadJournalOptions {
  /** @default nodeFileSystem */
  readonly fs?: FileSystem | undefined;
  /** Hears of every commit, in order, while the journal is read through and checked, as with `openJournal`. @default nobody */
  readonly onCommit?: ((commit: JournalCommit) => void | Promise<void>) | undefined;
}

/**
 * Opens a journal for reading alone: it creates, repairs and changes nothing, takes no lock, and works beside a writer. A commit that is only half there is not
 * shown. A directory that is missing or empty is an empty journal.
 *
 * @throws {@link AtomicIoError} `ATOMIC_IO_JOURNAL_CORRUPT`, `ATOMIC_IO_JOURNAL_VERSION`; `ATOMIC_IO_READ_FAILED` also when a writer drops a segment
 * meanwhile: read again.
 */
export async function readJournal(directory: string, options: ReadJournalOptions = {}): Promise<JournalView> {
  const { fs = nodeFileSystem, onCommit } = options;
  const { epoch, segments, firstSeq, lastSeq } = await scanJournal(fs, directory, onCommit);
  return { epoch, firstSeq, lastSeq, read: (fromSeq = firstSeq) => recordsOf(fs, segments, { fromSeq, toSeq: lastSeq }) };
}
