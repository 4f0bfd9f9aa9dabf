import type { JournalRecord } from "@gov/atomic-io/journal";
import { applyChange, decodeChange, type IndexChange, putBegins } from "./change.ts";
import { pathOfAsciiLine } from "./record-line.ts";
import type { RecordStore } from "./record-store.ts";

/** Records that become one text, of which their lines are slices: one text is made, and moved by the collector, many times faster than each line of its own. */
const together = 512;

/**
 * Applies the changes that a journal holds, in its order, and returns how many they were.
 *
 * @throws {@link IndexError} `INDEX_CORRUPT` when a record is not a change.
 */
export async function replayChanges(records: RecordStore, journal: AsyncIterable<JournalRecord>): Promise<number> {
  let replayed = 0;
  let waiting: JournalRecord[] = [];
  for await (const record of journal) {
    waiting.push(record);
    replayed += 1;
    if (waiting.length < together) continue;
    applyAll(records, waiting);
    waiting = [];
  }
  applyAll(records, waiting);
  return replayed;
}

function applyAll(records: RecordStore, changes: readonly JournalRecord[]): void {
  for (let from = 0; from < changes.length;) {
    const to = neighboursFrom(changes, from);
    const { buffer, byteOffset: start } = (changes[from] as JournalRecord).data;
    const last = (changes[to - 1] as JournalRecord).data;
    const text = Buffer.from(buffer, start, last.byteOffset + last.byteLength - start).toString("latin1");
    for (; from < to; from++) {
      const { seq, data } = changes[from] as JournalRecord;
      applyChange(records, putIn(text, data.byteOffset - start, data.byteLength) ?? decodeChange(data, seq));
    }
  }
}

/** Where those end that stand one after the other in the same memory, with next to nothing in between. */
function neighboursFrom(changes: readonly JournalRecord[], from: number): number {
  let to = from + 1;
  for (; to < changes.length; to++) {
    const [before, next] = [(changes[to - 1] as JournalRecord).data, (changes[to] as JournalRecord).data];
    const between = next.byteOffset - before.byteOffset - before.byteLength;
    if (next.buffer !== before.buffer || between < 0 || between > 64) break;
  }
  return to;
}

/** The change that a record is if it puts a line of nothing but ASCII, whose bytes are its characters; null for any other. */
function putIn(text: string, at: number, length: number): IndexChange | null {
  const end = at + length - 1;
  if (!text.startsWith(putBegins, at) || text[end] !== "}") return null;
  const line = text.slice(at + putBegins.length, end);
  const path = pathOfAsciiLine(line);
  return path === null ? null : { path, line };
}
