import type { FileSystem } from "@gov/atomic-io";
import type { JournalCommit, JournalView } from "@gov/atomic-io/journal";
import { isIndexError } from "../errors.ts";
import { applyChange, decodeChange, putBegins } from "./change.ts";
import { type FittingIndex, matchIndexFile, notContinued, type StaleIndex } from "./checkpoint.ts";
import type { IndexPlaces } from "./layout.ts";
import { pathOfPlainLine } from "./record-line.ts";
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
  /** Commits in one piece of memory, still to be applied. */
  let waiting: JournalCommit[] = [];
  const applyWaiting = (): void => {
    if (base === null || "stale" in base) return;
    try {
      replayed += applyTogether(base.records, waiting, base.checkpoint.seq + 1);
    } catch (error) {
      if (!isIndexError(error) || error.code !== "INDEX_CORRUPT") throw error;
      base = { stale: error.message, cause: error };
    }
    waiting = [];
  };
  const take = (commit: JournalCommit): void => {
    if (waiting[0] !== undefined && waiting[0].bytes.buffer !== commit.bytes.buffer) applyWaiting();
    waiting.push(commit);
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
      applyWaiting();
      if ("stale" in base) return base;
      // The end of the journal was not known when the index file was matched.
      return base.checkpoint.seq > journal.lastSeq ? notContinued : { ...base, replayed };
    },
  };
}

/**
 * Applies the changes from a sequence number on and returns how many they were. All commits become one text, of which the lines are slices: one text is made, and
 * kept, many times faster than each line of its own.
 */
function applyTogether(records: RecordStore, commits: readonly JournalCommit[], fromSeq: number): number {
  const wanted = commits.filter(({ firstSeq, count }) => firstSeq + count > fromSeq);
  const [first, last] = [wanted[0], wanted.at(-1)];
  if (first === undefined || last === undefined) return 0;
  const start = first.bytes.byteOffset;
  const text = Buffer.from(first.bytes.buffer, start, last.bytes.byteOffset + last.bytes.byteLength - start).toString("latin1");
  let applied = 0;
  for (const { firstSeq, count, bytes, spans } of wanted) {
    const shift = bytes.byteOffset - start;
    for (let at = Math.max(0, fromSeq - firstSeq); at < count; at++) {
      const [begin, end] = [spans[at * 2] as number, spans[at * 2 + 1] as number];
      if (!putLine(records, text, shift + begin, shift + end))
        applyChange(records, decodeChange(bytes.subarray(begin, end), firstSeq + at));
      applied += 1;
    }
  }
  return applied;
}

/** Puts the line of a change that is plain ASCII, whose bytes are its characters; false for any other change. */
function putLine(records: RecordStore, text: string, begin: number, end: number): boolean {
  if (!text.startsWith(putBegins, begin) || text.charCodeAt(end - 1) !== closingBrace) return false;
  const start = begin + putBegins.length;
  const path = pathOfPlainLine(text, start, end - 1);
  if (path === null) return false;
  records.set(path, text.slice(start, end - 1));
  return true;
}

const closingBrace = 0x7d;
