import { type FileSystem, type RandomBytes, replaceFile } from "@gov/atomic-io";
import type { JournalView } from "@gov/atomic-io/journal";
import { isIndexError } from "../errors.ts";
import type { IndexRecord } from "../index-record.ts";
import { corrupt, emptyIndexDigest, indexDigest, type ParsedIndex, parseIndex, renderIndex } from "../index-text.ts";
import type { IndexPlaces } from "./layout.ts";
import { type Checkpoint, readPosition, renderPosition } from "./position.ts";
import { readText } from "./read-text.ts";

/** An index file, or an empty index where none stands. */
interface IndexFile extends ParsedIndex {
  readonly exists: boolean;
}

/** Reads the index file; a missing one is an empty index. */
async function readIndexFile(fs: FileSystem, places: IndexPlaces): Promise<IndexFile> {
  let text: string | null;
  try {
    text = await readText(fs, places.index);
  } catch (error) {
    if (error instanceof TypeError) throw corrupt("it is not UTF-8", error);
    throw error;
  }
  return text === null ? { records: [], digest: emptyIndexDigest, exists: false } : { ...parseIndex(text), exists: true };
}

/** Why an index file cannot be continued from the journal: damaged, or not the one the journal belongs to. */
export interface StaleIndex {
  readonly stale: string;
  readonly cause: unknown;
}

/** An index file with the journal position it stands at. */
export interface FittingIndex {
  readonly records: readonly IndexRecord[];
  readonly checkpoint: Checkpoint;
  readonly onDisk: boolean;
}

/** Reads the index file and finds the journal record after which it was written. */
export async function matchIndexFile(
  fs: FileSystem,
  places: IndexPlaces,
  journal: Pick<JournalView, "firstSeq" | "lastSeq">,
): Promise<FittingIndex | StaleIndex> {
  let file: IndexFile;
  try {
    file = await readIndexFile(fs, places);
  } catch (error) {
    if (isIndexError(error) && error.code === "INDEX_CORRUPT") return { stale: error.message, cause: error };
    throw error;
  }
  const known = await readPosition(fs, places.position);
  // Nobody has written here yet: a fresh clone, with the index file that was committed.
  if (known === null && journal.lastSeq === 0)
    return { records: file.records, checkpoint: { digest: file.digest, seq: 0 }, onDisk: file.exists };
  const seq = (known ?? [])
    .filter(
      (checkpoint) => checkpoint.digest === file.digest && checkpoint.seq >= journal.firstSeq - 1 && checkpoint.seq <= journal.lastSeq,
    )
    .reduce((highest, checkpoint) => Math.max(highest, checkpoint.seq), -1);
  if (seq < 0) return { stale: "the index file is not the one that the journal continues", cause: undefined };
  return { records: file.records, checkpoint: { digest: file.digest, seq }, onDisk: file.exists };
}

/** Writes the index file; before it the position file, so that a crash between the two leaves a pair that fits. */
export async function writeCheckpoint(
  to: { readonly fs: FileSystem; readonly random: RandomBytes | undefined; readonly places: IndexPlaces },
  state: { readonly records: readonly IndexRecord[]; readonly seq: number; readonly before: Checkpoint | null },
): Promise<Checkpoint> {
  const { fs, random, places } = to;
  const { records, seq, before } = state;
  const checkpoint = { digest: indexDigest(records), seq };
  await replaceFile(places.position, renderPosition(before === null ? [checkpoint] : [before, checkpoint]), { fs, random });
  await replaceFile(places.index, renderIndex(records), { fs, random });
  return checkpoint;
}
