import { createFileOnce } from "../create-file-once.ts";
import { AtomicIoError, isAtomicIoError } from "../errors.ts";
import { failed } from "../internal/errno.ts";
import { type Attempt, type Lock, lockOf } from "./lock.ts";
import { type LockToken, readToken, renderToken } from "./lock-token.ts";

/** Takes the lock by creating its file, or returns null when it stands there: without a kernel's help nobody can tell a dead holder from a slow one. */
export async function tryTokenFile(attempt: Attempt): Promise<Lock | null> {
  const { fs, place, owner, nonce, random } = attempt;
  const found = await readToken(fs, place.path);
  if (found !== null && found.mechanism !== "token-file") {
    throw new AtomicIoError(
      "ATOMIC_IO_LOCK_MISMATCH",
      `Cannot lock "${place.path}": it is kept by ${found.mechanism}, which this process does not have`,
      {
        details: { path: place.path, owner: found.owner, mechanism: found.mechanism, namespace: found.namespace },
        hint: "let all writers run on one kind of system; remove the file when nobody holds it",
      },
    );
  }
  if (found !== null) return null;
  const token: LockToken = { format: "gov.lock", version: 1, mechanism: "token-file", namespace: null, owner, nonce };
  try {
    await createFileOnce(place.path, renderToken(token), { fs, random, durability: "process" });
  } catch (error) {
    if (isAtomicIoError(error) && error.code === "ATOMIC_IO_TARGET_EXISTS") return null;
    throw failed("ATOMIC_IO_LOCK_FAILED", `Cannot lock "${place.path}"`, {
      path: place.path,
      step: "creating the lock's file",
      cause: error,
    });
  }
  return lockOf(attempt, { mechanism: "token-file", stale: null, letGo: async () => undefined });
}
