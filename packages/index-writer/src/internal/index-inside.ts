import { join, relative, sep } from "node:path";
import type { FileSystem } from "@gov/atomic-io";
import { IndexError } from "../errors.ts";
import type { IndexPlaces } from "./layout.ts";
import { leadsOutside } from "./leads-outside.ts";

/** Refuses an index of which a symbolic link would put a part outside the root: whoever committed it chose what is written there. */
export async function mustStandInside(fs: FileSystem, root: string, { index, position, lock, journal }: IndexPlaces): Promise<void> {
  for (const place of [journal, index, position, lock]) await mustStayInside(fs, root, place);
  for (const name of await namesIn(fs, journal)) await mustStayInside(fs, root, join(journal, name));
}

async function mustStayInside(fs: FileSystem, root: string, place: string): Promise<void> {
  const link = await leadsOutside(fs, root, relative(root, place).split(sep).join("/"));
  if (link !== null)
    throw new IndexError("INDEX_CORRUPT", `Cannot open the index under "${root}": the link "${link}" leads out of the root`, {
      details: { path: link },
      hint: "put a folder or file of its own there; nothing was written",
    });
}

async function namesIn(fs: FileSystem, directory: string): Promise<readonly string[]> {
  try {
    return await fs.readdir(directory);
  } catch {
    // Whoever opens the journal says what is wrong with it.
    return [];
  }
}
