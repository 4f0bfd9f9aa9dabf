import { AtomicIoError, isAtomicIoError } from "@gov/atomic-io";

/** The bare error of a call to the file system as the `AtomicIoError` that callers are promised; anything else stays what it is. */
export function diskFailure(error: unknown, path: string, step: string): unknown {
  const errno = error instanceof Error && !isAtomicIoError(error) ? (error as { readonly code?: unknown }).code : undefined;
  if (typeof errno !== "string" || !/^E[A-Z0-9]+$/.test(errno)) return error;
  const details = { path, step, errno };
  return new AtomicIoError("ATOMIC_IO_READ_FAILED", `Cannot use "${path}": ${step} failed with ${errno}`, { cause: error, details });
}

/** Does what a call to the file system does, and tells of its failure so. */
export async function onDisk<T>(path: string, step: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw diskFailure(error, path, step);
  }
}
