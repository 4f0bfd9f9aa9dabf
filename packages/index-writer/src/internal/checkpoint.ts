import { createHash } from "node:crypto";
import { type FileSystem, freeAside, type RandomBytes, replaceFile, replaceFileFromStream } from "@gov/atomic-io";
import type { JournalView } from "@gov/atomic-io/journal";
import { isIndexError } from "../errors.ts";
import type { Digest } from "@gov/schema/canonical";
import { indexHead } from "../index-text.ts";
import type { Breathe } from "../scan/scan-file-system.ts";
import type { IndexPlaces } from "./layout.ts";
import { type Checkpoint, readPosition, renderPosition } from "./position.ts";
import { type IndexFile, readIndexFile } from "./read-index-file.ts";
import type { FrozenRecords, RecordStore } from "./record-store.ts";

/** Why an index file cannot be continued from the journal: damaged, or not the one the journal belongs to. */
export interface StaleIndex {
  readonly stale: string;
  readonly cause: unknown;
}

/** An index file that something else has put there. */
export const notContinued: StaleIndex = { stale: "the index file is not the one that the journal continues", cause: undefined };

/** An index file with the journal position it stands at. */
export interface FittingIndex {
  readonly records: RecordStore;
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
    file = await readIndexFile(fs, places.index);
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
  if (seq < 0) return notContinued;
  return { records: file.records, checkpoint: { digest: file.digest, seq }, onDisk: file.exists };
}

/**
 * Writes the index file; before it the position file, so that a crash between the two leaves a pair that fits. The records are held as they are when it is called,
 * hashed and written some at a time: other work goes on, and so do changes.
 */
export async function writeCheckpoint(
  to: { readonly fs: FileSystem; readonly random: RandomBytes | undefined; readonly places: IndexPlaces; readonly breathe: Breathe },
  state: { readonly records: RecordStore; readonly seq: number; readonly before: Checkpoint | null },
): Promise<Checkpoint & { readonly count: number }> {
  const { fs, random, places, breathe } = to;
  const { records, seq, before } = state;
  const frozen = records.freeze();
  try {
    const held = await frozen.sorted(breathe);
    const checkpoint = { digest: await digestOf(held, breathe), seq };
    await replaceFile(places.position, renderPosition(before === null ? [checkpoint] : [before, checkpoint]), { fs, random });
    const write = (): Promise<unknown> => replaceFileFromStream(places.index, textOf(held, checkpoint.digest, breathe), { fs, random });
    await (held.count < manyRecords ? write() : freeAside(places.index, write, { fs }));
    return { ...checkpoint, count: held.count };
  } finally {
    await records.thaw(breathe);
  }
}

// The file before may have as many: megabytes that would be freed on the calling thread.
const manyRecords = 10_000;

async function digestOf(records: FrozenRecords, breathe: Breathe): Promise<Digest> {
  const hash = createHash("sha256").update("[");
  let separator = "";
  for (const lines of records.slices()) {
    hash.update(separator + lines.join(","));
    separator = ",";
    await breathe();
  }
  return `sha256:${hash.update("]").digest("hex")}`;
}

async function* textOf(records: FrozenRecords, digest: Digest, breathe: Breathe): AsyncGenerator<string, void, undefined> {
  let separator = `${indexHead(records.count, digest)}\n    `;
  for (const lines of records.slices()) {
    yield separator + lines.join(",\n    ");
    separator = ",\n    ";
    // A file system may write so little at once.
    await breathe();
  }
  yield records.count === 0 ? `${indexHead(0, digest)}]\n}\n` : "\n  ]\n}\n";
}
