import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { acquireLock } from "@gov/atomic-io/lock";
import { describe, expect, it } from "vitest";
import { cycle, governed, places } from "./governed.ts";
import { folder, gov, listing } from "./harness.ts";

const bin = fileURLToPath(new URL("../src/bin.ts", import.meta.url));
// The Node of the workspace runs TypeScript as it is; the one that runs the tests may be older.
const node = join(
  createRequire(import.meta.url).resolve("node/package.json", { paths: [fileURLToPath(new URL("../../../", import.meta.url))] }),
  "../bin/node",
);
const argv = (...words: readonly string[]) => ["--conditions=@gov/source", bin, ...words];

/** Waits until a text has been printed. */
async function printed(stream: NodeJS.ReadableStream, text: string): Promise<void> {
  let all = "";
  for await (const chunk of stream) {
    all += String(chunk);
    if (all.includes(text)) return;
  }
  throw new Error(`Never printed "${text}", but: ${all}`);
}

describe("gov as a process", () => {
  it("prints nothing but JSON on standard output, and exits with the code of the command (SCH-11)", () => {
    const root = folder({ "gov.yaml": "version: 1\n", "a.yaml": "id: [\n" });
    const run = spawnSync(node, argv("check", root, "--format", "json"), { encoding: "utf8" });
    expect([run.status, run.stderr]).toEqual([1, ""]);
    expect(JSON.parse(run.stdout)).toMatchObject({ ok: false, summary: { files: 1 } });
    const version = spawnSync(node, argv("--version"), { encoding: "utf8" });
    expect([version.status, /^\d+\.\d+\.\d+/.test(version.stdout)]).toEqual([0, true]);
  });

  it("reads standard input to its end, and where it has none no more than it may (TEL-13)", async () => {
    expect(spawnSync(node, argv("lint", "--logs", "-"), { input: "{}\n", encoding: "utf8" }).stdout).toContain("1 line: 4 findings");
    const child = spawn(node, argv("lint", "--logs", "-"), { stdio: ["pipe", "ignore", "pipe"] });
    const chunk = Buffer.alloc(1 << 20, "\n");
    // Who is read no further is told so by the pipe.
    child.stdin.on("error", () => undefined).on("drain", () => child.stdin.write(chunk));
    child.stdin.write(chunk);
    const [[code]] = await Promise.all([once(child, "exit"), printed(child.stderr, "it has more than 67108864 bytes")]);
    expect(code).toBe(3);
  });

  it("prints errors on standard error, and a stack only with --debug (SCH-11)", () => {
    const gone = spawnSync(node, argv("check", "/nowhere/at/all"), { encoding: "utf8" });
    expect([gone.status, gone.stdout]).toEqual([3, ""]);
    expect(gone.stderr).toContain("CLI_ROOT_UNUSABLE");
    expect(gone.stderr).not.toMatch(/^\s+at /m);
    const debug = spawnSync(node, argv("check", "/nowhere/at/all", "--debug"), { encoding: "utf8" });
    expect([debug.status, /^\s+at /m.test(debug.stderr)]).toEqual([3, true]);
  });

  it.runIf(process.platform === "linux")(
    "says that its answer cannot be printed, where the disk behind standard output is full (SCH-11)",
    () => {
      const full = openSync("/dev/full", "w");
      try {
        const run = spawnSync(node, argv("--help"), { encoding: "utf8", stdio: ["ignore", full, "pipe"] });
        expect([run.status, run.stderr]).toEqual([4, expect.stringMatching(/^gov: Cannot print the answer: ENOSPC.* CLI_ENOSPC\n$/)]);
      } finally {
        closeSync(full);
      }
    },
  );

  it("selects the same under other locales and time zones, by processes of its own (HYD-03)", () => {
    const root = governed();
    const run = spawnSync(node, argv("hydrate", root, "--dry-run", "--sentinel", "--format", "json"), { encoding: "utf8" });
    expect([run.status, run.stderr]).toEqual([0, ""]);
    expect(JSON.parse(run.stdout)).toMatchObject({ ok: true, sentinel: { ok: true, differences: [] } });
  });

  it("says what is wrong when its working directory is gone", () => {
    const directory = folder();
    const script = `rmdir "$PWD"; exec "$0" "$@"`;
    const run = spawnSync("sh", ["-c", script, node, ...argv("check")], { cwd: directory, encoding: "utf8" });
    rmSync(directory, { recursive: true, force: true });
    expect(run.status).toBe(4);
    expect(run.stderr).toContain("CLI_ENOENT");
    expect(run.stderr).not.toMatch(/^\s+at /m);
  });

  it("is not disturbed by a reader that stops early", () => {
    const documents = Object.fromEntries(Array.from({ length: 3000 }, (_, index) => [`d${index}.yaml`, "id: [\n"]));
    const root = folder({ "gov.yaml": "version: 1\n", ...documents });
    const script = `"$0" "$@" | head -n 1; echo "$?"`;
    const run = spawnSync("sh", ["-c", script, node, ...argv("check", root)], { encoding: "utf8" });
    expect(run.stdout).toBe("d0.yaml\n0\n");
    expect(run.stderr).toBe("");
  });

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("ends on %s with exit code %i and leaves a log that holds", async (signal, code) => {
    const root = governed();
    expect((await gov(root, "cycle", cycle, "create_plan")).code).toBe(0);
    // Whoever waits for the log is certainly running.
    const lock = await acquireLock(join(root, `${places.log}.lock`));
    const child = spawn(node, ["--conditions=@gov/source", "--import", announcement(), bin, "cycle", cycle, "update_plan"], { cwd: root });
    const exited = once(child, "exit");
    await printed(child.stderr, "ready");
    child.kill(signal);
    expect(await exited).toEqual([code, null]);
    await lock.release();
    expect((await gov(root, "audit", "verify")).out).toContain("1 entry");
    expect((await gov(root, "cycle", cycle, "update_plan")).code).toBe(0);
  });

  it("writes compiled code to the cache of whoever calls it and nothing else beside the root, and nothing at all where Node is told so", () => {
    const root = folder({ "gov.yaml": "version: 1\n", "a.yaml": "id: a\n" });
    const before = listing(root);
    const writtenBy = (more: Readonly<Record<string, string>>) => {
      const home = folder();
      const { XDG_CACHE_HOME: _cache, NODE_COMPILE_CACHE: _folder, NODE_DISABLE_COMPILE_CACHE: _off, ...env } = process.env;
      const run = spawnSync(node, argv("check", root), { encoding: "utf8", env: { ...env, HOME: home, TMPDIR: home, ...more } });
      expect([run.stderr, run.stdout]).toEqual(["", expect.stringContaining("1 file read")]);
      expect(listing(root)).toEqual(before);
      return readdirSync(home, { recursive: true, encoding: "utf8" }).map((path) => path.split(sep).join("/"));
    };
    const written = writtenBy({});
    const compiled = ".cache/gov/compiled";
    expect(written.filter((path) => !path.startsWith(`${compiled}/`)).sort()).toEqual([".cache", ".cache/gov", compiled]);
    expect(written.length).toBeGreaterThan(10);
    expect(writtenBy({ NODE_DISABLE_COMPILE_CACHE: "1" })).toEqual([]);
  });

  it("draws no colour into a pipe", () => {
    const run = spawnSync(node, argv("--help"), { encoding: "utf8", env: { ...process.env, FORCE_COLOR: "1" } });
    // eslint-disable-next-line no-control-regex -- the escape character is exactly what is looked for
    expect(run.stdout).not.toMatch(/\u001b/);
  });
});

/** A module that says when the signal handlers stand: they are set before anything is read. */
function announcement(): string {
  const directory = folder({
    "announce.mjs": `const on = process.on.bind(process);
process.on = (name, listener) => {
  on(name, listener);
  if (name === "SIGTERM") setImmediate(() => process.stderr.write("ready\\n"));
  return process;
};
`,
  });
  return join(directory, "announce.mjs");
}
