import type { LockOwner } from "./lock-host.ts";

/** The right to acknowledge writes to something shared, until it is released or someone with a higher epoch takes it. */
export interface Lease {
  /** The real path of the directory that holds the lease's files. */
  readonly directory: string;
  /** Counts up with every holder and never repeats; to be written into what the holder writes. */
  readonly epoch: number;
  readonly owner: LockOwner;
  /** Aborts, with the same error as {@link Lease.confirm}, once the loss is known. */
  readonly signal: AbortSignal;
  /**
   * Resolves while nobody has been given the lease since; one look at a file. To be called after data is durable and before it is acknowledged: whoever takes over
   * is given the lease only after this has begun to fail, and reads the data only then, so what was confirmed is read and what is not read is never confirmed.
   *
   * @throws AtomicIoError `ATOMIC_IO_LEASE_LOST`; `ATOMIC_IO_READ_FAILED` when that cannot be found out: do not acknowledge then either.
   */
  readonly confirm: () => Promise<void>;
  /** Lets the next one take it at once; a second call does nothing. */
  readonly release: () => Promise<void>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
}
