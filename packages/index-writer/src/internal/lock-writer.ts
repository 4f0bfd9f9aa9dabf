import { isAtomicIoError } from "@gov/atomic-io";
import { acquireLock, type AcquireLockOptions, type Lock } from "@gov/atomic-io/lock";
import { IndexError } from "../errors.ts";

/** What is locked: the lock's file, and how messages name what it guards. */
export interface WriterPlace {
  readonly lock: string;
  /** Such as `the index`. */
  readonly what: string;
  readonly path: string;
}

/** Takes the lock of the one writer; whoever holds it is named in an `INDEX_LOCKED` (IDX-04). */
export async function lockWriter(place: WriterPlace, options: AcquireLockOptions): Promise<Lock> {
  try {
    return await acquireLock(place.lock, options);
  } catch (error) {
    if (!isAtomicIoError(error) || (error.code !== "ATOMIC_IO_LOCK_HELD" && error.code !== "ATOMIC_IO_LOCK_MISMATCH")) throw error;
    throw new IndexError("INDEX_LOCKED", `Cannot open ${place.what} "${place.path}": ${error.message}`, {
      cause: error,
      details: { path: place.path, ...error.details },
      hint: error.hint,
    });
  }
}
