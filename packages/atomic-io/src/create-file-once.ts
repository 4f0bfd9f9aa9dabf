import { type Durability, durabilityOf } from "./durability.ts";
import { AtomicIoError } from "./errors.ts";
import type { FileSystem } from "./file-system.ts";
import { basename, dirname, join } from "node:path";
import { errnoOf, failed } from "./internal/errno.ts";
import { modeOf } from "./internal/mode.ts";
import { makeNameDurable } from "./internal/publish.ts";
import { bytesOf } from "./internal/write-fully.ts";
import { discard, writeTemporary } from "./internal/write-temporary.ts";
import { nodeFileSystem } from "./node-file-system.ts";
import { nodeRandomBytes } from "./node-random.ts";
import type { RandomBytes } from "./temp-name.ts";
import type { ReplaceFileResult } from "./replace-file.ts";

/** Options of {@link createFileOnce}. */
export interface CreateFileOnceOptions {
  /** @default nodeFileSystem */
  readonly fs?: FileSystem | undefined;
  /** Permission bits, set exactly; `0o444` keeps well-meant editors away. @default 0o666 less the umask */
  readonly mode?: number | undefined;
  /** What the acknowledgement must survive. @default "power" */
  readonly durability?: Durability | undefined;
  /** @default random bytes of the machine */
  readonly random?: RandomBytes | undefined;
}

/**
 * Creates a file that is never overwritten: whoever comes second is refused, also with the same content, also through a dangling link (AIO-13).
 * The file appears whole or not at all: the content is written and synced under a temporary name, then linked to its final one, then the directory is
 * synced. Of several callers, in any number of processes, exactly one succeeds. A file system without hard links is refused.
 *
 * @throws {@link AtomicIoError} `ATOMIC_IO_TARGET_EXISTS` when anything stands at the path; the codes of `replaceFile` when a step fails.
 * @example Refuse a second version
 * ```ts
 * import assert from "node:assert/strict";
 * import { createFileOnce } from "@gov/atomic-io";
 *
 * await createFileOnce("manifest.json", "{}\n", { mode: 0o444 });
 * await assert.rejects(createFileOnce("manifest.json", "{}\n"), { code: "ATOMIC_IO_TARGET_EXISTS" });
 * ```
 */
export async function createFileOnce(
  path: string,
  data: string | ArrayBufferView,
  options: CreateFileOnceOptions = {},
): Promise<ReplaceFileResult> {
  const { fs = nodeFileSystem, random = nodeRandomBytes } = options;
  const durability = durabilityOf(options.durability);
  const mode = modeOf(options.mode);
  const bytes = bytesOf(data);
  const directory = await realDirectory(fs, path);
  const target = { path: join(directory, basename(path)), directory, name: basename(path), key: "" };
  const temporary = await writeTemporary(fs, target, { bytes, durability, random, existing: null, mode, signal: undefined });
  try {
    await fs.link(temporary, target.path);
  } catch (error) {
    throw errnoOf(error) === "EEXIST"
      ? new AtomicIoError("ATOMIC_IO_TARGET_EXISTS", `Cannot create "${target.path}": it exists and is written once`, {
          cause: error,
          details: { path: target.path },
        })
      : failed("ATOMIC_IO_CREATE_FAILED", `Cannot create "${target.path}"`, { path: target.path, step: "link", cause: error });
  } finally {
    await discard(fs, temporary);
  }
  return { path: target.path, bytes: bytes.byteLength, durability: await makeNameDurable(fs, target, durability) };
}

async function realDirectory(fs: FileSystem, path: string): Promise<string> {
  if (typeof path !== "string" || path === "" || path.includes("\0"))
    throw new TypeError("Cannot create a file without a path: a non-empty string is required");
  try {
    return await fs.realpath(dirname(path));
  } catch (error) {
    const hint = errnoOf(error) === "ENOENT" ? "create the directory first" : undefined;
    throw failed("ATOMIC_IO_READ_FAILED", `Cannot create "${path}"`, { path, step: "finding its directory", cause: error, hint });
  }
}
