/** Who holds a lock, precise enough to survive pid reuse and pid namespaces; for people and diagnostics, never for deciding. */
export interface LockOwner {
  readonly pid: number;
  /** Name of the host, as it calls itself. */
  readonly host: string;
  /** Identity of the running kernel, or null where it has none; a new boot has a new one. */
  readonly boot: string | null;
  /** Identity of the pid namespace, or null. */
  readonly pidNamespace: string | null;
  /** When the process started, in clock ticks since boot, or null. */
  readonly started: string | null;
}

/** Mutual exclusion by the kernel: it frees the name when the holder dies, so no protocol has to guess who is alive. */
export interface KernelLocks {
  /** Name of the mechanism as the lock's file states it. */
  readonly mechanism: string;
  /** Within which the names are unique, such as a network namespace. */
  readonly namespace: string;
  /** Takes a name at once, or returns null when anyone holds it. */
  readonly tryAcquire: (name: string) => Promise<{ readonly release: () => Promise<void> } | null>;
}

/** What a lock needs of the machine, as a port. */
export interface LockHost {
  readonly owner: () => Promise<LockOwner>;
  /** The kernel's locks, or null where there are none: then the lock's file alone decides and a dead holder's stays until it is removed. */
  readonly kernel: () => Promise<KernelLocks | null>;
}

/** Measures and spends waiting time, as a port; never the wall clock. */
export interface WaitTimers {
  readonly monotonicMs: () => number;
  /** Resolves after that time, or earlier when the signal aborts; it never rejects. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}
