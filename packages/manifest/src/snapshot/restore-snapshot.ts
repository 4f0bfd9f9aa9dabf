import { dirname, join } from "node:path";
import {
  createFileOnce,
  ensureDirectory,
  type FileSystem,
  isAtomicIoError,
  nodeFileSystem,
  replaceFile,
  syncDirectory,
} from "@gov/atomic-io";
import { canonicalJson, type Digest, digestBytes } from "@gov/schema/canonical";
import type { Clock } from "../clock.ts";
import { ManifestError } from "../errors.ts";
import { readWhole } from "../internal/read-whole.ts";
import type { SealedArtifact } from "../model.ts";
import type { ObjectStore } from "../storage/object-store.ts";
import { foldersAbove, makeFolder, settleFolders } from "./internal/restore-folders.ts";
import { assertRestorable } from "./internal/restore-place.ts";
import { sideBySide } from "./internal/side-by-side.ts";

/** Options of {@link restoreSnapshot}. */
export interface RestoreSnapshotOptions {
  readonly store: ObjectStore;
  readonly clock: Clock;
  /** Paths that are governed now and not in the snapshot; they are removed. @default [] */
  readonly remove?: readonly string[] | undefined;
  /** @default nodeFileSystem */
  readonly fs?: FileSystem | undefined;
}

/** What can be restored: a verified snapshot, or the artifacts of a verified manifest under the digest of its file. */
export interface RestorableState {
  readonly snapshot: { readonly artifacts: readonly SealedArtifact[] };
  readonly digest: Digest;
}

/** What {@link restoreSnapshot} did. */
export interface RestoreReport {
  /** Digest of the snapshot that now stands. */
  readonly snapshot: Digest;
  /** Paths whose bytes were replaced, sorted; the others matched already. */
  readonly written: readonly string[];
  /** Paths that were removed, sorted. */
  readonly removed: readonly string[];
  /** Time it took, re-verification included (PRO-06). */
  readonly recoveryTimeMs: number;
}

/** Name of the file below the root that stands there while a restore is under way. */
export const restoreMarkerName = ".gov/restoring.json";

/**
 * Restores a verified snapshot below a root, so that the old state stands, or the new one, or a marker that says which is being restored (PRO-03): first every object is
 * read and checked and every place looked at, then the marker is written, then files whose bytes differ are replaced, then all are read again, and only then the marker
 * goes. After a crash, restoring the same snapshot again finishes it; nothing else is restored over it. Durable once the promise resolves.
 *
 * Never writes outside the root: paths were checked with the snapshot, and a symbolic link anywhere on the way refuses the whole restore.
 *
 * @throws {@link ManifestError} `MANIFEST_RESTORE_UNSAFE` for such a place, with nothing written; `MANIFEST_RESTORE_PENDING` while another snapshot is being restored;
 * `MANIFEST_RESTORE_FAILED` when what was written does not read back, with the marker left standing.
 */
export async function restoreSnapshot(
  root: string,
  { snapshot, digest }: RestorableState,
  options: RestoreSnapshotOptions,
): Promise<RestoreReport> {
  const { store, clock, remove = [], fs = nodeFileSystem } = options;
  const started = clock.monotonicMs();
  const kept = new Set(snapshot.artifacts.map(({ path }) => path));
  const gone = [...new Set(remove)].filter((path) => !kept.has(path)).sort();
  const standing = await assertRestorable([...kept, ...gone], { root, fs });
  const pending = await readRestoreMarker(root, { fs });
  if (pending !== null && pending !== digest) throw pendingError(pending);
  const found = await findDiffering(snapshot.artifacts, { root, fs, store, standing });
  const { differing } = found;
  if (pending === null && (differing.length > 0 || gone.some((path) => standing.has(path)))) await writeMarker(root, digest, fs);
  await placeAll(found, { root, fs, store });
  const removed = await removeAll(gone, { root, fs });
  // What an earlier attempt has written may stand in memory only, so then every file is synced, whoever wrote it.
  const unsynced = pending === null ? differing : snapshot.artifacts;
  await sideBySide(unsynced, ({ path }) => syncFile(join(root, path), fs));
  await sideBySide(snapshot.artifacts, async ({ path, digest: wanted }) => {
    const bytes = await readWhole(join(root, path), fs);
    if (bytes === null || digestBytes(bytes) !== wanted) throw failed(path, "it does not match after it was written");
  });
  await settleFolders([...kept, ...gone], { root, fs });
  if ((await readRestoreMarker(root, { fs })) !== null) await removeAll([restoreMarkerName], { root, fs });
  return { snapshot: digest, written: differing.map(({ path }) => path), removed, recoveryTimeMs: clock.monotonicMs() - started };
}

