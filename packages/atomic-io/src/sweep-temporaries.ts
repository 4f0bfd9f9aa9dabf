import type { FileSystem } from "./file-system.ts";
import { inDirectory } from "./internal/directory.ts";
import { errnoOf, failed } from "./internal/errno.ts";
import { nodeFileSystem } from "./node-file-system.ts";
import { nodeOwnerHost } from "./node-owner-host.ts";
import type { OwnerHost } from "./owner-host.ts";
import { isTemporaryName, ownerInName } from "./temp-name.ts";

/** Options of {@link sweepTemporaries}. */
export interface SweepTemporariesOptions {
  /** @default nodeFileSystem */
  readonly fs?: FileSystem | undefined;
  /** @default the machine's processes */
  readonly host?: OwnerHost | undefined;
  /** After how many milliseconds without a change a temporary goes whose owner cannot be examined from here. @default 86_400_000, a day */
  readonly maxAgeMs?: number | undefined;
}

/** What {@link sweepTemporaries} did, names sorted by code unit. */
export interface SweepTemporariesResult {
  readonly removed: readonly string[];
  /** Temporaries of writers that live, or may live. */
  readonly kept: readonly string[];
}

/**
 * Removes the temporaries that dead writers left in a directory, never one that a living writer uses. A writer is dead when its process is gone, or its pid now
 * belongs to a process that started at another time, or the kernel it ran on has been replaced since the temporary was last changed. Where none of that can be
 * known, as of another pid namespace or an older version's name, the temporary goes once nothing has changed it for `maxAgeMs`. A missing directory is empty.
 *
 * `openJournal` calls it, and `replaceFile` once per process and directory after its acknowledgement.
 *
 * @throws {@link AtomicIoError} `ATOMIC_IO_READ_FAILED` when the directory cannot be listed.
 * @example Clean up after a crash
 * ```ts
 * import assert from "node:assert/strict";
 * import { writeFileSync } from "node:fs";
 * import { sweepTemporaries } from "@gov/atomic-io";
 *
 * // As a process of an earlier boot would have left it, long ago.
 * const left = ".gov-tmp-00000000deadbeef-1-77-4711-000000000000000000000000";
 * writeFileSync(left, "half");
 * assert.deepEqual(await sweepTemporaries(".", { maxAgeMs: 0 }), { removed: [left], kept: [] });
 * ```
 */
export async function sweepTemporaries(directory: string, options: SweepTemporariesOptions = {}): Promise<SweepTemporariesResult> {
  const { fs = nodeFileSystem, host = nodeOwnerHost, maxAgeMs = 86_400_000 } = options;
  if (typeof maxAgeMs !== "number" || !(maxAgeMs >= 0))
    throw new RangeError(`Cannot sweep what is older than ${String(maxAgeMs)} ms: it must be at least 0`);
  const removed: string[] = [];
  const kept: string[] = [];
  for (const name of await namesIn(fs, directory)) {
    if (!isTemporaryName(name)) continue;
    const path = inDirectory(directory, name);
    if (await isLeft(fs, path, { name, host, maxAgeMs })) {
      if (await remove(fs, path)) removed.push(name);
    } else {
      kept.push(name);
    }
  }
  return { removed, kept };
}

async function namesIn(fs: FileSystem, directory: string): Promise<readonly string[]> {
  try {
    return await fs.readdir(directory);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return [];
    throw failed("ATOMIC_IO_READ_FAILED", `Cannot sweep "${directory}"`, { path: directory, step: "listing it", cause: error });
  }
}

async function isLeft(
  fs: FileSystem,
  path: string,
  by: { readonly name: string; readonly host: OwnerHost; readonly maxAgeMs: number },
): Promise<boolean> {
  const { name, host, maxAgeMs } = by;
  const owner = ownerInName(name);
  const self = host.self();
  if (owner !== null && owner.boot !== "0" && owner.boot === self.boot && owner.pidNamespace === self.pidNamespace) {
    const started = host.startOf(owner.pid);
    if (started !== undefined) return started !== owner.started;
  }
  const changedMs = await changedMsOf(fs, path);
  if (changedMs === null) return false;
  const booted = host.bootedMs();
  // Another kernel's, and not touched since this one runs: a machine that shares the disk and still writes would have touched it.
  if (owner !== null && owner.boot !== "0" && self.boot !== "0" && owner.boot !== self.boot && booted !== null && changedMs < booted)
    return true;
  return host.now() - changedMs >= maxAgeMs;
}

async function changedMsOf(fs: FileSystem, path: string): Promise<number | null> {
  try {
    return Number((await fs.lstat(path)).modifiedNs / 1_000_000n);
  } catch {
    // Its writer has finished meanwhile.
    return null;
  }
}

async function remove(fs: FileSystem, path: string): Promise<boolean> {
  try {
    await fs.unlink(path);
    return true;
  } catch {
    // Someone else removed it, or may and we may not: it stays recognisable and hides nothing.
    return false;
  }
}
