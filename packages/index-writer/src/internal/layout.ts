import { join } from "node:path";

/** Where the parts of an index stand under a governed root. */
export interface IndexPlaces {
  /** What everyone can read. */
  readonly index: string;
  readonly directory: string;
  readonly journal: string;
  /** Which journal position the index file stands at. */
  readonly position: string;
  readonly lock: string;
}

/** Name of the index file under a root. */
const indexFileName = "artifacts_index.json";

/** Returns where the parts of an index stand. */
export function placesOf(root: string): IndexPlaces {
  if (typeof root !== "string" || root === "") throw new TypeError("Cannot open an index without a root: a directory is required");
  const directory = join(root, ".gov", "index");
  return {
    index: join(root, indexFileName),
    directory,
    journal: join(directory, "journal"),
    position: join(directory, "position.json"),
    lock: join(directory, "writer.lock"),
  };
}