/**
 * Returns the digest of the snapshot whose restore is under way or was cut short, or null. Whoever promotes, seals or reads must refuse while there is one.
 *
 * @throws {@link ManifestError} `MANIFEST_RESTORE_PENDING` when there is a marker nobody can read: then nothing is known of the state below the root.
 */
export async function readRestoreMarker(root: string, options: { readonly fs?: FileSystem | undefined } = {}): Promise<Digest | null> {
  const { fs = nodeFileSystem } = options;
  const bytes = await readWhole(join(root, restoreMarkerName), fs);
  if (bytes === null) return null;
  const found = /^\{"snapshot":"(sha256:[0-9a-f]{64})","version":1\}\n$/.exec(new TextDecoder().decode(bytes));
  if (found === null) throw pendingError("unknown");
  return found[1] as Digest;
}

interface Place {
  readonly root: string;
  readonly fs: FileSystem;
}

/** Puts every file there, each old or new for every reader. Nothing is synced yet: the marker stands until all of it is. */
async function placeAll({ differing, held }: Differing, { root, fs, store }: Place & { readonly store: ObjectStore }): Promise<void> {
  // Their names are synced with all the others, in settleFolders.
  for (const folder of foldersAbove(differing.map(({ path }) => path)).slice(1)) await makeFolder(join(root, folder), fs);
  await sideBySide(differing, async ({ path, digest }) => {
    const bytes = held.get(digest) ?? (await store.get(digest));
    if (bytes === null) throw failed(path, "its object is gone");
    await replaceFile(join(root, path), bytes, { fs, durability: "none" });
  });
}

async function syncFile(path: string, fs: FileSystem): Promise<void> {
  // A file that nobody may write to is synced through a reader, where the system lets one.
  const handle = await fs.open(path, "read-write").catch((error: unknown) => {
    if ((error as { code?: unknown }).code === "EACCES") return fs.open(path, "read");
    throw error;
  });
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** What has to be written, and objects that were read already. */
interface Differing {
  readonly differing: readonly SealedArtifact[];
  readonly held: ReadonlyMap<Digest, Uint8Array>;
}

/** Of the objects that were read, so many bytes are kept to be written; the others are read again. */
const maxHeldBytes = 64 * 1024 * 1024;

/** Reads every object before anything is touched. */
async function findDiffering(
  artifacts: readonly SealedArtifact[],
  { root, fs, store, standing }: Place & { readonly store: ObjectStore; readonly standing: ReadonlySet<string> },
): Promise<Differing> {
  const differing = new Set<SealedArtifact>();
  const held = new Map<Digest, Uint8Array>();
  let heldBytes = 0;
  await sideBySide(artifacts, async (artifact) => {
    const { path, digest } = artifact;
    const there = standing.has(path) ? await readWhole(join(root, path), fs) : null;
    if (there !== null && digestBytes(there) === digest) return;
    const bytes = await store.get(digest);
    if (bytes === null) throw failed(path, "its object is missing, and nothing was written");
    differing.add(artifact);
    if (heldBytes + bytes.length > maxHeldBytes) return;
    heldBytes += bytes.length;
    held.set(digest, bytes);
  });
  return { differing: artifacts.filter((artifact) => differing.has(artifact)), held };
}

async function writeMarker(root: string, digest: Digest, fs: FileSystem): Promise<void> {
  const path = join(root, restoreMarkerName);
  await ensureDirectory(dirname(path), { fs });
  try {
    await createFileOnce(path, `${canonicalJson({ version: 1, snapshot: digest })}\n`, { fs });
  } catch (error) {
    if (isAtomicIoError(error) && error.code === "ATOMIC_IO_TARGET_EXISTS") throw pendingError("another");
    throw error;
  }
}

async function removeAll(paths: readonly string[], { root, fs }: Place): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const path of paths) {
    const target = join(root, path);
    if ((await readWhole(target, fs)) === null) continue;
    await fs.unlink(target);
    await syncDirectory(dirname(target), { fs });
    removed.push(path);
  }
  return removed;
}

function pendingError(snapshot: string): ManifestError {
  return new ManifestError("MANIFEST_RESTORE_PENDING", `Cannot go on: a restore of snapshot "${snapshot}" is under way or was cut short`, {
    details: { snapshot },
    hint: "Restore that snapshot again; it goes on where it stopped",
  });
}

function failed(path: string, reason: string): ManifestError {
  return new ManifestError("MANIFEST_RESTORE_FAILED", `Cannot restore "${path}": ${reason}`, {
    details: { path },
    hint: "Repair the store or the disk, then restore the same snapshot again",
  });
}
