import type { FileSystem } from "@gov/atomic-io";
import type { JournalCommit, JournalView } from "@gov/atomic-io/journal";
import { isIndexError } from "../errors.ts";
import { applyChange, decodeChange } from "./change.ts";
import { type FittingIndex, matchIndexFile, notContinued, type StaleIndex } from "./checkpoint.ts";
import type { IndexPlaces } from "./layout.ts";
import { findPlainLines, placeSize } from "./plain-lines.ts";
import type { RecordStore } from "./record-store.ts";

/** An index file with the changes on it that the journal holds beyond it. */
export interface Replayed extends FittingIndex {
  readonly replayed: number;
}

/** Puts what a journal holds onto the index file, while the journal is read for the first and only time. */
export interface Replay {
  readonly onCommit: (commit: JournalCommit) => void | Promise<void>;
  /** Tells, once the whole journal has been read, what came of it. */
  readonly end: (journal: Pick<JournalView, "firstSeq" | "lastSeq">) => Promise<Replayed | StaleIndex>;
}

/** Begins a replay. The index file is read once the journal is known to have a commit: by then whoever wrote before has been kept from writing on. */
export function beginReplay(fs: FileSystem, places: IndexPlaces): Replay {
  let base: FittingIndex | StaleIndex | null = null;
  let replayed = 0;
  let memory: Buffer | null = null;
  const take = (commit: JournalCommit): void => {
    if (base === null || "stale" in base) return;
    // The same for all commits that were read in one go.
    if (memory?.buffer !== commit.bytes.buffer) memory = Buffer.from(commit.bytes.buffer);
    try {
      replayed += applyCommit(base.records, commit, { fromSeq: base.checkpoint.seq + 1, memory });
    } catch (error) {
      if (!isIndexError(error) || error.code !== "INDEX_CORRUPT") throw error;
      base = { stale: error.message, cause: error };
    }
  };
  return {
    onCommit: (commit) => {
      if (base !== null) {
        take(commit);
        return undefined;
      }
      return matchIndexFile(fs, places, { firstSeq: commit.firstSeq, lastSeq: Number.POSITIVE_INFINITY }).then((found) => {
        base = found;
        take(commit);
      });
    },
    end: async (journal) => {
      base ??= await matchIndexFile(fs, places, journal);
      if ("stale" in base) return base;
      // The end of the journal was not known when the index file was matched.
      return base.checkpoint.seq > journal.lastSeq ? notContinued : { ...base, replayed };
    },
  };
}

/**
 * Applies the changes of a commit from a sequence number on and returns how many they were. Plain lines stay in the memory into which the journal was read, which
 * is many times faster than making texts of them.
 */
function applyCommit(
  records: RecordStore,
  commit: JournalCommit,
  { fromSeq, memory }: { readonly fromSeq: number; readonly memory: Buffer },
): number {
  const { firstSeq, count, bytes, spans } = commit;
  const first = Math.max(0, fromSeq - firstSeq);
  if (first >= count) return 0;
  const lines = findPlainLines(commit, first, memory);
  for (let at = first; at < count; at++) {
    if ((lines.places[at * placeSize] as number) >= 0) records.setPlain(lines, at);
    else applyChange(records, decodeChange(bytes.subarray(spans[at * 2], spans[at * 2 + 1]), firstSeq + at));
  }
  return count - first;
}
