import { addDuration, type Duration } from "@gov/schema";
import type { Digest } from "@gov/schema/canonical";
import { isManifestError } from "../errors.ts";
import type { ObjectBackend } from "../storage/object-backend.ts";
import type { ObjectStore } from "../storage/object-store.ts";
import { decodeSnapshot, type Snapshot } from "./snapshot.ts";
import { listSnapshots, snapshotName, type SnapshotRecord } from "./snapshot-record.ts";

/** How long snapshots are kept, as `promotion_rules.mdc` says. */
export interface SnapshotRetention {
  /** So many of the newest are kept, however old; at least 1. */
  readonly keepLast: number;
  readonly keepFor: Duration;
}

/** A snapshot whose time is over. */
export interface ExpiredSnapshot {
  readonly record: SnapshotRecord;
  /** Its objects that no snapshot that stays holds as well. */
  readonly objects: readonly Digest[];
}

/**
 * Lists the snapshots whose time is over: not among the newest, older than the retention, and not taken for a promotion, because what is promoted may be
 * rolled back to for as long as it stands. A snapshot that cannot be read is none of them.
 *
 * @throws RangeError when `keepLast` is no whole number from 1.
 */
export async function planSnapshotRetention(
  { keepLast, keepFor }: SnapshotRetention,
  { store, backend, now }: { readonly store: ObjectStore; readonly backend: ObjectBackend; readonly now: number },
): Promise<readonly ExpiredSnapshot[]> {
  if (!Number.isSafeInteger(keepLast) || keepLast < 1) throw new RangeError(`Cannot keep the last ${keepLast} snapshots: at least 1 stays`);
  const records = await listSnapshots(backend);
  const read = await Promise.all(records.map(async (record) => ({ record, snapshot: await bodyOf(store, record) })));
  const isOver = ({ record, snapshot }: (typeof read)[number], index: number): boolean =>
    index < read.length - keepLast &&
    snapshot !== "unreadable" &&
    snapshot?.trigger !== "promotion" &&
    addDuration(Date.parse(record.takenAt), keepFor) <= now;
  const staying = read.filter((one, index) => !isOver(one, index));
  const held = new Set(staying.flatMap(({ record, snapshot }) => [record.snapshot, ...objectsOf(snapshot)]));
  return read.filter(isOver).map(({ record, snapshot }) => ({
    record,
    objects: [...new Set(objectsOf(snapshot))].filter((digest) => !held.has(digest)).sort(),
  }));
}

/**
 * Removes snapshots whose time is over, and returns how many. Objects go first, the record last, so that whoever is interrupted goes on the next time;
 * an object that is retained for longer stays, and its snapshot with it (MAN-13).
 */
export async function removeExpiredSnapshots(
  expired: readonly ExpiredSnapshot[],
  { store, backend }: { readonly store: ObjectStore; readonly backend: ObjectBackend },
): Promise<number> {
  let removed = 0;
  for (const { record, objects } of expired) {
    const retained: boolean[] = [];
    for (const digest of objects) retained.push(!(await removeUnlessRetained(store, digest)));
    if (retained.includes(true) || !(await removeUnlessRetained(store, record.snapshot))) continue;
    if (await backend.remove(snapshotName(record.sequence))) removed += 1;
  }
  return removed;
}

async function removeUnlessRetained(store: ObjectStore, digest: Digest): Promise<boolean> {
  try {
    await store.remove(digest);
    return true;
  } catch (error) {
    if (isManifestError(error) && error.code === "MANIFEST_OBJECT_RETAINED") return false;
    throw error;
  }
}

/** Null for a list that is gone: its removal was cut short. */
async function bodyOf(store: ObjectStore, { snapshot }: SnapshotRecord): Promise<Snapshot | "unreadable" | null> {
  try {
    const bytes = await store.get(snapshot);
    return bytes === null ? null : (decodeSnapshot(bytes) ?? "unreadable");
  } catch (error) {
    if (isManifestError(error)) return "unreadable";
    throw error;
  }
}

function objectsOf(snapshot: Snapshot | "unreadable" | null): readonly Digest[] {
  return snapshot === null || snapshot === "unreadable" ? [] : snapshot.artifacts.map(({ digest }) => digest);
}
