import { dirname, join } from "node:path";
import { ensureDirectory } from "@gov/atomic-io";
import type { Context, HistoryCache } from "../context.ts";

const cachePath = "cache/commit-times-v1";

/** Seconds since the epoch of the last commit of each path below a directory; a root that has a `.gov/` remembers them there. */
export async function commitTimes(context: Context, directory: string): Promise<ReadonlyMap<string, number>> {
  return context.git.commitTimes(directory, await cacheIn(context, directory));
}

async function cacheIn({ fs, cacheFs }: Context, directory: string): Promise<HistoryCache | null> {
  const storage = join(directory, ".gov");
  const path = join(storage, cachePath);
  try {
    if ((await fs.lstat(storage)).kind !== "directory") return null;
    await ensureDirectory(dirname(path), { fs: cacheFs });
    return { path, fs: cacheFs };
  } catch {
    // Then the history is read each time.
    return null;
  }
}
