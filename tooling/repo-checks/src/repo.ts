import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** What the checks look at: every tracked or trackable file with its text, read once. */
export interface Repo {
  /** POSIX path relative to the root, to text; sorted by path. */
  readonly files: ReadonlyMap<string, string>;
}

/** Reads the repository at `root`: what git tracks and what it would add, without what it ignores. */
export function readRepo(root: string): Repo {
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: root, encoding: "utf8" });
  const paths = [...new Set(listed.split("\0"))].filter(
    (path) => statSync(join(root, path), { throwIfNoEntry: false })?.isFile() && path !== "",
  );
  return { files: new Map(paths.sort().map((path) => [path, readFileSync(join(root, path), "utf8")])) };
}

/** Makes a repository of literal files, for tests. */
export function repoOf(files: Readonly<Record<string, string>>): Repo {
  return { files: new Map(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))) };
}
