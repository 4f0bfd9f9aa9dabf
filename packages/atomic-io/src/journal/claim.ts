import { join } from "node:path";
import { AtomicIoError } from "../errors.ts";
import type { FileHandle, FileSystem } from "../file-system.ts";
import { errnoOf, failed } from "../internal/errno.ts";
import { holdFile } from "../internal/held-file.ts";
import { namesIn, nextPattern, readCurrent, segmentPattern } from "./layout.ts";

/** Where a journal is. */
export interface ClaimPlace {
  readonly fs: FileSystem;
  readonly directory: string;
}

/** The right to write under an epoch, for as long as its file stands in the directory. */
export interface Claim {
  readonly epoch: number;
  /** Fails with `ATOMIC_IO_JOURNAL_SUPERSEDED` once another holder has claimed a higher epoch. */
  readonly mustHold: () => Promise<void>;
  /** Gives it back; never fails, since nothing depends on it. */
  readonly release: () => Promise<void>;
}

const holding = Promise.resolve();

const claimPattern = /^claim-(\d{10})$/;

/**
 * Claims the next epoch and takes it from whoever held one before: their files are removed, and with them their right to acknowledge and to start segments.
 *
 * An epoch is a file that exactly one process can create. Whoever then sees a higher one, or that a higher one has been written with, was too slow and tries
 * again with the next. `current` is the epoch in CURRENT as last read. Lower ones are removed in ascending order, so that at no moment a lower one stands there alone.
 */
export async function claimEpoch(place: ClaimPlace, current: number): Promise<Claim> {
  for (let known = current; ;) {
    const epoch = Math.max(...(await seenEpochs(place, known))) + 1;
    const path = join(place.directory, claimName(epoch));
    const handle = await createOrNull(place, path);
    if (handle === null) continue;
    try {
      known = (await readCurrent(place.fs, place.directory)) ?? 0;
      const seen = await seenEpochs(place, known);
      // Its own is among them once, as a claim; twice when someone has already written with this number.
      if (Math.max(...seen) === epoch && seen.filter((other) => other === epoch).length === 1) {
        await removeBelow(place, epoch);
        return await claimOf(place, { epoch, path, handle });
      }
      await remove(place.fs, path);
    } catch (error) {
      await handle.close().catch(() => undefined);
      throw error;
    }
    await handle.close().catch(() => undefined);
  }
}

/** The error of a holder that another one has taken the journal from. */
export function superseded(directory: string, epoch: number): AtomicIoError {
  return new AtomicIoError(
    "ATOMIC_IO_JOURNAL_SUPERSEDED",
    `Cannot acknowledge records in the journal "${directory}": another holder has opened it`,
    { details: { directory, epoch }, hint: "open the journal again and look which records are there" },
  );
}

function claimName(epoch: number): string {
  return `claim-${String(epoch).padStart(10, "0")}`;
}

async function createOrNull({ fs, directory }: ClaimPlace, path: string): Promise<FileHandle | null> {
  try {
    return await fs.open(path, "create");
  } catch (error) {
    if (errnoOf(error) === "EEXIST") return null;
    throw failed("ATOMIC_IO_CREATE_FAILED", `Cannot open the journal "${directory}"`, { path, step: "claiming an epoch", cause: error });
  }
}

/** Every epoch there is a trace of: the one in CURRENT, those of segments, those claimed; 0 when there is none. */
async function seenEpochs({ fs, directory }: ClaimPlace, current: number): Promise<number[]> {
  // A segment that CURRENT lags behind was written by a holder whose CURRENT a slower one has overwritten: its epoch counts all the same.
  const names = await namesIn(fs, directory);
  return [current, ...names.flatMap((name) => epochIn(name, segmentPattern)), ...names.flatMap((name) => epochIn(name, claimPattern))];
}

async function removeBelow({ fs, directory }: ClaimPlace, epoch: number): Promise<void> {
  const below = (pattern: RegExp, names: readonly string[]): string[] =>
    names.filter((name) => epochIn(name, pattern).some((found) => found < epoch)).sort();
  for (const name of below(claimPattern, await namesIn(fs, directory))) await remove(fs, join(directory, name));
  // Only now, when none of them passes its check any more: a segment that one of them has prepared and not yet named never gets a name.
  for (const name of below(nextPattern, await namesIn(fs, directory))) await remove(fs, join(directory, name));
}

function epochIn(name: string, pattern: RegExp): number[] {
  const digits = pattern.exec(name)?.[1];
  return digits === undefined ? [] : [Number(digits)];
}

async function remove(fs: FileSystem, path: string): Promise<void> {
  try {
    await fs.unlink(path);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return;
    throw failed("ATOMIC_IO_CREATE_FAILED", "Cannot take over a journal", {
      path,
      step: "removing what the holder before left",
      cause: error,
    });
  }
}

async function claimOf(
  { fs, directory }: ClaimPlace,
  claim: { readonly epoch: number; readonly path: string; readonly handle: FileHandle },
): Promise<Claim> {
  const { epoch, path, handle } = claim;
  // An epoch that was claimed and given back before anything was written with it can be claimed again, by the same name.
  const unexamined = (cause: unknown): never => {
    throw failed("ATOMIC_IO_READ_FAILED", `Cannot hold the journal "${directory}"`, { path, step: "examining its claim", cause });
  };
  const held = await holdFile(fs, path, { handle, nameIsUnique: false }).catch(unexamined);
  const examine = async (): Promise<void> => {
    if (!(await held.holds().catch(unexamined))) throw superseded(directory, epoch);
  };
  return {
    epoch,
    mustHold: () => (held.holdsForCertain() ? holding : examine()),
    release: held.release,
  };
}
