import { createFileOnce } from "../create-file-once.ts";
import { AtomicIoError, isAtomicIoError } from "../errors.ts";
import type { FileSystem } from "../file-system.ts";
import { failed } from "../internal/errno.ts";
import { replaceFile } from "../replace-file.ts";
import type { RandomBytes } from "../temp-name.ts";
import { type Attempt, type Lock, lockOf } from "./lock.ts";
import type { KernelLocks } from "./lock-host.ts";
import { type LockToken, readToken, renderToken } from "./lock-token.ts";

/** Takes the lock from the kernel at once, or returns null when it is held. */
export async function tryKernel(attempt: Attempt & { readonly kernel: KernelLocks }): Promise<Lock | null> {
  const { fs, place, kernel, owner, nonce, random } = attempt;
  const found = await readToken(fs, place.path);
  if (found !== null) refuseForeign(found, attempt);
  let held;
  try {
    held = await kernel.tryAcquire(place.kernelName);
  } catch (error) {
    throw failed("ATOMIC_IO_LOCK_FAILED", `Cannot lock "${place.path}"`, { path: place.path, step: "asking the kernel", cause: error });
  }
  if (held === null) return null;
  try {
    // Read again: only now does nobody of our namespace change it any more. What is left there was written by a holder that died.
    const left = await readToken(fs, place.path);
    if (left !== null) refuseForeign(left, attempt);
    const token: LockToken = { format: "gov.lock", version: 1, mechanism: kernel.mechanism, namespace: kernel.namespace, owner, nonce };
    await writeToken(fs, place.path, { token, over: left !== null, random });
    return lockOf(attempt, { mechanism: kernel.mechanism, stale: left?.owner ?? null, letGo: held.release });
  } catch (error) {
    await held.release();
    throw error;
  }
}

function refuseForeign(token: LockToken, attempt: Attempt & { readonly kernel: KernelLocks }): void {
  const { kernel, owner, place } = attempt;
  if (token.mechanism === kernel.mechanism && token.namespace === kernel.namespace) return;
  // The kernel that gave that lock is no longer running on this host, so the lock went with it.
  const rebooted = token.owner.host === owner.host && token.owner.boot !== null && owner.boot !== null && token.owner.boot !== owner.boot;
  if (rebooted && token.mechanism === kernel.mechanism) return;
  throw new AtomicIoError(
    "ATOMIC_IO_LOCK_MISMATCH",
    `Cannot lock "${place.path}": it is kept by ${token.mechanism} in ${token.namespace ?? "no namespace"}, this process has ${kernel.mechanism} in ${kernel.namespace}`,
    {
      details: { path: place.path, owner: token.owner, mechanism: token.mechanism, namespace: token.namespace },
      hint: `let all writers run in one network namespace; when process ${token.owner.pid} on ${token.owner.host} is gone, remove the file`,
    },
  );
}

async function writeToken(
  fs: FileSystem,
  path: string,
  content: { readonly token: LockToken; readonly over: boolean; readonly random: RandomBytes },
): Promise<void> {
  const { token, over, random } = content;
  try {
    // Exclusive when nothing was there, so that a contender of another namespace in the same moment loses visibly.
    if (over) await replaceFile(path, renderToken(token), { fs, random, durability: "process" });
    else await createFileOnce(path, renderToken(token), { fs, random, durability: "process" });
  } catch (error) {
    if (isAtomicIoError(error) && error.code === "ATOMIC_IO_TARGET_EXISTS") {
      throw new AtomicIoError("ATOMIC_IO_LOCK_MISMATCH", `Cannot lock "${path}": a process of another namespace took it`, {
        cause: error,
        details: { path },
      });
    }
    throw failed("ATOMIC_IO_LOCK_FAILED", `Cannot lock "${path}"`, { path, step: "writing the lock's file", cause: error });
  }
}
