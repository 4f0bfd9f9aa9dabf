import type { FileSystem } from "../file-system.ts";
import { inDirectory } from "../internal/directory.ts";
import { errnoOf, failed } from "../internal/errno.ts";
import type { RandomBytes } from "../temp-name.ts";
import { type HeldFile, holdFile } from "../internal/held-file.ts";

/** Where a lease stands and how its files are written. */
export interface LeasePlace {
  readonly fs: FileSystem;
  readonly random: RandomBytes;
  readonly directory: string;
}

const pattern = /^fence-(\d{10})-[0-9a-f]{24}$/;

/**
 * Puts up the fence of an epoch: the right to acknowledge, for as long as its file stands. Its name is never used again, so nobody mistakes one for another.
 */
export async function putFence({ fs, directory, random }: LeasePlace, epoch: number): Promise<HeldFile> {
  const path = inDirectory(directory, `fence-${String(epoch).padStart(10, "0")}-${Buffer.from(random(12)).toString("hex")}`);
  try {
    return await holdFile(fs, path, { handle: await fs.open(path, "create"), nameIsUnique: true });
  } catch (error) {
    throw notTaken(directory, "putting up its fence", error);
  }
}

/** Takes the right to acknowledge from every lower epoch; when this fails, it must be taken as still there. */
export async function removeFencesBelow({ fs, directory }: LeasePlace, epoch: number): Promise<void> {
  try {
    for (const name of await fs.readdir(directory)) {
      const digits = pattern.exec(name)?.[1];
      if (digits !== undefined && Number(digits) < epoch) await fs.unlink(inDirectory(directory, name)).catch(mustBeGone);
    }
  } catch (error) {
    throw notTaken(directory, "removing the fences before it", error);
  }
}

function mustBeGone(error: unknown): void {
  if (errnoOf(error) !== "ENOENT") throw error;
}

function notTaken(directory: string, step: string, cause: unknown): Error {
  return failed("ATOMIC_IO_LOCK_FAILED", `Cannot take the lease "${directory}"`, { path: directory, step, cause });
}
