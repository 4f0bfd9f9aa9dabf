import { type Durability, durabilityOf } from "./durability.ts";
import { AtomicIoError } from "./errors.ts";
import type { FileSystem } from "./file-system.ts";
import { directoryOf, splitPath } from "./internal/directory.ts";
import type { EitherFileSystem } from "./internal/either-file-system.ts";
import { errnoOf, failed } from "./internal/errno.ts";
import { modeOf } from "./internal/mode.ts";
import { pauseWithJitter, publishFile } from "./internal/publish-file.ts";
import { mustBePath, type Target, targetIn } from "./internal/resolve-target.ts";
import { isPending, run, type Steps, step } from "./internal/steps.ts";
import { bytesOf } from "./internal/write-fully.ts";
import { discard, type Temporary } from "./internal/write-temporary.ts";
import { eitherOf, nodeFileSystem } from "./node-file-system.ts";
import { nodeRandomBytes } from "./node-random.ts";
import type { RandomBytes } from "./temp-name.ts";
import type { ReplaceFileResult } from "./replace-file-options.ts";

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
 * synced. Of several callers, in any number of processes, exactly one succeeds. A file system without hard links is refused. What dead writers left in the
 * directory is swept the first time this process writes there.
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
  const content = bytesOf(data);
  mustBePath(path);
  const { directory: parent, name } = splitPath(path);
  const found = run(directoryOf(eitherOf(fs), parent, path));
  // Without a pause where there is nothing to wait for, as `replaceFile`: what is written then is what the buffer holds now.
  const target = targetIn(isPending(found) ? await found : found, name, null);
  return publishFile(fs, target, {
    ...{ content, durability, random, mode, given: path, existing: null, signal: undefined, pause: pauseWithJitter },
    publish: linkTo,
  });
}

function* linkTo(fs: EitherFileSystem, target: Target, temporary: Temporary): Steps<Target> {
  try {
    yield* step(fs.link(temporary.path, target.path));
  } catch (error) {
    throw errnoOf(error) === "EEXIST"
      ? new AtomicIoError("ATOMIC_IO_TARGET_EXISTS", `Cannot create "${target.real}": it exists and is written once`, {
          cause: error,
          details: { path: target.real },
        })
      : failed("ATOMIC_IO_CREATE_FAILED", `Cannot create "${target.real}"`, { path: target.real, step: "link", cause: error });
  } finally {
    yield* discard(fs, temporary.path);
  }
  return target;
}
