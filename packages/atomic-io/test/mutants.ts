import { dirname } from "node:path";
import type { FileHandle, FileSystem } from "@gov/atomic-io";

/** A way to replace a file that looks right and is not; the harness has to convict each before it may acquit `replaceFile`. */
export type ReplaceMutant = (fs: FileSystem, path: string, data: string) => Promise<void>;

/** Writes once, believes that all was taken, and goes on. */
async function writeOnce(fs: FileSystem, temporary: string, how: { readonly data: string; readonly sync: boolean }): Promise<void> {
  const handle = await fs.open(temporary, "create");
  await handle.write(Buffer.from(how.data), 0);
  if (how.sync) await handle.sync();
  await handle.close();
}

async function syncNames(fs: FileSystem, path = "/"): Promise<void> {
  const directory = await fs.open(path, "directory");
  await directory.sync();
  await directory.close();
}

/** What steno does: nothing is synced. */
export const writeThenRename: ReplaceMutant = async (fs, path, data) => {
  await writeOnce(fs, "/temporary", { data, sync: false });
  await fs.rename("/temporary", path);
};

/** What write-file-atomic and atomically do: the file is synced, its name is not. */
export const writeSyncRename: ReplaceMutant = async (fs, path, data) => {
  await writeOnce(fs, "/temporary", { data, sync: true });
  await fs.rename("/temporary", path);
};

/** The file is never synced, its name is: the name can become durable before the content. */
export const writeRenameSyncNames: ReplaceMutant = async (fs, path, data) => {
  await writeOnce(fs, "/temporary", { data, sync: false });
  await fs.rename("/temporary", path);
  await syncNames(fs);
};

/** The right order, but a short write goes unnoticed. */
export const ignoreShortWrites: ReplaceMutant = async (fs, path, data) => {
  await writeOnce(fs, "/temporary", { data, sync: true });
  await fs.rename("/temporary", path);
  await syncNames(fs);
};

/** Keeps the file open from one replace to the next, as `replaceFile` does, and then writes into it: its name stands already, so nothing else seems to be needed. */
export function writeIntoKept(): ReplaceMutant {
  const kept = new Map<string, FileHandle>();
  return async (fs, path, data) => {
    const open = kept.get(path);
    if (open !== undefined) {
      await open.truncate(0);
      await open.write(Buffer.from(data), 0);
      await open.sync();
      return;
    }
    const handle = await publish(fs, path, data);
    await syncNames(fs, dirname(path));
    kept.set(path, handle);
  };
}

/** Keeps the file open, and syncs its directory for the first replace only: the name is known to be durable since. */
export function trustKeptName(): ReplaceMutant {
  const kept = new Map<string, FileHandle>();
  return async (fs, path, data) => {
    const handle = await publish(fs, path, data);
    const before = kept.get(path);
    kept.set(path, handle);
    await before?.close();
    if (before === undefined) await syncNames(fs, dirname(path));
  };
}

async function publish(fs: FileSystem, path: string, data: string): Promise<FileHandle> {
  const temporary = `${path}.temporary`;
  const handle = await fs.open(temporary, "create");
  await handle.write(Buffer.from(data), 0);
  await handle.sync();
  await fs.rename(temporary, path);
  return handle;
}
