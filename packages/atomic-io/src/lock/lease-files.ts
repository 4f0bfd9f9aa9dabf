import { createFileOnce } from "../create-file-once.ts";
import { isAtomicIoError } from "../errors.ts";
import type { FileSystem } from "../file-system.ts";
import { inDirectory } from "../internal/directory.ts";
import { errnoOf, failed } from "../internal/errno.ts";
import type { HeldFile } from "../internal/held-file.ts";
import { readFully } from "../internal/write-fully.ts";
import { replaceFile } from "../replace-file.ts";
import { type LeasePlace, putFence, removeFencesBelow } from "./lease-fence.ts";
import type { LockOwner } from "./lock-host.ts";

/** What contenders see of the highest epoch. */
export interface Standing {
  readonly epoch: number;
  /** Changes with every renewal. */
  readonly identity: string;
  readonly released: boolean;
  /** Who holds it, or null when the file says nothing intelligible. */
  readonly owner: LockOwner | null;
}

// Old files that stay: a listing that runs while holders change must not miss them all.
const keptFiles = 8;

const pattern = /^lease-(\d{10})$/;

const nameOf = (epoch: number): string => `lease-${String(epoch).padStart(10, "0")}`;

/** The epochs that have a file, highest first. */
export async function listEpochs({ fs, directory }: LeasePlace): Promise<readonly number[]> {
  try {
    const names = await fs.readdir(directory);
    const epochs = names.flatMap((name) => {
      const digits = pattern.exec(name)?.[1];
      return digits === undefined ? [] : [Number(digits)];
    });
    return epochs.sort((a, b) => b - a);
  } catch (error) {
    throw failed("ATOMIC_IO_READ_FAILED", `Cannot examine the lease "${directory}"`, { path: directory, step: "listing it", cause: error });
  }
}

/** Examines the file of an epoch; null when it is gone, which means that others have gone on. */
export async function readStanding({ fs, directory }: LeasePlace, epoch: number): Promise<Standing | null> {
  const path = inDirectory(directory, nameOf(epoch));
  try {
    const handle = await fs.open(path, "read");
    try {
      const { inode, modifiedNs, changedNs } = await handle.stat();
      const buffer = new Uint8Array(4096);
      const text = Buffer.from(buffer.subarray(0, await readFully(handle, buffer, 0))).toString("utf8");
      const { released, owner } = parseLease(text);
      return { epoch, identity: `${epoch}:${inode}:${modifiedNs}:${changedNs}`, released, owner };
    } finally {
      await handle.close();
    }
  } catch (error) {
    // A link to nothing has a name all the same, and says as little as an empty file: held until it has been still for a lease's time.
    if (errnoOf(error) === "ENOENT")
      return (await isLink(fs, path)) ? { epoch, identity: `${epoch}:link`, released: false, owner: null } : null;
    throw failed("ATOMIC_IO_READ_FAILED", `Cannot examine the lease "${directory}"`, { path: directory, step: "reading it", cause: error });
  }
}

async function isLink(fs: FileSystem, path: string): Promise<boolean> {
  try {
    return (await fs.lstat(path)).kind === "symlink";
  } catch {
    return false;
  }
}

/**
 * Takes an epoch, which of all contenders one can, and with it the right to acknowledge from every lower one; null when another was faster or has gone further.
 *
 * The fence is put up before the epochs are listed: whoever lists later sees this epoch and gives up, whoever listed before has its fence there to be removed.
 */
export async function claimEpoch(
  place: LeasePlace,
  claim: { readonly epoch: number; readonly owner: LockOwner },
): Promise<HeldFile | null> {
  const { fs, directory, random } = place;
  const path = inDirectory(directory, nameOf(claim.epoch));
  try {
    await createFileOnce(path, render(claim.owner, false), { fs, random });
  } catch (error) {
    if (isAtomicIoError(error) && error.code === "ATOMIC_IO_TARGET_EXISTS") return null;
    throw error;
  }
  const fence = await putFence(place, claim.epoch);
  try {
    // The file may have been one that later holders removed: then a higher one stands there.
    const epochs = await listEpochs(place);
    const won = epochs[0] === claim.epoch;
    if (won) await removeFencesBelow(place, claim.epoch);
    const superfluous = won ? epochs.slice(keptFiles) : [claim.epoch];
    for (const epoch of superfluous) await fs.unlink(inDirectory(directory, nameOf(epoch))).catch(() => undefined);
    if (won) return fence;
  } catch (error) {
    await fence.release();
    throw error;
  }
  await fence.release();
  return null;
}

/** Shows contenders that the holder lives, or that it has let go. */
export async function writeStanding(
  place: LeasePlace,
  standing: { readonly epoch: number; readonly owner: LockOwner; readonly released: boolean },
): Promise<void> {
  const { fs, random, directory } = place;
  const durability = standing.released ? "process" : "none";
  await replaceFile(inDirectory(directory, nameOf(standing.epoch)), render(standing.owner, standing.released), { fs, random, durability });
}

function render(owner: LockOwner, released: boolean): string {
  return `${JSON.stringify({ format: "gov.lease", version: 1, released, owner })}\n`;
}

function parseLease(text: string): { readonly released: boolean; readonly owner: LockOwner | null } {
  try {
    const value = JSON.parse(text) as { readonly released?: unknown; readonly owner?: LockOwner } | null;
    return { released: value?.released === true, owner: value?.owner ?? null };
  } catch {
    // Being replaced without a sync, a power cut can leave it empty: then it is held until it has been still for a lease's time.
    return { released: false, owner: null };
  }
}
