import { type FileSystem, isAtomicIoError, nodeFileSystem } from "@gov/atomic-io";
import { readJournal } from "@gov/atomic-io/journal";
import type { Digest } from "@gov/schema/canonical";
import { IndexError } from "./errors.ts";
import type { IndexRecord } from "./index-record.ts";
import { corrupt, indexDigest } from "./index-text.ts";
import type { StaleIndex } from "./internal/checkpoint.ts";
import { type IndexPlaces, placesOf } from "./internal/layout.ts";
import { beginReplay } from "./internal/replay.ts";

/** Options of {@link readIndex}. */
export interface ReadIndexOptions {
  /** @default nodeFileSystem */
  readonly fs?: FileSystem | undefined;
}

/** An index as it stood at one moment. */
export interface IndexSnapshot {
  /** Sorted by path. */
  readonly records: readonly IndexRecord[];
  /** Digest the index file will have once these records are in it. */
  readonly digest: Digest;
  /** Changes that stood in the journal and not yet in the index file. */
  readonly replayed: number;
}

// A writer moves from one fitting pair of files to the next in milliseconds; whoever meets it five times between them meets damage.
const attempts = 5;

/**
 * Reads the index: the index file, and what the journal holds beyond it. Takes no lock, repairs and writes nothing, works beside a writer, and where nothing was
 * ever written finds an empty index.
 *
 * @throws {@link IndexError} `INDEX_CORRUPT`, `INDEX_VERSION`; `INDEX_STALE` when the index file is not the one that the journal continues.
 */
export async function readIndex(root: string, options: ReadIndexOptions = {}): Promise<IndexSnapshot> {
  const { fs = nodeFileSystem } = options;
  const places = placesOf(root);
  let last: StaleIndex | undefined;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const outcome = await tryRead(fs, places);
    if (!("stale" in outcome)) return outcome;
    last = outcome;
  }
  if (last?.cause instanceof Error) throw last.cause;
  throw new IndexError("INDEX_STALE", `Cannot read the index "${places.index}": ${last?.stale ?? "it keeps changing"}`, {
    details: { path: places.index },
    hint: "rebuild the index from the artifacts",
  });
}

async function tryRead(fs: FileSystem, places: IndexPlaces): Promise<IndexSnapshot | StaleIndex> {
  try {
    const replay = beginReplay(fs, places);
    const found = await replay.end(await readJournal(places.journal, { fs, onCommit: replay.onCommit }));
    if ("stale" in found) return found;
    const { checkpoint, replayed } = found;
    const sorted = found.records.records();
    return { records: sorted, digest: replayed === 0 ? checkpoint.digest : indexDigest(sorted), replayed };
  } catch (error) {
    // A segment that a checkpoint dropped while it was read.
    if (isAtomicIoError(error) && error.code === "ATOMIC_IO_READ_FAILED" && error.details["errno"] === "ENOENT") {
      return { stale: "its journal keeps being rotated", cause: undefined };
    }
    if (isAtomicIoError(error) && error.code === "ATOMIC_IO_JOURNAL_CORRUPT") throw corrupt("its journal is damaged", error);
    throw error;
  }
}
