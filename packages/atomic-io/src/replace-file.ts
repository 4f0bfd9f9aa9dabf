import { type Durability, durabilityOf } from "./durability.ts";
import type { FileSystem } from "./file-system.ts";
import { failed } from "./internal/errno.ts";
import { inTurn } from "./internal/path-queue.ts";
import { makeNameDurable } from "./internal/publish.ts";
import { lstatOrNull, notAFile, type Target } from "./internal/resolve-target.ts";
import { bytesOf } from "./internal/write-fully.ts";
import { discard, writeTemporary } from "./internal/write-temporary.ts";
import { modeOf } from "./internal/mode.ts";
import { nodeFileSystem } from "./node-file-system.ts";
import { nodeRandomBytes } from "./node-random.ts";
import type { RandomBytes } from "./temp-name.ts";

/** Options of {@link replaceFile}. */
export interface ReplaceFileOptions {
  /** @default nodeFileSystem */
  readonly fs?: FileSystem | undefined;
  /** Permission bits of the result, set exactly. @default those of the existing file, else 0o666 less the umask */
  readonly mode?: number | undefined;
  /** What the acknowledgement must survive. @default "power" */
  readonly durability?: Durability | undefined;
  /** Abandons the write as long as it is not published; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** @default random bytes of the machine */
  readonly random?: RandomBytes | undefined;
}

/** What {@link replaceFile} did. */
export interface ReplaceFileResult {
  /** The real path written, links followed. */
  readonly path: string;
  /** Length of the content. */
  readonly bytes: number;
  /** What was achieved: weaker than asked only where the file system cannot sync a directory. */
  readonly durability: Durability;
}

/**
 * Replaces the file at `path` so that a reader sees the old bytes or the new bytes, never a mixture (AIO-01).
 * Durable across a power cut once the promise resolves: the whole length has been written and checked, mode and owner set, the file synced, renamed over the
 * target, and the directory synced, in this order (durability model, part 7.1).
 *
 * A symbolic link is followed and stays a link; a dangling one gets its target created. Mode and owner of the existing file are kept; other hard links keep
 * the old content; extended attributes and ACLs are not kept. A target that is not a regular file is refused. The temporary stands in the target's own
 * directory, so the rename never crosses file systems. Calls for one file, by whatever path, run one after the other in this process. On any error before
 * the rename the old file is intact and the temporary is removed; an fsync error is never retried.
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
  const { fs = nodeFileSystem, signal, random = nodeRandomBytes } = options;
  const durability = durabilityOf(options.durability);
  const mode = modeOf(options.mode);
  const bytes = bytesOf(data);
  signal?.throwIfAborted();
  return inTurn(fs, path, async (target) => {
    const existing = await lstatOrNull(fs, target.path);
    if (existing !== null && existing.kind !== "file") throw notAFile(path, existing.kind);
    const temporary = await writeTemporary(fs, target, { bytes, durability, random, existing, mode, signal });
    await renameOver(fs, temporary, target);
    return { path: target.path, bytes: bytes.byteLength, durability: await makeNameDurable(fs, target, durability) };
  });
}

async function renameOver(fs: FileSystem, temporary: string, target: Target): Promise<void> {
  try {
    await fs.rename(temporary, target.path);
  } catch (error) {
    await discard(fs, temporary);
    throw failed("ATOMIC_IO_RENAME_FAILED", `Cannot replace "${target.path}"`, { path: target.path, step: "rename", cause: error });
  }
}
