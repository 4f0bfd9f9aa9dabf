import { dirname, join } from "node:path";
import type { Context } from "../context.ts";
import { isInside } from "./is-inside.ts";

/**
 * Where a cache may be written below the folder that a root keeps its state in; null without that folder, and where a link on the way, or in place of the file, could
 * lead out of it: a repository of somebody else may have one committed.
 */
export async function cachePlace({ fs, cacheFs }: Context, storage: string, name: string): Promise<string | null> {
  const path = join(storage, name);
  try {
    if ((await fs.lstat(storage)).kind !== "directory") return null;
    const { ensureDirectory } = await import("@gov/atomic-io");
    await ensureDirectory(dirname(path), { fs: cacheFs });
    if (!isInside(await fs.realpath(storage), await fs.realpath(dirname(path)))) return null;
    const standing = await fs.lstat(path).catch(() => null);
    return standing === null || standing.kind === "file" ? path : null;
  } catch {
    // A cache that cannot be kept costs time alone.
    return null;
  }
}
