import type { FileSystem } from "@gov/atomic-io";
import { isJsonObject } from "@gov/schema";
import { type Digest, isDigest } from "@gov/schema/canonical";
import { readText } from "./read-text.ts";

/** States that an index file with this digest holds every change up to this journal record. */
export interface Checkpoint {
  readonly digest: Digest;
  readonly seq: number;
}

const format = "gov.index_position";

/**
 * The text of the position file. It names the checkpoint before as well as the one about to be written, so that a crash between the two files leaves a pair
 * that fits, whichever of them it reached.
 */
export function renderPosition(checkpoints: readonly Checkpoint[]): string {
  return `${JSON.stringify({ format, version: 1, checkpoints: checkpoints.map(({ digest, seq }) => ({ digest, seq })) })}\n`;
}

/** Reads the checkpoints that the position file names: null when it is missing, none when it is damaged, which makes the index stale. */
export async function readPosition(fs: FileSystem, path: string): Promise<readonly Checkpoint[] | null> {
  let value: unknown;
  try {
    const text = await readText(fs, path);
    if (text === null) return null;
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return [];
    throw error;
  }
  if (!isJsonObject(value) || value["format"] !== format || value["version"] !== 1 || !Array.isArray(value["checkpoints"])) return [];
  return (value["checkpoints"] as readonly unknown[]).flatMap((entry) =>
    isJsonObject(entry) && isDigest(entry["digest"]) && typeof entry["seq"] === "number"
      ? [{ digest: entry["digest"], seq: entry["seq"] }]
      : [],
  );
}
