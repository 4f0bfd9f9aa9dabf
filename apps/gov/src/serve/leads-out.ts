import { dirname, resolve } from "node:path";
import type { FileSystem } from "@gov/atomic-io";
import { isInside } from "../root/is-inside.ts";

/** The folder that questions are about, and what follows links in it. */
export interface ServedRoot {
  /** Absolute path. */
  readonly directory: string;
  readonly fs: Pick<FileSystem, "realpath">;
}

/**
 * Whether a word of a question, taken for a path, leads out of the root: by what it says, or by a link that is there. A command may take any of its words for a path, so
 * that all of them are judged, whatever the command makes of them. Standard input is outside too.
 */
export async function leadsOut(word: string, { directory, fs }: ServedRoot): Promise<boolean> {
  if (word === "-" || word.includes("\0")) return true;
  const path = resolve(directory, word);
  if (!isInside(directory, path)) return true;
  return !isInside(await nearestRealPath(directory, fs), await nearestRealPath(path, fs));
}

/** Where a path really is; of one that is not there, where the nearest folder above it is: a question learns nothing of what is missing outside. */
async function nearestRealPath(path: string, fs: ServedRoot["fs"]): Promise<string> {
  for (let at = path; ; at = dirname(at)) {
    try {
      return await fs.realpath(at);
    } catch (error) {
      if (at === dirname(at)) throw error;
    }
  }
}
