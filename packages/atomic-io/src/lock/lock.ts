import { AtomicIoError } from "../errors.ts";
import type { FileSystem } from "../file-system.ts";
import { errnoOf, failed } from "../internal/errno.ts";
import type { RandomBytes } from "../temp-name.ts";
import type { LockOwner } from "./lock-host.ts";
import { readToken } from "./lock-token.ts";

/** A lock that is held until it is released or the process dies. */
export interface Lock {
  /** The real path of the lock's file. */
  readonly path: string;
  /** `abstract-socket` on Linux, `token-file` where the kernel offers nothing. */
  readonly mechanism: string;
  readonly owner: LockOwner;
  /** The holder that died without releasing, when this lock was taken over from one. */
  readonly stale: LockOwner | null;
  /** Lets go; a second call does nothing. */
  readonly release: () => Promise<void>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
}

/** Where a lock is. */
export interface Place {
  readonly path: string;
  /** Same for every path that leads to this lock. */
  readonly kernelName: string;
}

/** What one attempt to take a lock works with. */
export interface Attempt {
  readonly fs: FileSystem;
  readonly place: Place;
  readonly owner: LockOwner;
  readonly nonce: string;
  readonly random: RandomBytes;
}

/** The lock that an attempt has won. */
export function lockOf(
  attempt: Attempt,
  held: { readonly mechanism: string; readonly stale: LockOwner | null; readonly letGo: () => Promise<void> },
): Lock {
  const { fs, place, owner, nonce } = attempt;
  let released: Promise<void> | undefined;
  const release = (): Promise<void> => (released ??= letGo());
  const letGo = async (): Promise<void> => {
    try {
      // The file first, while the kernel still keeps others out; and only our own.
      if ((await readToken(fs, place.path))?.nonce === nonce) await fs.unlink(place.path);
    } catch (error) {
      // Gone between the two: it was to go.
      if (errnoOf(error) === "ENOENT") return;
      if (error instanceof AtomicIoError) throw error;
      throw failed("ATOMIC_IO_LOCK_FAILED", `Cannot let go of the lock "${place.path}"`, {
        path: place.path,
        step: "removing its file",
        cause: error,
        hint: "the lock is free where the kernel gave it; elsewhere remove the file",
      });
    } finally {
      await held.letGo();
    }
  };
  return { path: place.path, mechanism: held.mechanism, owner, stale: held.stale, release, [Symbol.asyncDispose]: release };
}
