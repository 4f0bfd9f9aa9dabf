import { execFileSync } from "node:child_process";
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { nodeFileSystem } from "@gov/atomic-io";
import { fileURLToPath } from "node:url";
import type { Finding } from "@gov/schema";
import { afterEach } from "vitest";
import type { World } from "../src/context.ts";
import { httpGet } from "../src/http-get.ts";
import { main } from "../src/main.ts";
import { nodeGit } from "../src/node-git.ts";
import { runModule } from "../src/run-module.ts";
import type { Terminal } from "../src/terminal.ts";

/** What one call of `gov` printed and returned. */
export interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** The parsed standard output of a `--format json` call. */
  readonly json: () => Readonly<Record<string, unknown>>;
}

const directories: string[] = [];

afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

/** A fresh folder with the given files, removed after the test. */
export function folder(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), "gov-cli-")));
  directories.push(directory);
  for (const [path, content] of Object.entries(files)) write(directory, path, content);
  return directory;
}

/** Writes one file below the folder. */
export function write(directory: string, path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(directory, path)), { recursive: true });
  writeFileSync(join(directory, path), content);
}

/** Makes the folder a repository with one commit of everything in it. */
export function commit(directory: string, seconds = 1_700_000_000): void {
  const date = `${seconds} +0000`;
  const env = {
    ...process.env,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_DATE: date,
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_SYSTEM: "/dev/null",
  };
  const identity = [
    "-c",
    "user.name=Test",
    "-c",
    "user.email=test@example.org",
    "-c",
    "init.defaultBranch=main",
    "-c",
    "commit.gpgsign=false",
  ];
  for (const args of [
    ["init", "-q"],
    ["add", "-A"],
    ["commit", "-qm", "Documents"],
  ])
    execFileSync("git", [...identity, ...args], { cwd: directory, env });
}

/** Calls `gov` in process, with a clock that stands still. */
export function gov(cwd: string, ...argv: string[]): Promise<Run> {
  return govWith({}, cwd, ...argv);
}

/** The world of tests: a clock that stands still, nobody to ask, and the files that are there. */
export function worldIn(cwd: string): World {
  return {
    cwd,
    env: {},
    fs: nodeFileSystem,
    space: async () => ({ type: 0, totalBytes: 1e12, freeBytes: 5e11 }),
    clock: { now: () => Date.UTC(2026, 10, 21, 9, 0, 0), monotonicMs: () => 0 },
    lockWaitMs: 0,
    untilStopped: () => Promise.resolve(),
    git: { ...nodeGit, userEmail: async () => "test@example.org" },
    rerun: () => Promise.reject(new Error("Not in tests")),
    runModule,
    httpGet,
    after: () => () => undefined,
    stamps: () => new Float64Array(),
    version: testVersion,
    templates: fileURLToPath(new URL("../templates/", import.meta.url)),
    stdin: async () => new Uint8Array(),
    ask: null,
  };
}

const testVersion = "0.0.0-test";

/** The same in a world that differs. */
export async function govWith(differing: Partial<World>, cwd: string, ...argv: string[]): Promise<Run> {
  let out = "";
  let err = "";
  const world: World = { ...worldIn(cwd), ...differing };
  const terminal: Terminal = {
    out: (text) => (out += text),
    err: (text) => (err += text),
    colour: false,
    isWatched: false,
    columns: 80,
  };
  const code = await main(argv, { version: testVersion, world: () => world }, terminal);
  return { code, out, err, json: () => JSON.parse(out) as Readonly<Record<string, unknown>> };
}

/** Everything below a folder, with what it holds and when it was changed: two equal listings mean that nothing was touched. */
export function listing(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .sort()
    .map((path) => {
      const stat = lstatSync(join(directory, path), { bigint: true });
      const content = stat.isFile() ? readFileSync(join(directory, path)).toString("base64") : "";
      return `${path} ${stat.mode} ${stat.mtimeNs} ${stat.ctimeNs} ${content}`;
    });
}

/** Findings of a `--format json` call. */
export function findingsOf(run: Run): readonly Finding[] {
  return run.json()["findings"] as readonly Finding[];
}
