import { execFileSync } from "node:child_process";
import { mkdir, utimes, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { scanContents } from "@gov/index-writer";
import { runCommand } from "@gov/tooling-pack-smoke/run-command";
import { openBareLook } from "./bare-look.ts";
import type { PreparedRow, Row, RowContext } from "../row.ts";

/** Until V8 has compiled what each file runs through, which belongs to the start of Node: the times fall until about the fortieth scan. */
const warmScans = 40;

/** Looking at a tree of files again, hashing it from nothing with the page cache warm, and with it evicted. */
export const indexScanRows: readonly Row[] = [
  { id: "index-rescan", title: "look again at 10,000 files that have not changed", prepare: prepareRescan },
  {
    id: "index-hash-warm",
    title: "hash 10,000 files of 5 KB that the page cache holds",
    prepare: (context) => prepareHash(context, "warm"),
  },
  {
    id: "index-hash-cold",
    title: "hash 10,000 files of 5 KB after the page cache was evicted",
    prepare: (context) => prepareHash(context, "cold"),
  },
];

async function prepareRescan(context: RowContext): Promise<PreparedRow> {
  const { root, count } = await tree(context);
  const git = (...args: readonly string[]): string =>
    execFileSync("git", ["-C", root, ...args], { encoding: "utf8", env: { ...process.env, GIT_OPTIONAL_LOCKS: "1" } });
  await writeFile(join(root, ".gitignore"), ".gov/\n");
  git("init", "--quiet");
  git("add", "--all");
  git("-c", "user.name=bench", "-c", "user.email=bench@example.org", "commit", "--quiet", "--message=all");
  // Older than the first scan, so that neither has to read a file for the racy rule.
  await setTimeout(1_100);
  git("status", "--porcelain");
  const threads = Math.min(4, availableParallelism());
  const bare = openBareLook(root, threads);
  for (let time = 0; time < warmScans; time++) {
    await scanContents(root);
    await bare.look();
  }
  const { reused, hashed } = await scanContents(root);
  if (reused !== count + 1 || hashed !== 0) throw new Error(`Cannot compare: ${hashed} of ${count} files are hashed again`);
  return {
    subject: "@gov/index-writer scanContents",
    contenders: [
      { name: "@gov/index-writer scanContents", operations: count, run: async () => void (await scanContents(root)) },
      { name: `the bare calls on ${threads} threads`, operations: count, run: bare.look },
      { name: "git status, its start included", operations: count, run: () => void git("status", "--porcelain") },
      { name: "xargs sha256sum", operations: count, run: () => sha256sum(root, []) },
    ],
    rounds: context.quick ? 5 : 20,
    warmups: 2,
    notes: [
      `${count} files in 100 folders; milliseconds per file. The bare calls list the folders and examine each file, and nothing is done with what they tell. scanContents reads its cache, walks the tree and examines every file; the start of Node, with V8 compiling what it runs, is not counted.`,
    ],
  };
}

async function prepareHash(context: RowContext, state: "warm" | "cold"): Promise<PreparedRow> {
  const { root, count } = await tree(context);
  const processes = state === "warm" ? [] : ["-P", "8", "-n", "200"];
  const before = state === "warm" ? async () => undefined : () => evict(root);
  const scan = async (): Promise<void> => {
    await before();
    const { hashed } = await scanContents(root, { cache: null });
    if (hashed !== count) throw new Error(`Cannot compare: ${hashed} of ${count} files are hashed`);
  };
  for (let time = 0; time < (state === "warm" ? warmScans : 1); time++) await scan();
  return {
    subject: "@gov/index-writer scanContents, no cache",
    contenders: [
      { name: "@gov/index-writer scanContents, no cache", operations: count, run: scan },
      {
        name: ["xargs", ...processes, "sha256sum"].join(" "),
        operations: count,
        run: async () => (await before(), sha256sum(root, processes)),
      },
      ...(state === "cold" ? [{ name: "the eviction alone", operations: count, run: before }] : []),
    ],
    rounds: context.quick ? 3 : state === "warm" ? 15 : 9,
    warmups: state === "warm" ? 2 : 1,
    notes: [
      `${count} files in 100 folders; milliseconds per file.`,
      ...(state === "cold"
        ? ["Every run begins by evicting the files, whose share the last line shows: to be taken off both others before they are compared."]
        : []),
    ],
  };
}

async function tree({ scratch, quick, random }: RowContext): Promise<{ readonly root: string; readonly count: number }> {
  const count = quick ? 1_000 : 10_000;
  const root = join(scratch, "tree");
  const past = new Date("2025-01-01T00:00:00Z");
  for (let folder = 0; folder < 100; folder++) {
    const directory = join(root, `part-${folder}`);
    await mkdir(directory, { recursive: true });
    for (let file = 0; file < count / 100; file++) {
      const path = join(directory, `plan-${file}.md`);
      await writeFile(path, `${random()}`.padEnd(5_000, "text "));
      await utimes(path, past, past);
    }
  }
  execFileSync("sync");
  return { root, count };
}

function sha256sum(root: string, options: readonly string[]): void {
  execFileSync("sh", ["-c", `find . -name '*.md' -print0 | xargs -0 ${options.join(" ")} sha256sum > /dev/null`], { cwd: root });
}

const evictScript = `
import os, sys
for folder, _, names in os.walk(sys.argv[1]):
    for name in names:
        file = os.open(os.path.join(folder, name), os.O_RDONLY)
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(file)
`;

async function evict(root: string): Promise<void> {
  await runCommand(["python3", "-c", evictScript, root], { cwd: root });
}
