import type { Context } from "../context.ts";
import { cachePlace } from "./cache-place.ts";
import { storageFolder } from "./storage-folder.ts";

const cachePath = "cache/commit-times-v1";

/** Seconds since the epoch of the last commit of each path below a directory; a root that has a folder for its state remembers them there. */
export async function commitTimes(context: Context, directory: string): Promise<ReadonlyMap<string, number>> {
  const path = await cachePlace(context, storageFolder(context, directory), cachePath);
  return context.git.commitTimes(directory, path === null ? null : { path, fs: context.cacheFs });
}
