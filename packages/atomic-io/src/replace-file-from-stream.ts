import { streamContentOf } from "./internal/content.ts";
import { heldDirectory } from "./internal/directory.ts";
import { inTurn } from "./internal/path-queue.ts";
import { replaceTarget, settingsOf } from "./internal/replace-target.ts";
import type { ReplaceFileOptions, ReplaceFileResult } from "./replace-file-options.ts";

/** What a stream of content gives: bytes as any view, or text. */
export type ContentSource = AsyncIterable<string | ArrayBufferView> | Iterable<string | ArrayBufferView>;

/**
 * Replaces a file with what a stream, an async generator or any other iterable gives, holding one part of it in memory at a time; otherwise as `replaceFile`
 * does. When the source fails, the promise rejects with the source's own error, the old file is intact and nothing is left behind; when the write fails or is
 * abandoned, the source is closed. The first part is asked for at once, also where the write has to wait for its turn.
 *
 * @throws TypeError when a part is neither text nor a view; {@link AtomicIoError} the codes of `replaceFile`.
 * @example Copy a file durably
 * ```ts
 * import assert from "node:assert/strict";
 * import { createReadStream, readFileSync, writeFileSync } from "node:fs";
 * import { replaceFileFromStream } from "@gov/atomic-io";
 *
 * writeFileSync("from", "a".repeat(200_000));
 * const { bytes } = await replaceFileFromStream("to", createReadStream("from"));
 * assert.equal(bytes, 200_000);
 * assert.equal(readFileSync("to", "utf8"), readFileSync("from", "utf8"));
 * ```
 */
export async function replaceFileFromStream(
  path: string,
  source: ContentSource,
  options: Omit<ReplaceFileOptions, "coalesce"> = {},
): Promise<ReplaceFileResult> {
  const content = streamContentOf(source);
  try {
    const settings = settingsOf(options);
    settings.signal?.throwIfAborted();
    return await inTurn(settings.fs, path, {
      known: heldDirectory,
      signal: settings.signal,
      task: (target) => replaceTarget(settings, { target, content, given: path }),
    });
  } finally {
    await content.close();
  }
}
