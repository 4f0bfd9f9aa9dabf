import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import type { Git } from "./context.ts";
import { gitHistory } from "./git-history.ts";

const run = promisify(execFile);

/** Git as installed on the machine. A missing git or repository is an answer (nothing known), not a failure. */
export const nodeGit: Git = {
  async revision(directory) {
    return (await git(directory, ["rev-parse", "HEAD"]))?.trim() ?? null;
  },

  async commitTimes(directory) {
    const log = await git(directory, ["log", "--format=%x01%ct", "--name-only", "-z", "--relative", "--no-renames", "--", "."]);
    const dirty = await git(directory, ["status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--", "."]);
    const prefix = (await git(directory, ["rev-parse", "--show-prefix"]))?.trim() ?? "";
    const times = new Map<string, number>();
    if (log === null || dirty === null) return times;
    let time = 0;
    let isFirst = false;
    for (const token of log.split("\0")) {
      const commit = token.startsWith("\u0001") ? Number(token.slice(1)) : Number.NaN;
      const isCommit = Number.isInteger(commit);
      // Between the line of a commit and its first path stands a line feed, which belongs to neither.
      const path = isFirst ? token.slice(1) : token;
      if (isCommit) time = commit;
      else if (path !== "" && !times.has(path)) times.set(path, time);
      isFirst = isCommit;
    }
    // A path with changes that no commit holds has no commit time.
    for (const token of dirty.split("\0")) {
      const path = token.slice(3);
      if (path.startsWith(prefix)) times.delete(path.slice(prefix.length));
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
    return changed === null ? null : [...new Set([...names(changed), ...names(untracked ?? "")])].sort();
  },

  async staged(directory) {
    const listed = await git(directory, ["diff", "--cached", "--name-only", "-z", "--relative", "--no-renames", "--", "."]);
    if (listed === null) return null;
    const contents = names(listed).map(async (path) => [path, await gitBytes(directory, ["cat-file", "blob", `:./${path}`])] as const);
    return new Map(await Promise.all(contents));
  },

  async hooks(directory) {
    const path = (await git(directory, ["rev-parse", "--git-path", "hooks"]))?.trim();
    return path === undefined ? null : resolve(directory, path);
  },

  async mergeDriver(directory, path) {
    const answer = await git(directory, ["check-attr", "-z", "merge", "--", path]);
    return answer === null ? null : (names(answer)[2] ?? null);
  },

  async userEmail(directory) {
    return (await git(directory, ["config", "user.email"]))?.trim() ?? null;
  },
};

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
