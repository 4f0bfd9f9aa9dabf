import { type Durability, durabilityOf } from "./durability.ts";
import type { SyncFileSystem } from "./file-system.ts";
import { modeOf } from "./internal/mode.ts";
import { renameOver, uncertain } from "./internal/publish.ts";
import { notAFile, resolveTarget, type Target } from "./internal/resolve-target.ts";
import { runSync, type Steps } from "./internal/steps.ts";
import { bytesOf } from "./internal/write-fully.ts";
import { writeTemporary } from "./internal/write-temporary.ts";
import { nodeRandomBytes } from "./node-random.ts";
import { nodeSyncFileSystem } from "./node-sync-file-system.ts";
import type { ReplaceFileResult } from "./replace-file-options.ts";
import { syncIsUnsupported } from "./sync-directory.ts";
import type { RandomBytes } from "./temp-name.ts";

/** Options of {@link replaceFileSync}. */
export interface ReplaceFileSyncOptions {
  /** @default nodeSyncFileSystem */
  readonly fs?: SyncFileSystem | undefined;
  /** Permission bits of the result, set exactly. @default those of the existing file, else 0o666 less the umask */
  readonly mode?: number | undefined;
  /** What the return must survive. @default "power" */
  readonly durability?: Durability | undefined;
  /** @default random bytes of the machine */
  readonly random?: RandomBytes | undefined;
}

/**
 * Does what `replaceFile` does, step by step the same, and returns when it is done; for places that cannot wait, such as an exit handler (AIO-01).
 * It does not queue: called while an asynchronous replace of the same file is under way, it comes before that one's rename or after it, whole either way.
 *
 * @throws {@link AtomicIoError} the codes of `replaceFile`.
 * @example Save before the process ends
 * ```ts
 * import assert from "node:assert/strict";
 * import { readFileSync } from "node:fs";
 * import { replaceFileSync } from "@gov/atomic-io";
 *
 * const { durability } = replaceFileSync("state.json", "{}\n");
 * assert.equal(durability, "power");
 * assert.equal(readFileSync("state.json", "utf8"), "{}\n");
 * ```
 */
export function replaceFileSync(path: string, data: string | ArrayBufferView, options: ReplaceFileSyncOptions = {}): ReplaceFileResult {
  const { fs = nodeSyncFileSystem, random = nodeRandomBytes } = options;
  const durability = durabilityOf(options.durability);
  const mode = modeOf(options.mode);
  const content = bytesOf(data);
  return runSync(
    (function* (): Steps<ReplaceFileResult> {
      const target = yield* resolveTarget(fs, path);
      const { existing } = target;
      if (existing !== null && existing.kind !== "file") throw notAFile(path, existing.kind);
      const temporary = yield* writeTemporary(fs, target, { content, durability, random, existing, mode, signal: undefined });
      yield* renameOver(fs, temporary, target);
      return { path: target.real, bytes: temporary.bytes, durability: durability === "power" ? syncNames(fs, target) : durability };
    })(),
  );
}

function syncNames(fs: SyncFileSystem, target: Target): Durability {
  try {
    const handle = fs.open(target.directory.path, "directory");
    try {
      handle.sync();
    } finally {
      handle.close();
    }
    return "power";
  } catch (error) {
    if (syncIsUnsupported(error)) return "process";
    throw uncertain(target, error);
  }
}
