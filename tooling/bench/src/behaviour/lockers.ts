import type { Peers } from "../peers.ts";

/** The lock libraries compared, by the name of their package. */
export const lockerIds = ["@gov/atomic-io", "proper-lockfile", "lockfile"] as const;

/** The name of one of them. */
export type LockerId = (typeof lockerIds)[number];

/** Takes a lock at once, taking over one that was left behind, or gives null. */
export type TryLock = (path: string) => Promise<(() => Promise<void>) | null>;

/** After how many milliseconds a lock is taken for left behind, by the libraries that go by time. */
export const staleMs = 2000;

interface ProperLockfile {
  readonly lock: (path: string, options: object) => Promise<() => Promise<void>>;
}

interface Lockfile {
  readonly lock: (path: string, options: object, done: (error: Error | null) => void) => void;
  readonly unlock: (path: string, done: (error: Error | null) => void) => void;
}

/** Loads one of them. */
export async function lockWith(id: LockerId, peers: Peers): Promise<TryLock> {
  if (id === "@gov/atomic-io") {
    const { acquireLock } = await import("@gov/atomic-io/lock");
    return (path) => orNull(async () => (await acquireLock(path)).release);
  }
  if (id === "proper-lockfile") {
    const { default: library } = await peers.load<{ readonly default: ProperLockfile }>(id);
    return (path) => orNull(() => library.lock(path, { stale: staleMs, realpath: false, retries: 0, onCompromised: () => undefined }));
  }
  const { default: library } = await peers.load<{ readonly default: Lockfile }>(id);
  const done = (work: (done: (error: Error | null) => void) => void): Promise<void> =>
    new Promise((resolve, reject) => work((error) => (error instanceof Error ? reject(error) : resolve())));
  return (path) =>
    orNull(async () => {
      await done((told) => library.lock(path, { stale: staleMs }, told));
      return () => done((told) => library.unlock(path, told));
    });
}

async function orNull<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch {
    return null;
  }
}
