/**
 * One holder at a time, freed by the kernel when the holder dies.
 *
 * @packageDocumentation
 */
export { acquireLock, type AcquireLockOptions } from "./acquire-lock.ts";
export type { Lock } from "./lock.ts";
export type { KernelLocks, LockHost, LockOwner, WaitTimers } from "./lock-host.ts";
