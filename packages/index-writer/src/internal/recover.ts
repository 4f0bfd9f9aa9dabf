import { dirname, join } from "node:path";
import { type FileSystem, isAtomicIoError, type RandomBytes, replaceFile, syncDirectory } from "@gov/atomic-io";
import { type Journal, openJournal } from "@gov/atomic-io/journal";
import type { Lock } from "@gov/atomic-io/lock";
import type { IndexRecovery, RecoveryStep } from "../artifact-index.ts";
import { IndexError } from "../errors.ts";
import { checkRecord, type IndexRecord } from "../index-record.ts";
import type { Breathe } from "../scan/scan-file-system.ts";
import { type StaleIndex, writeCheckpoint } from "./checkpoint.ts";
import { onDisk } from "./disk-failure.ts";
import type { IndexPlaces } from "./layout.ts";
import { RecordStore } from "./record-store.ts";
import { beginReplay, type Replayed } from "./replay.ts";
import { type Checkpoint, readPosition, renderPosition } from "./position.ts";

/** What the recovery works with. */
export interface RecoveryInput {
  readonly fs: FileSystem;
  readonly random: RandomBytes | undefined;
  readonly breathe: Breathe;
  readonly places: IndexPlaces;
  readonly lock: Lock;
  /** Gives the records that follow from the artifacts; without it a damaged index is an error. */
  readonly rebuild: (() => Promise<readonly IndexRecord[]>) | undefined;
  /** Rebuild whatever the files say. */
  readonly force: boolean;
}

/** An index brought back to what was acknowledged. */
export interface Recovered {
  readonly journal: Journal;
  readonly records: RecordStore;
  readonly checkpoint: Checkpoint;
  readonly onDisk: boolean;
  readonly recovery: IndexRecovery;
}

/** Runs the playbook (IDX-02): each step may be cut short and done again, since it only sets states that follow from what is on disk. */
export async function recover(input: RecoveryInput): Promise<Recovered> {
  const { journal, end } = await openOrSetAside(input);
  try {
    const found = await settledBase(input, await end());
    const state = "stale" in found || input.force ? await rebuild(input, { journal, found }) : found;
    const crashed = input.lock.stale !== null || journal.recovered.tornBytes > 0;
    const settled = crashed && !state.rebuilt && state.replayed > 0 ? await settle(input, journal, state) : state;
    const recovery = {
      steps: stepsOf({ input, journal, found, rebuilt: state.rebuilt, rotated: settled !== state || state.rebuilt }),
      replayed: state.replayed,
      tornBytes: journal.recovered.tornBytes,
      rebuilt: state.rebuilt,
    };
    const { records, checkpoint, onDisk } = settled;
    return { journal, records, checkpoint, onDisk, recovery };
  } catch (error) {
    await journal.close();
    throw error;
  }
}

/** Records with the checkpoint below them. */
interface State {
  readonly records: RecordStore;
  readonly checkpoint: Checkpoint;
  readonly onDisk: boolean;
  readonly replayed: number;
  readonly rebuilt: boolean;
}

interface OpenedJournal {
  readonly journal: Journal;
  /** What the journal and the index file come to. */
  readonly end: () => Promise<Replayed | StaleIndex>;
}

async function openOrSetAside(input: RecoveryInput): Promise<OpenedJournal> {
  const { fs, random, places } = input;
  try {
    const replay = beginReplay(fs, places);
    const journal = await openJournal(places.journal, { fs, random, onCommit: replay.onCommit });
    return { journal, end: () => replay.end(journal) };
  } catch (error) {
    if (!isAtomicIoError(error) || error.code !== "ATOMIC_IO_JOURNAL_CORRUPT") throw error;
    const damage = { stale: "its journal is damaged", cause: error };
    if (input.rebuild === undefined) throw staleError(input.places, damage);
    // No position fits any more, so that a crash from here on is noticed, and not taken for an index that nobody has written to.
    await replaceFile(places.position, renderPosition([]), { fs, random });
    await onDisk(places.journal, "setting it aside", async () => {
      await fs.rename(places.journal, join(places.directory, `damaged-${await firstFree(fs, places.directory)}`));
      await syncDirectory(dirname(places.journal), { fs });
    });
    return { journal: await openJournal(places.journal, { fs, random }), end: async () => damage };
  }
}

