import { spawn } from "node:child_process";
import { once } from "node:events";
import { IndexError } from "./errors.ts";
import type { History } from "./history.ts";

/** Options of {@link openGitHistory}. */
export interface OpenGitHistoryOptions {
  /** Ends the pass. */
  readonly signal?: AbortSignal | undefined;
  /** The program. @default "git" */
  readonly git?: string | undefined;
}

// Begins a commit in the output; no path holds it.
const mark = "\u0001";

/**
 * The history of the git repository that a root lies in: the one Node default of the {@link History} port. However many paths are asked for, it is one `git log`
 * from the newest commit on, which ends as soon as every path asked for has been met. A rename is a change of both names; a merge counts where it differs from all parents.
 *
 * @throws {@link IndexError} `INDEX_HISTORY_FAILED` when git cannot be run or refuses; a repository without a commit has no times.
 * @example Ask for commit times
 * ```ts
 * import assert from "node:assert/strict";
 * import { execFileSync } from "node:child_process";
 * import { writeFileSync } from "node:fs";
 * import { openGitHistory } from "@gov/index-writer";
 *
 * execFileSync("git", ["init", "--quiet"]);
 * writeFileSync("plan.md", "# Plan\n");
 * execFileSync("git", ["add", "plan.md"]);
 * execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "--quiet", "--message=Plan", "--date=2026-01-01T00:00:00Z"]);
 * const times = await openGitHistory(".").commitTimes(["plan.md", "unknown.md"]);
 * assert.deepEqual([...times.keys()], ["plan.md"]);
 * ```
 */
export function openGitHistory(root: string, options: OpenGitHistoryOptions = {}): History {
  return { commitTimes: (paths) => (paths?.length === 0 ? Promise.resolve(new Map()) : readTimes(root, { ...options, paths })) };
}

async function readTimes(
  root: string,
  { paths, signal, git = "git" }: OpenGitHistoryOptions & { readonly paths: readonly string[] | undefined },
): Promise<ReadonlyMap<string, number>> {
  const wanted = paths === undefined ? null : new Set(paths);
  const times = new Map<string, number>();
  const log = ["log", `--format=${mark}%ct`, "--name-only", "-z", "--relative", "--no-renames", "--diff-merges=combined", "--no-ext-diff"];
  const child = spawn(git, ["-C", root, "-c", "log.showSignature=false", ...log, "HEAD", "--", "."], {
    stdio: ["ignore", "pipe", "pipe"],
    signal,
  });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (complaint = (complaint + text).slice(0, 2_000)));
  const ended = once(child, "close") as Promise<[code: number | null]>;
  ended.catch(() => undefined);
  let time = 0;
  let rest = "";
  try {
    for await (const text of child.stdout.setEncoding("utf8") as AsyncIterable<string>) {
      const fields = (rest + text).split("\0");
      rest = fields.pop() ?? "";
      for (const field of fields) {
        // After its time a commit's first path stands behind a line break.
        const [first, second] = field.startsWith(mark) ? field.split("\n", 2) : [undefined, field.replace(/^\n/, "")];
        if (first !== undefined) time = Number(first.slice(1));
        if (second === undefined) continue;
        if (wanted === null ? !times.has(second) : wanted.delete(second)) times.set(second, time);
      }
      if (wanted?.size === 0) {
        child.kill();
        return times;
      }
    }
    const [code] = await ended;
    // Without a commit there is no HEAD, and nothing has a time.
    if (code !== 0 && !/\bHEAD\b/.test(complaint)) throw new Error(complaint.trim());
    return times;
  } catch (error) {
    signal?.throwIfAborted();
    throw new IndexError("INDEX_HISTORY_FAILED", `Cannot read the history of "${root}": git does not give it`, {
      cause: error,
      details: { root },
      hint: "check that git is installed and the root lies in a repository that this user may read",
    });
  }
}
