import type { LockHost } from "../lock/lock-host.ts";

/** Options of {@link createMemoryLockHost}. */
export interface MemoryLockHostOptions {
  /** @default 1 */
  readonly pid?: number | undefined;
  /** @default "memory" */
  readonly namespace?: string | undefined;
  /** @default "boot-1" */
  readonly boot?: string | undefined;
  /** Without a kernel the lock's file alone decides. @default true */
  readonly kernel?: boolean | undefined;
  /** Names that are held; hosts that share the set contend as processes of one machine do. @default a set of its own */
  readonly held?: Set<string> | undefined;
}

/** Creates a machine for `acquireLock` in memory, so that tests of what is built on locks need no kernel. */
export function createMemoryLockHost(options: MemoryLockHostOptions = {}): LockHost {
  const { pid = 1, namespace = "memory", boot = "boot-1", kernel = true, held = new Set<string>() } = options;
  return {
    owner: async () => ({ pid, host: "memory", boot, pidNamespace: null, started: null }),
    kernel: async () =>
      kernel
        ? {
            mechanism: "memory",
            namespace,
            tryAcquire: async (name) => {
              if (held.has(name)) return null;
              held.add(name);
              return { release: async () => void held.delete(name) };
            },
          }
        : null,
  };
}
