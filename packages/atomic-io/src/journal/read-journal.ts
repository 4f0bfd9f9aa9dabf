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

/** A journal as it was found, without being opened for writing. */
export interface FoundJournal extends JournalView {
  /**
   * True when something stands behind the last whole commit that is none: one that is being written, one that a crash cut short and nobody was told of, or one
   * that was damaged afterwards. Whoever opens the journal for writing copies it aside and cuts it off.
   */
  readonly isTorn: boolean;
}

/**
 * Opens a journal for reading alone: it creates, repairs and changes nothing, takes no lock, and works beside a writer. A commit that is only half there is not
 * shown. A directory that is missing or empty is an empty journal.
 *
 * @throws {@link AtomicIoError} `ATOMIC_IO_JOURNAL_CORRUPT`, `ATOMIC_IO_JOURNAL_VERSION`; `ATOMIC_IO_READ_FAILED` also when a writer drops a segment
 * meanwhile: read again.
 */
export async function readJournal(directory: string, options: ReadJournalOptions = {}): Promise<FoundJournal> {
  const { fs = nodeFileSystem, onCommit } = options;
  const { epoch, segments, firstSeq, lastSeq, end } = await scanJournal(fs, directory, onCommit);
  return {
    epoch,
    firstSeq,
    lastSeq,
    isTorn: end?.torn ?? false,
    read: (fromSeq = firstSeq) => recordsOf(fs, segments, { fromSeq, toSeq: lastSeq }),
  };
}
