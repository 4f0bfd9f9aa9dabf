import { dirname, join } from "node:path";
import { type FileSystem, syncDirectory } from "@gov/atomic-io";
import { sideBySide } from "./side-by-side.ts";

/**
 * Makes every name durable, those of folders in the ones above them too. What an earlier attempt renamed or removed before it was killed may so far only stand in memory, and
 * must not be lost once the marker is gone.
 */
export async function settleFolders(
  paths: readonly string[],
  { root, fs }: { readonly root: string; readonly fs: FileSystem },
): Promise<void> {
  await sideBySide(foldersAbove(paths), async (folder) => {
    const place = join(root, folder);
    const there = await fs.lstat(place).then(
      () => true,
      () => false,
    );
    if (there) await syncDirectory(place, { fs });
  });
}

/** Every folder that leads to one of the paths, the root (`.`) first, and each after the one it stands in. */
export function foldersAbove(paths: readonly string[]): readonly string[] {
  const folders = new Set<string>();
  const add = (folder: string): void => {
    if (folders.has(folder)) return;
    if (folder !== ".") add(dirname(folder));
    folders.add(folder);
  };
  for (const path of paths) add(dirname(path));
  return [...folders];
}

/** Makes a folder unless it is there; its name is not yet durable. */
export async function makeFolder(path: string, fs: FileSystem): Promise<void> {
  await fs.mkdir(path).catch((error: unknown) => {
    if ((error as { code?: unknown }).code !== "EEXIST") throw error;
  });
}
