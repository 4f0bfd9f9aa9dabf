import { type FileSystem, isAtomicIoError } from "@gov/atomic-io";
import { type JournalRecord, type JournalView, readArchive } from "@gov/atomic-io/journal";
import { TelemetryError } from "../../errors.ts";

/** Where a rotation moves the records of a journal. */
export interface JournalFiles {
  readonly fs: FileSystem;
  /** Undefined where what a rotation drops is removed. */
  readonly archiveDirectory: string | undefined;
}

/**
 * Yields the records of a journal from one on, out of its archive and then of its own, as many as there are when asked; also while they are moved from one to the
 * other. Without an archive it begins with the oldest that is kept.
 */
export async function* recordsFrom(
  journal: JournalView,
  { fs, archiveDirectory, fromSeq }: JournalFiles & { readonly fromSeq: number },
): AsyncGenerator<JournalRecord, void, undefined> {
  const { lastSeq } = journal;
  let next = Math.max(fromSeq, archiveDirectory === undefined ? journal.firstSeq : 1);
  let isGone = false;
  while (next <= lastSeq) {
    const start = next;
    const archive = isGone || next < journal.firstSeq ? archiveDirectory : undefined;
    try {
      for await (const record of archive === undefined ? journal.read(next) : readArchive(archive, { fs, fromSeq: next })) {
        if (record.seq !== next) break;
        yield record;
        if (++next > lastSeq) return;
      }
    } catch (error) {
      if (archive !== undefined || archiveDirectory === undefined || !isFileGone(error)) throw error;
      // A rotation has removed it meanwhile, and put it into the archive before.
      isGone = true;
      continue;
    }
    if (next === start) throw missing(archive ?? "", next);
    isGone = false;
  }
}

function isFileGone(error: unknown): boolean {
  return isAtomicIoError(error) && error.code === "ATOMIC_IO_READ_FAILED" && error.details["errno"] === "ENOENT";
}

function missing(path: string, seq: number): TelemetryError {
  return new TelemetryError("TELEMETRY_AUDIT_CORRUPT", `Cannot read the log: record ${String(seq)} is no longer in its archive "${path}"`, {
    details: { path, seq },
    hint: "Bring the archive back, from another clone or a backup",
  });
}
