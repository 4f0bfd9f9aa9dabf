import { writeCoalesced } from "./internal/coalesce.ts";
import { heldDirectory } from "./internal/directory.ts";
import { inTurn } from "./internal/path-queue.ts";
import { replaceTarget, settingsOf } from "./internal/replace-target.ts";
import { bytesOf } from "./internal/write-fully.ts";
import type { ReplaceFileOptions, ReplaceFileResult } from "./replace-file-options.ts";

/**
 * Replaces the file at `path` so that a reader sees the old bytes or the new bytes, never a mixture (AIO-01).
 * Durable across a power cut once the promise resolves: the whole length has been written and checked, mode and owner set, the file synced, renamed over the
 * target, and the directory synced, in this order (durability model, part 7.1).
 *
 * A symbolic link is followed and stays a link; a dangling one gets its target created. Mode and owner of the existing file are kept; other hard links keep
 * the old content; extended attributes and ACLs are not kept. A target that is not a regular file is refused. The temporary stands in the target's own
 * directory, so the rename never crosses file systems. Calls for one file, by whatever path, run one after the other in this process; calls in one directory
 * at the same time share its fsync. Where too many files are open, opening the temporary is tried again for up to half a second. A buffer that has to wait for its turn is copied, so what is written
 * is what it held at the call; one whose write begins at once is not, and must be left alone until the promise settles. On any error before the rename the old file is intact and the temporary is removed; an fsync error is never retried.
 *
 * @throws {@link AtomicIoError} `ATOMIC_IO_WRITE_FAILED`, `ATOMIC_IO_SYNC_FAILED`, `ATOMIC_IO_RENAME_FAILED`, `ATOMIC_IO_CREATE_FAILED`,
 * `ATOMIC_IO_OWNER_FAILED`, `ATOMIC_IO_NOT_A_FILE`, `ATOMIC_IO_READ_FAILED`: the old file is intact; `ATOMIC_IO_COMMIT_UNCERTAIN`: the new one is visible.
 * @example Replace a document
 * ```ts
 * import assert from "node:assert/strict";
 * import { readFile } from "node:fs/promises";
 * import { replaceFile } from "@gov/atomic-io";
 *
 * const written = await replaceFile("plan.yaml", "status: approved\n");
 * assert.equal(await readFile("plan.yaml", "utf8"), "status: approved\n");
 * assert.equal(written.bytes, 17);
 * ```
 */
export async function replaceFile(
  path: string,
  data: string | ArrayBufferView,
  options: ReplaceFileOptions = {},
): Promise<ReplaceFileResult> {
  let content = bytesOf(data);
  const settings = settingsOf(options);
  const { fs, signal } = settings;
  signal?.throwIfAborted();
  const onWait = typeof data === "string" ? undefined : (): void => void (content = content.slice());
  if (options.coalesce === true && signal === undefined) {
    onWait?.();
    return writeCoalesced(settings, path, content);
  }
  return inTurn(fs, path, {
    known: heldDirectory,
    signal,
    onWait,
    task: (target) => replaceTarget(settings, { target, content, given: path }),
  });
}
