import type { Digest } from "@gov/schema/canonical";
import { isManifestError } from "../errors.ts";
import { type BackupReport, backUpStore, type RepairReport, repairStore, type StoreSite } from "../storage/repair-store.ts";
import { decodeSnapshot } from "./snapshot.ts";
import { listSnapshots, readRecord } from "./snapshot-record.ts";

/** What {@link backUpSnapshots} did. */
export interface SnapshotBackupReport extends BackupReport {
  /** Number of records of snapshots that were copied. */
  readonly snapshots: number;
}

/** What {@link repairSnapshots} did. */
export interface SnapshotRepairReport extends RepairReport {
  /** Names of the records of snapshots that were brought back, sorted. */
  readonly snapshots: readonly string[];
}

/**
 * Copies a store to a backup as `backUpStore` does, and then the records of its snapshots: a record is in the backup only once its objects are (MAN-14).
 *
 * @throws what `backUpStore` throws.
 */
export async function backUpSnapshots(source: StoreSite, backup: StoreSite): Promise<SnapshotBackupReport> {
  const report = await backUpStore(source, backup);
  let snapshots = 0;
  for (const name of await source.backend.list("snapshots/")) {
    const bytes = await source.backend.read(name);
    if (bytes === null || readRecord(bytes) === null) continue;
    if (await backup.backend.create(name, bytes)) snapshots++;
  }
  return { ...report, snapshots };
}

/**
 * Brings back from a backup what snapshots need: their records where one is missing or cannot be read, their lists, every object that a list names, and whatever else
 * `repairStore` brings back. Nothing that is whole is touched; what is brought back is trusted by its signatures when it is restored, not because it was in a backup. A snapshot
 * that was removed because its time was over comes back too, until its removal is due again.
 *
 * @throws what `repairStore` throws.
 */
export async function repairSnapshots(site: StoreSite, backup: StoreSite): Promise<SnapshotRepairReport> {
  const snapshots: string[] = [];
  for (const name of await backup.backend.list("snapshots/")) {
    const [own, kept] = [await site.backend.read(name), await backup.backend.read(name)];
    if (kept === null || readRecord(kept) === null || (own !== null && readRecord(own) !== null)) continue;
    await site.backend.replace(name, kept);
    snapshots.push(name);
  }
  const lists = (await listSnapshots(site.backend)).map(({ snapshot }) => snapshot);
  const first = await repairStore(site, backup, { expected: lists });
  const objects = (await Promise.all(lists.map((list) => objectsOf(list, site)))).flat();
  const all = await repairStore(site, backup, { expected: [...lists, ...objects] });
  return {
    ...all,
    ledgerEntries: first.ledgerEntries,
    repaired: [...first.repaired, ...all.repaired].sort(),
    snapshots,
  };
}

/** Objects that a list names; none while the list itself is lost. */
async function objectsOf(list: Digest, { store }: StoreSite): Promise<readonly Digest[]> {
  try {
    const bytes = await store.get(list);
    const snapshot = bytes === null ? null : decodeSnapshot(bytes);
    return snapshot === null ? [] : snapshot.artifacts.map(({ digest }) => digest);
  } catch (error) {
    if (isManifestError(error) && error.code === "MANIFEST_OBJECT_CORRUPT") return [];
    throw error;
  }
}
