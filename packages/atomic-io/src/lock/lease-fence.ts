import type { FileSystem } from "../file-system.ts";
import { inDirectory } from "../internal/directory.ts";
import { errnoOf, failed } from "../internal/errno.ts";
import { type HeldFile, holdFile } from "../internal/held-file.ts";

/** Where a lease's files stand. */
export interface FencePlace {
  readonly fs: FileSystem;
  readonly directory: string;
}

const pattern = /^fence-(\d{10})$/;

/**
 * Puts up the fence of an epoch whose claim is the caller's alone: the right to acknowledge, for as long as its file stands. Asking whether it does costs one look
 * after every commit. Null when a contender that had the number before is still at it, which then has lost like this one.
 */
export async function putFence({ fs, directory }: FencePlace, epoch: number): Promise<HeldFile | null> {
  const path = inDirectory(directory, `fence-${String(epoch).padStart(10, "0")}`);
  try {
    // Left by a contender that had the number before and went no further.
    await removeIfThere(fs, path);
    return await holdFile(fs, path, await fs.open(path, "create"));
  } catch (error) {
    if (errnoOf(error) === "EEXIST") return null;
    throw notTaken(directory, "putting up its fence", error);
  }
}

/** Takes the right to acknowledge from every lower epoch; when this fails, it must be taken as still there. */
export async function removeFencesBelow({ fs, directory }: FencePlace, epoch: number): Promise<void> {
  try {
    for (const name of await fs.readdir(directory)) {
      const digits = pattern.exec(name)?.[1];
      if (digits !== undefined && Number(digits) < epoch) await removeIfThere(fs, inDirectory(directory, name));
    }
  } catch (error) {
    throw notTaken(directory, "removing the fences before it", error);
  }
}

async function removeIfThere(fs: FileSystem, path: string): Promise<void> {
  try {
    await fs.unlink(path);
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") throw error;
  }
}

function notTaken(directory: string, step: string, cause: unknown): Error {
  return failed("ATOMIC_IO_LOCK_FAILED", `Cannot take the lease "${directory}"`, { path: directory, step, cause });
}
