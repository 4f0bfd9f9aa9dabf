import { nodeRunLater } from "../node-run-later.ts";
import { syncIsUnsupported } from "../sync-directory.ts";
import type { EitherFileSystem, EitherHandle } from "./either-file-system.ts";
import { type Directory, forget, heldAs, remember } from "./directory.ts";
import { closeAside } from "./kept-files.ts";

/** A writer that has begun and not yet published its name. */
export interface Writing {
  readonly group: Group;
}

/** Writers who wait for one fsync of their directory. */
interface Batch {
  /** Writers that were at work when the batch was opened; the fsync waits for them, so that it serves them as well. */
  readonly awaited: Set<Writing>;
  readonly directory: Directory;
  readonly done: Promise<boolean>;
  readonly start: () => void;
}

/** Everyone who writes in one directory. */
interface Group {
  readonly writing: Set<Writing>;
  batch: Batch | null;
}

const groups = new WeakMap<EitherFileSystem, Map<string, Group>>();

// Long enough for a loop of writes, short enough that an unmount soon succeeds.
const idleMs = 250;

/** Notes that someone writes in a directory, so that whoever syncs it first waits for them; only for writes that take no longer than an fsync. */
export function beginWriting(fs: EitherFileSystem, directory: Directory): Writing {
  const group = groupOf(fs, directory);
  const writing = { group };
  group.writing.add(writing);
  return writing;
}

/** Notes that a writer has published its name or given up; a second call does nothing. */
export function endWriting(fs: EitherFileSystem, directory: Directory, writing: Writing): void {
  const { group } = writing;
  group.writing.delete(writing);
  const { batch } = group;
  if (batch !== null) {
    batch.awaited.delete(writing);
    if (batch.awaited.size === 0) {
      group.batch = null;
      batch.start();
    }
  }
  // That of a directory that is held open stays, since the next write there is likely to come.
  if (directory.held === null) forgetGroup(fs, directory);
}

/**
 * Makes the names in a directory durable with one fsync for everyone who asks before it begins. It waits for the writers at work when the first of them asked,
 * and for no later one, so nobody waits for ever. `own`: the writing of who asks.
 *
 * @returns false where the file system cannot sync a directory.
 */
export function syncShared(fs: EitherFileSystem, directory: Directory, own: Writing | null): Promise<boolean> {
  const group = groupOf(fs, directory);
  if (group.batch !== null) return group.batch.done;
  const { size } = group.writing;
  if (size === 0 && directory.held === null) groups.get(fs)?.delete(directory.identity);
  if (size === 0 || (size === 1 && own?.group === group)) return syncHeld(fs, directory);
  const awaited = new Set(group.writing);
  let start = (): void => undefined;
  const done = new Promise<boolean>((resolve, reject) => {
    start = () => void syncHeld(fs, directory).then(resolve, reject);
  });
  group.batch = { awaited, directory, done, start };
  return done;
}

/** Forgets a group that nobody is in. */
function forgetGroup(fs: EitherFileSystem, { identity }: Directory): void {
  const group = groups.get(fs)?.get(identity);
  if (group?.batch === null && group.writing.size === 0) groups.get(fs)?.delete(identity);
}

function groupOf(fs: EitherFileSystem, { identity }: Directory): Group {
  let byIdentity = groups.get(fs);
  if (byIdentity === undefined) groups.set(fs, (byIdentity = new Map<string, Group>()));
  let group = byIdentity.get(identity);
  if (group === undefined) byIdentity.set(identity, (group = { writing: new Set(), batch: null }));
  return group;
}

function syncHeld(fs: EitherFileSystem, directory: Directory): Promise<boolean> {
  const known = directory.held === null ? heldAs(fs, directory) : directory;
  if (known === null || known.held === null) return hold(fs, directory);
  return sync(fs, known, known.held);
}

/** Opens the directory, syncs it, and keeps it open for the next write where a rename within it is possible. */
async function hold(fs: EitherFileSystem, directory: Directory): Promise<boolean> {
  let handle: EitherHandle;
  try {
    handle = await fs.open(directory.path, "directory");
  } catch (error) {
    if (syncIsUnsupported(error)) return false;
    throw error;
  }
  let keep = false;
  let synced;
  try {
    synced = await sync(fs, directory, handle);
    keep = handle.renameWithin !== undefined && heldAs(fs, directory) === null && (await isStill(handle, directory));
  } finally {
    if (!keep) await handle.close();
  }
  if (!keep) return synced;
  directory.held = handle;
  remember(fs, directory);
  releaseWhenIdle(fs, directory, handle);
  return synced;
}

async function sync(fs: EitherFileSystem, directory: Directory, handle: EitherHandle): Promise<boolean> {
  const { use } = directory;
  use.recent = true;
  use.running += 1;
  try {
    const synced = handle.sync();
    directory.kept.closeRetired();
    await synced;
    return true;
  } catch (error) {
    forget(fs, directory);
    if (syncIsUnsupported(error)) return false;
    throw error;
  } finally {
    use.running -= 1;
  }
}

async function isStill(handle: EitherHandle, directory: Directory): Promise<boolean> {
  const { device, inode } = await handle.stat();
  return `${device}:${inode}` === directory.identity;
}

function releaseWhenIdle(fs: EitherFileSystem, directory: Directory, handle: EitherHandle): void {
  nodeRunLater(idleMs, () => {
    const { use } = directory;
    if (use.running > 0 || use.recent) {
      use.recent = false;
      directory.kept.releaseIdle();
      releaseWhenIdle(fs, directory, handle);
      return;
    }
    forget(fs, directory);
    directory.held = null;
    forgetGroup(fs, directory);
    directory.kept.releaseAll();
    void closeAside(handle);
  });
}
