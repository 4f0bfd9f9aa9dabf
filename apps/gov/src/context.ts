import type { FileSystem, SpaceProbe } from "@gov/atomic-io";
import type { Spans } from "@gov/telemetry/otel";
import type { LogPlaces } from "./log-places.ts";
import type { ModuleRun } from "./run-module.ts";

/** The world as the application finds it. `node-world.ts` fills it with the real one, tests with another. */
export interface World {
  /** Absolute path that relative arguments are resolved against. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly fs: FileSystem;
  /** Asks how much room there is where a path is. */
  readonly space: SpaceProbe;
  readonly clock: Clock;
  /** How long to wait for another process that writes, in milliseconds. */
  readonly lockWaitMs: number;
  readonly git: Git;
  /** Runs this program anew with other arguments, some variables of its environment changed, and gives what it printed. */
  readonly rerun: (argv: readonly string[], env: Readonly<Record<string, string>>) => Promise<string>;
  /** Runs exactly these bytes as a module that may read a folder and nothing else, and gives what its default export gives. */
  readonly runModule: (bytes: Uint8Array, run: ModuleRun) => Promise<unknown>;
  /** Asks an address; reads a little of the answer, and throws when nobody answers. */
  readonly httpGet: (
    url: string,
    options: { readonly signal: AbortSignal },
  ) => Promise<{ readonly status: number; readonly body: Uint8Array }>;
  /** Calls back after a while; returns a function that cancels. */
  readonly after: (milliseconds: number, callback: () => void) => () => void;
  /**
   * What files and folders look like from outside, such that it changes with whatever they hold: {@link stampLength} numbers each, the last the milliseconds
   * since the epoch at which its attributes or content last changed; zeros for one that is not there, and a change that never settles for one out of sight.
   */
  readonly stamps: (paths: readonly string[]) => Float64Array;
  readonly version: string;
  /** Absolute path of the folder with the templates that `gov init` copies, one folder a preset. */
  readonly templates: string;
  /** Settles when a command that goes on until it is stopped should end. */
  readonly untilStopped: () => Promise<void>;
  /** All of standard input; of more than `maxBytes`, the first part, which is longer than that too. */
  readonly stdin: (maxBytes?: number) => Promise<Uint8Array>;
  /** Asks a person for one line; null where nobody is there to answer. */
  readonly ask: ((question: string) => Promise<string>) | null;
}

/** Numbers in what one file looks like. */
export const stampLength = 4;

/** The world as one call of a command sees it: its file system is read-only until {@link Context.permit}. */
export interface Context extends World, LogPlaces {
  /** Tells what is being done; shown on standard error when it takes long, or with `--verbose`. */
  readonly progress: (doing: string) => void;
  /** The same file system for what can be thrown away and made again, such as caches; nobody is asked, and it stays inside the root all the same. */
  readonly cacheFs: FileSystem;
  /** Says one line at once, on standard error: for a command that goes on until it is stopped. */
  readonly tell: (line: string) => void;
  /** Lets the rest of the call write. Called by `authorize`, and by nothing else. */
  readonly permit: () => void;
  /** Spans of OpenTelemetry around what takes time; null where no collector is configured. */
  readonly spans: Spans | null;
  /** Whether it was: asked before anything is changed that is no file, such as a table. */
  readonly isPermitted: () => boolean;
  /** Told which root the call works on: nothing is written outside of it, and reports name paths from the top of the repository. */
  readonly opened: (directory: string) => void;
  /** Lets the call write below a folder outside of the root as well, and make it: one that whoever calls has named. */
  readonly writesBelow: (directory: string) => void;
  /** Refuses a path through which a link leads out of the root, for whoever would rather know before anything is changed. */
  readonly mustStayInside: (path: string) => Promise<void>;
}

/** Tells the time; the application passes the machine's clock. */
interface Clock {
  readonly now: () => number;
  readonly monotonicMs: () => number;
}

/** Some files as a commit has them. */
export interface Revision {
  readonly commit: string;
  /** Bytes by POSIX path relative to the directory asked for. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** A file in which commit times may be remembered. */
interface HistoryCache {
  readonly path: string;
  readonly fs: FileSystem;
}

/** What is asked of version control. Each answer is null or empty where there is no repository. */
export interface Git {
  /** The commit that is checked out, or null. */
  readonly revision: (directory: string) => Promise<string | null>;
  /** Seconds since the epoch of the last commit of each path below the directory, in one pass or from a cache; uncommitted paths are absent. */
  readonly commitTimes: (directory: string, cache: HistoryCache | null) => Promise<ReadonlyMap<string, number>>;
  /** The addresses of everybody who committed to a path below the directory, sorted. */
  readonly authors: (directory: string, path: string) => Promise<readonly string[]>;
  /** The files below the directory that `keep` accepts, as each commit that changed one of them left them, the oldest first. */
  readonly history: (directory: string, keep: (path: string) => boolean) => Promise<readonly Revision[]>;
  /** Paths below the directory that differ from a revision, uncommitted and untracked ones included; null where the revision is unknown. */
  readonly changedSince: (directory: string, revision: string) => Promise<readonly string[] | null>;
  /** What the next commit would change below the directory, by path; null is a file that it deletes, and for no repository at all. */
  readonly staged: (directory: string) => Promise<ReadonlyMap<string, Uint8Array | null> | null>;
  /** Absolute path of the folder that holds the hooks; null for no repository. */
  readonly hooks: (directory: string) => Promise<string | null>;
  /** How a merge treats a path: the value of its attribute `merge`, such as `union`; null for no repository at all. */
  readonly mergeDriver: (directory: string, path: string) => Promise<string | null>;
  /** The configured `user.email`, or null. */
  readonly userEmail: (directory: string) => Promise<string | null>;
}
