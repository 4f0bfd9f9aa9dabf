/**
 * One holder at a time, freed by the kernel when the holder dies.
 *
 * @packageDocumentation
 */
export { acquireLock, type AcquireLockOptions, type Lock } from "./acquire-lock.ts";
export type { KernelLocks, LockHost, LockOwner, WaitTimers } from "./lock-host.ts";
