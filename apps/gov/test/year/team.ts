/** What one call of `gov` came to; null when its process died first, so that nobody was told anything. */
export type Answer = { readonly code: number; readonly out: string; readonly err: string } | null;

/** Somebody with a clone, or on a machine that shares the files of another. */
export interface Team {
  /** Calls `gov` in a folder of the repository; with a number from 0 to 1, its process dies about there. */
  readonly gov: (folder: string, argv: readonly string[], options?: CallOptions) => Promise<Answer>;
  /** Text of a file, its path relative to the repository, or null. */
  readonly read: (path: string) => Promise<string | null>;
  /** What an editor does: the whole text, synced; null removes the file. */
  readonly edit: (path: string, text: string | null) => Promise<void>;
  /** Folder of an environment that documents are promoted to, outside of the repository. */
  readonly environment: (folder: string, name: string) => string;
  /** First instant at which a waiver that is granted now is not in force any more. */
  readonly waiverEnds: () => string;
  readonly commit: (message: string) => Promise<void>;
  /** Does one thing on a branch and the other on the main line, both committed, and merges the branch. */
  readonly branch: (work: { readonly onBranch: () => Promise<void>; readonly onMain: () => Promise<void> }) => Promise<void>;
  /** Lets time pass, where time can be told to; where it cannot, until the waivers that were granted have ended. */
  readonly pass: (days: number) => Promise<void>;
  /** How many calls died. */
  readonly deaths: () => number;
}

/** How one call is made. */
export interface CallOptions {
  readonly dies?: number | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** The other machine: another network namespace where processes are real. */
  readonly elsewhere?: boolean | undefined;
}

/** Numbers that follow from a seed, from 0 up to 1. */
export type Random = () => number;

/** Mulberry32. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
