/**
 * One holder at a time, freed by the kernel when the holder dies.
 *
 * @packageDocumentation
 */
export { acquireLease, type AcquireLeaseOptions } from "./acquire-lease.ts";
export { acquireLock, type AcquireLockOptions } from "./acquire-lock.ts";
export type { Lease } from "./lease.ts";
export type { Lock } from "./lock.ts";
export type { KernelLocks, LockHost, LockOwner, WaitTimers } from "./lock-host.ts";
export { nodeWaitTimers } from "./node-wait-timers.ts";
export { guardedObserver } from "../guarded-observer.ts";
export type { JsonValue, Observer } from "../observer.ts";
