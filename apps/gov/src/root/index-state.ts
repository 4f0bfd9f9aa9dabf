import { isIndexError, readIndex, renderIndex, toIndexRecord } from "@gov/index-writer";
import type { Context } from "../context.ts";
import type { Governed } from "./load-governed.ts";

/** How the index of a root stands to its documents. */
type IndexState = "absent" | "up to date" | "out of date" | "damaged";

/** Compares the index with what it would be if it were made now. */
export async function indexState(context: Context, { root, documents }: Governed): Promise<IndexState> {
  let records;
  try {
    ({ records } = await readIndex(root.directory, { fs: context.fs }));
  } catch (error) {
    if (isIndexError(error) && (error.code === "INDEX_CORRUPT" || error.code === "INDEX_STALE")) return "damaged";
    throw error;
  }
  if (records.length === 0 && documents.artifacts.length > 0) return "absent";
  return renderIndex(records) === renderIndex(documents.artifacts.map(toIndexRecord)) ? "up to date" : "out of date";
}
