import { execFile, spawn } from "node:child_process";
import { promisify } from "node:util";
import type { Revision } from "./context.ts";

const run = promisify(execFile);

// What stands further back is asked for by nobody who rolls back.
const maxCommits = 200;

/**
 * The files below a folder that `keep` accepts, as each commit that changed one of them left them, the oldest first. Two calls of git,
 * however long the history. Nothing where there is no repository.
 */
export async function gitHistory(directory: string, keep: (path: string) => boolean): Promise<readonly Revision[]> {
  const git = async (...args: readonly string[]) =>
    (await run("git", ["--no-optional-locks", "-C", directory, ...args], { maxBuffer: 1 << 30 })).stdout;
  let log: string;
  let prefix: string;
  try {
    log = await git("log", "--format=%x01%H", "--name-only", "-z", "--relative", "--no-renames", "--topo-order", "--", ".");
    prefix = (await git("rev-parse", "--show-prefix")).trim();
  } catch {
    return [];
  }
  const { commits, paths } = changedBy(log, keep);
  const newest = commits.slice(0, maxCommits).reverse();
  const wanted = newest.flatMap((commit) => paths.map((path) => ({ commit, path, name: `${commit}:${prefix}${path}` })));
  const contents = await readObjects(
    directory,
    wanted.map(({ name }) => name),
  );
  const files = new Map(newest.map((commit) => [commit, new Map<string, Uint8Array>()]));
  for (const [index, { commit, path }] of wanted.entries()) {
    const content = contents[index];
    if (content !== undefined && content !== null) files.get(commit)?.set(path, content);
  }
  return newest.map((commit) => ({ commit, files: files.get(commit) ?? new Map<string, Uint8Array>() }));
}

/** The commits of a log that changed a kept path, the newest first, and all those paths. */
function changedBy(
  log: string,
  keep: (path: string) => boolean,
): { readonly commits: readonly string[]; readonly paths: readonly string[] } {
  const commits = new Set<string>();
  const paths = new Set<string>();
  let commit = "";
  let isFirst = false;
  for (const token of log.split("\0")) {
    const isCommit = token.startsWith("\u0001");
    // Between the line of a commit and its first path stands a line feed, which belongs to neither.
    const path = isFirst ? token.slice(1) : token;
    if (isCommit) commit = token.slice(1);
    // The names of objects are asked for line by line.
    else if (path !== "" && !path.includes("\n") && keep(path)) {
      commits.add(commit);
      paths.add(path);
    }
    isFirst = isCommit;
  }
  return { commits: [...commits], paths: [...paths].sort() };
}

/** The contents of objects by name, in order; null for one that is not there. */
function readObjects(directory: string, names: readonly string[]): Promise<readonly (Uint8Array | null)[]> {
  if (names.length === 0) return Promise.resolve([]);
  return new Promise((resolve, reject) => {
    const child = spawn("git", ["-C", directory, "cat-file", "--batch"], { stdio: ["pipe", "pipe", "ignore"] });
    const chunks: Buffer[] = [];
    child.on("error", reject);
    child.stdin.on("error", reject);
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("close", () => resolve(parseBatch(Buffer.concat(chunks), names.length)));
    child.stdin.end(`${names.join("\n")}\n`);
  });
}

function parseBatch(output: Buffer, count: number): readonly (Uint8Array | null)[] {
  const contents: (Uint8Array | null)[] = [];
  let position = 0;
  while (contents.length < count && position < output.length) {
    const end = output.indexOf(0x0a, position);
    const [, type, size] = /^[0-9a-f]+ (\w+) (\d+)$/.exec(output.toString("utf8", position, end)) ?? [];
    position = end + 1;
    contents.push(type === "blob" ? new Uint8Array(output.subarray(position, position + Number(size))) : null);
    if (size !== undefined) position += Number(size) + 1;
  }
  return contents;
}
