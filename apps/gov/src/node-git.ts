import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { promisify } from "node:util";
import { openCachedHistory, openGitHistory } from "@gov/index-writer";
import type { Git } from "./context.ts";
import { gitHistory } from "./git-history.ts";

const run = promisify(execFile);

/** Git as installed on the machine. A missing git or repository is an answer (nothing known), not a failure. */
export const nodeGit: Git = {
  async revision(directory) {
    return (await git(directory, ["rev-parse", "HEAD"]))?.trim() ?? null;
  },

  async commitTimes(directory, cache) {
    const head = await git(directory, ["rev-parse", "HEAD", "--is-shallow-repository", "--show-prefix"]);
    const dirty = await git(directory, ["status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--", "."]);
    if (head === null || dirty === null) return new Map();
    const [commit = "", isShallow, ...rest] = head.split("\n");
    const prefix = rest.slice(0, -1).join("\n");
    const all = openGitHistory(directory);
    // What a shallow clone knows of a commit grows when it is deepened.
    const revision = async (): Promise<string | null> => (isShallow === "false" ? commit : null);
    const history = cache === null ? all : openCachedHistory({ ...cache, revision, history: all });
    const times = new Map<string, number>();
    for (const [path, time] of await history.commitTimes()) times.set(spelled(path), Math.max(time, times.get(spelled(path)) ?? time));
    // A path with changes that no commit holds has no commit time.
    for (const token of dirty.split("\0")) {
      const path = token.slice(3);
      if (path.startsWith(prefix)) times.delete(spelled(path.slice(prefix.length)));
    }
    return times;
  },

  async authors(directory, path) {
    const log = await git(directory, ["log", "--format=%aE", "--follow", "--", path]);
    return [...new Set((log ?? "").split("\n").filter((address) => address !== ""))].sort();
  },

  history: gitHistory,
  async changedSince(directory, revision) {
    const base = (await git(directory, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`]))?.trim();
    if (base === undefined) return null;
    const changed = await git(directory, ["diff", "--name-only", "-z", "--relative", "--no-renames", base, "--", "."]);
    const untracked = await git(directory, ["ls-files", "-z", "--others", "--exclude-standard", "--", "."]);
    return changed === null ? null : [...new Set([...names(changed), ...names(untracked ?? "")].map(spelled))].sort();
  },

  async staged(directory) {
    const listed = await git(directory, ["diff", "--cached", "--name-only", "-z", "--relative", "--no-renames", "--", "."]);
    if (listed === null) return null;
    const contents = names(listed).map(
      async (path) => [spelled(path), await gitBytes(directory, ["cat-file", "blob", `:./${path}`])] as const,
    );
    const found = await Promise.all(contents);
    // A file that was renamed into another Unicode form has gone and come under one path: what has come counts.
    return new Map([...found.filter(([, bytes]) => bytes === null), ...found.filter(([, bytes]) => bytes !== null)]);
  },

  async hooks(directory) {
    const folder = nearest(directory);
    const path = (await git(folder, ["rev-parse", "--git-path", "hooks"]))?.trim();
    return path === undefined ? null : resolve(folder, path);
  },

  async mergeDriver(directory, path) {
    const answer = await git(directory, ["check-attr", "-z", "merge", "--", path]);
    return answer === null ? null : (names(answer)[2] ?? null);
  },

  async userEmail(directory) {
    return (await git(nearest(directory), ["config", "user.email"]))?.trim() ?? null;
  },
};

/** The folder, or the nearest above it that is there: a root that is yet to be made will belong to the repository around it. */
function nearest(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearest(dirname(folder));
}

/** A path as every scan of the tree spells it. Git tells a name as it was committed, in whatever Unicode form. */
function spelled(path: string): string {
  return path.normalize("NFC");
}

function names(listing: string): readonly string[] {
  return listing.split("\0").filter((name) => name !== "");
}

async function gitBytes(directory: string, args: readonly string[]): Promise<Uint8Array | null> {
  try {
    const { stdout } = await run("git", ["--no-optional-locks", "-C", directory, ...args], { maxBuffer: 1 << 30, encoding: "buffer" });
    return stdout;
  } catch {
    // Deleted by the next commit.
    return null;
  }
}

async function git(directory: string, args: readonly string[]): Promise<string | null> {
  try {
    const { stdout } = await run("git", ["--no-optional-locks", "-C", directory, ...args], { maxBuffer: 1 << 30 });
    return stdout;
  } catch {
    // Not a repository, no commit yet, or no git: nothing is known, and callers say so.
    return null;
  }
}