async function firstFree(fs: FileSystem, directory: string): Promise<number> {
  const names = new Set(await fs.readdir(directory));
  let number = 1;
  while (names.has(`damaged-${number}`)) number += 1;
  return number;
}

async function settledBase(input: RecoveryInput, found: Replayed | StaleIndex): Promise<State | StaleIndex> {
  if ("stale" in found) return found;
  const { fs, random, places } = input;
  // The writer before may have died between renaming the index file and syncing its name; what is built upon must be durable.
  await onDisk(dirname(places.index), "fsync", () => syncDirectory(dirname(places.index), { fs }));
  if ((await readPosition(fs, places.position)) === null) {
    await replaceFile(places.position, renderPosition([found.checkpoint]), { fs, random });
  }
  return { ...found, rebuilt: false };
}

async function rebuild(input: RecoveryInput, from: { readonly journal: Journal; readonly found: State | StaleIndex }): Promise<State> {
  const { journal, found } = from;
  if (input.rebuild === undefined)
    throw staleError(input.places, "stale" in found ? found : { stale: "a rebuild was asked for", cause: undefined });
  const records = RecordStore.of((await input.rebuild()).map((record) => checkRecord(record)));
  const seq = journal.lastSeq;
  const checkpoint = await writeCheckpoint(input, { records, seq, before: null });
  await journal.rotate(seq + 1);
  return { records, checkpoint, onDisk: true, replayed: 0, rebuilt: true };
}

async function settle(input: RecoveryInput, journal: Journal, state: State): Promise<State> {
  const seq = journal.lastSeq;
  const checkpoint = await writeCheckpoint(input, { records: state.records, seq, before: state.checkpoint });
  await journal.rotate(seq + 1);
  return { ...state, checkpoint, onDisk: true };
}

function stepsOf(facts: {
  readonly input: RecoveryInput;
  readonly journal: Journal;
  readonly found: State | StaleIndex;
  readonly rebuilt: boolean;
  readonly rotated: boolean;
}): readonly RecoveryStep[] {
  const { input, journal, found, rebuilt, rotated } = facts;
  const { stale } = input.lock;
  const replayed = "stale" in found ? 0 : found.replayed;
  const { tornBytes } = journal.recovered;
  const step = (name: RecoveryStep["step"], done: boolean, detail: string): RecoveryStep => ({
    step: name,
    outcome: done ? "done" : "not_needed",
    detail,
  });
  return [
    step(
      "detect_stale_lock",
      stale !== null,
      stale === null
        ? "the writer before let go of its lock"
        : `process ${stale.pid} on ${stale.host} died as the writer; its lock was taken over`,
    ),
    step(
      "replay_journal",
      replayed > 0 || tornBytes > 0,
      `${replayed} changes were replayed, ${tornBytes} bytes of an unacknowledged one cut off`,
    ),
    step("verify_checksums", true, "stale" in found ? found.stale : "the journal is whole and continues the index file"),
    step("rebuild", rebuilt, rebuilt ? "the index was rebuilt from the artifacts" : "nothing had to be rebuilt"),
    step("rotate_journal", rotated, rotated ? "a checkpoint was written and the journal rotated" : "the journal goes on as it is"),
    step("resume", true, `the index takes changes from ${journal.lastSeq + 1} on`),
  ];
}

function staleError(places: IndexPlaces, index: StaleIndex): IndexError {
  const damaged = index.cause !== undefined;
  return new IndexError(damaged ? "INDEX_CORRUPT" : "INDEX_STALE", `Cannot open the index "${places.index}": ${index.stale}`, {
    cause: index.cause,
    details: { path: places.index },
    hint: "rebuild the index from the artifacts",
  });
}
