import type { FileSystem } from "@gov/atomic-io";

/** A way to replace a file that looks right and is not; the harness has to convict each before it may acquit `replaceFile`. */
export type ReplaceMutant = (fs: FileSystem, path: string, data: string) => Promise<void>;

/** Writes once, believes that all was taken, and goes on. */
async function writeOnce(fs: FileSystem, temporary: string, how: { readonly data: string; readonly sync: boolean }): Promise<void> {
  const handle = await fs.open(temporary, "create");
  await handle.write(Buffer.from(how.data), 0);
  if (how.sync) await handle.sync();
  await handle.close();
}

async function syncNames(fs: FileSystem): Promise<void> {
  const directory = await fs.open("/", "directory");
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
