import { replaceFile } from "./replace-file.ts";
import type { ReplaceFileOptions, ReplaceFileResult } from "./replace-file-options.ts";

/** Options of {@link replaceFileWithJson}. */
export interface ReplaceFileWithJsonOptions extends ReplaceFileOptions {
  /** Spaces per level, 0 for one line. @default 2 */
  readonly indent?: number | undefined;
}

/**
 * Replaces a file with the JSON text of a value and a line feed, as `replaceFile` does. Keys stand in the value's own order; for text to be hashed use a
 * canonical form.
 *
 * @throws TypeError for a value that has no JSON text, such as `undefined`, a function or a circular one: nothing is written.
 * @example Save settings
 * ```ts
 * import assert from "node:assert/strict";
 * import { readFile } from "node:fs/promises";
 * import { replaceFileWithJson } from "@gov/atomic-io";
 *
 * await replaceFileWithJson("settings.json", { theme: "dark" });
 * assert.deepEqual(JSON.parse(await readFile("settings.json", "utf8")), { theme: "dark" });
 * ```
 */
export async function replaceFileWithJson(
  path: string,
  value: unknown,
  options: ReplaceFileWithJsonOptions = {},
): Promise<ReplaceFileResult> {
  const { indent = 2, ...rest } = options;
  if (!Number.isInteger(indent) || indent < 0 || indent > 10)
    throw new RangeError(`Cannot indent JSON by ${String(indent)}: it must be an integer between 0 and 10`);
  const text = JSON.stringify(value, null, indent) as string | undefined;
  if (text === undefined) throw new TypeError(`Cannot write a ${typeof value} as JSON: it has no JSON text`);
  return replaceFile(path, `${text}\n`, rest);
}
