import type { FileSystem } from "@gov/atomic-io";

/** The world as commands see it. `node-context.ts` fills it with the real one, tests with another. */
export interface Context {
  /** Absolute path that relative arguments are resolved against. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly fs: FileSystem;
  readonly clock: Clock;
  /** How long to wait for another process that writes, in milliseconds. */
  readonly lockWaitMs: number;
  readonly git: Git;
  readonly version: string;
  /** Absolute path of the folder with the templates that `gov init` copies, one folder a preset. */
  readonly templates: string;
}

/** Tells the time; the application passes the machine's clock. */
interface Clock {
  readonly now: () => number;
  readonly monotonicMs: () => number;
}

/** What is asked of version control. Each answer is null or empty where there is no repository. */
export interface Git {
  /** The commit that is checked out, or null. */
  readonly revision: (directory: string) => Promise<string | null>;
  /** Seconds since the epoch of the last commit of each path below the directory, in one pass; uncommitted paths are absent. */
  readonly commitTimes: (directory: string) => Promise<ReadonlyMap<string, number>>;
  /** The configured `user.email`, or null. */
  readonly userEmail: (directory: string) => Promise<string | null>;
}
