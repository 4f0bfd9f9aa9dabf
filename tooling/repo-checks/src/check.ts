import type { Repo } from "./repo.ts";

/** One broken rule at one place. */
export interface Violation {
  /** POSIX path relative to the root of the repository. */
  readonly path: string;
  /** 1-based; 1 when the whole file is meant. */
  readonly line: number;
  /** What is wrong, and what would be right. */
  readonly message: string;
}

/** One rule of the house, as a pure function of the repository. */
export interface Check {
  /** kebab-case; also the argument that runs this check alone. */
  readonly name: string;
  readonly run: (repo: Repo) => readonly Violation[] | Promise<readonly Violation[]>;
}

/** Orders violations by path, line and message, by code unit. */
export function compareViolations(a: Violation, b: Violation): number {
  return compareText(a.path, b.path) || a.line - b.line || compareText(a.message, b.message);
}

/** Orders texts by code unit, the same everywhere. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
