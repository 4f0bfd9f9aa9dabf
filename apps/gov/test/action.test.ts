import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseDocument } from "@gov/schema";
import { describe, expect, it } from "vitest";
import { folder } from "./harness.ts";

const action = fileURLToPath(new URL("../action/", import.meta.url));
const bin = fileURLToPath(new URL("../src/bin.ts", import.meta.url));
const node = join(createRequire(import.meta.url).resolve("node/package.json", { paths: [join(action, "../../..")] }), "../bin/node");

/** Runs the script of the action as a workflow does, with `gov` from its sources. */
function runAction(root: string, env: Readonly<Record<string, string>> = {}) {
  const runner = folder({ output: "", summary: "" });
  const gov = join(runner, "gov");
  writeFileSync(gov, `#!/bin/sh\nexec "${node}" --conditions=@gov/source "${bin}" "$@"\n`);
  chmodSync(gov, 0o755);
  const files = { GITHUB_OUTPUT: join(runner, "output"), GITHUB_STEP_SUMMARY: join(runner, "summary"), RUNNER_TEMP: runner };
  const run = spawnSync(join(action, "check.sh"), {
    encoding: "utf8",
    env: { ...process.env, ...files, GOV_COMMAND: gov, GOV_ROOT: root, ...env },
  });
  const outputs = Object.fromEntries(
    readFileSync(files.GITHUB_OUTPUT, "utf8")
      .trim()
      .split("\n")
      .map((line) => line.split("=") as [string, string]),
  );
  return { run, outputs, summary: readFileSync(files.GITHUB_STEP_SUMMARY, "utf8") };
}

describe("action/action.yml", () => {
  it("never writes an input into the text of a script", () => {
    const path = join(action, "action.yml");
    const parsed = parseDocument({ path: "action.yml", bytes: readFileSync(path) });
    expect(parsed.ok).toBe(true);
    const { runs } = (parsed.ok ? parsed.value.data : {}) as {
      runs: { using: string; steps: { run?: string; shell?: string; uses?: string }[] };
    };
    expect(runs.using).toBe("composite");
    for (const { run, shell, uses } of runs.steps) {
      expect([run ?? uses].filter(Boolean)).toHaveLength(1);
      expect(run ?? "").not.toContain("${{");
      if (run !== undefined) expect(shell).toBe("bash");
    }
  });

  it("annotates, writes SARIF and a summary, and hands on the exit code (SCH-09, QAC-11)", () => {
    const { run, outputs, summary } = runAction(folder({ "gov.yaml": "version: 1\n", "a.yaml": "id: [\n" }));
    expect([run.status, outputs["exit-code"]]).toEqual([0, "1"]);
    expect(run.stdout).toMatch(/^::error file=a\.yaml,line=\d+/m);
    expect(JSON.parse(readFileSync(outputs["sarif"] ?? "", "utf8"))).toMatchObject({ version: "2.1.0" });
    expect(summary).toBe(readFileSync(outputs["markdown"] ?? "", "utf8"));
    expect(summary).toContain("a.yaml");
  });

  it("passes a clean root, and runs nothing that stands in an input", () => {
    const root = folder({ "gov.yaml": "version: 1\n" });
    expect(runAction(root).outputs["exit-code"]).toBe("0");
    const beacon = join(folder(), "ran");
    const { outputs } = runAction(root, { GOV_ARGUMENTS: `$(touch ${beacon}) ; touch ${beacon} --quiet` });
    expect([outputs["exit-code"], existsSync(beacon)]).toEqual(["2", false]);
  });
});

describe("templates/workflows", () => {
  it("runs what is due, commits what was told, and never writes an input into a script (PLN-10)", () => {
    const path = fileURLToPath(new URL("../templates/workflows/gov-run-due.yml", import.meta.url));
    const parsed = parseDocument({ path: "gov-run-due.yml", bytes: readFileSync(path) });
    const { jobs, on } = (parsed.ok ? parsed.value.data : {}) as {
      on: { schedule: { cron: string }[] };
      jobs: Record<string, { steps: { run?: string; env?: Record<string, string> }[] }>;
    };
    expect(on.schedule[0]?.cron).toMatch(/^\d+ \d+ \* \* \*$/);
    const steps = jobs["run-due"]?.steps.filter(({ run }) => run !== undefined) ?? [];
    for (const { run } of steps) expect(run).not.toContain("${{");
    const root = folder({ "gov.yaml": "version: 1\n" });
    const bare = folder();
    const tools = folder();
    writeFileSync(join(tools, "npx"), `#!/bin/sh\nshift 2\nexec "${node}" --conditions=@gov/source "${bin}" "$@"\n`);
    chmodSync(join(tools, "npx"), 0o755);
    const env = {
      ...process.env,
      PATH: `${tools}:${process.env["PATH"] ?? ""}`,
      GOV_ROOT: ".",
      GOV_VERSION: "1",
      GITHUB_OUTPUT: join(bare, "out"),
    };
    const [due, commit, exit] = steps.map(({ run = "" }) => run);
    const sh = (script = "", more = {}) =>
      spawnSync("bash", ["-e", "-c", script], { cwd: root, encoding: "utf8", env: { ...env, ...more } });
    sh(`git init -q --bare ${bare}/remote && git init -q -b main && git add -A && git -c user.name=a -c user.email=a@b commit -qm a`);
    sh(`git remote add origin ${bare}/remote && git push -q -u origin main && echo "told" > told.txt`);
    const ran = sh(due);
    expect([ran.status, ran.stderr]).toEqual([0, ""]);
    expect(ran.stdout).toContain("CLI_SNAPSHOT_NOT_TAKEN");
    expect(readFileSync(join(bare, "out"), "utf8")).toBe("code=0\n");
    expect([sh(commit).status, sh("git log --format=%s origin/main").stdout]).toEqual([0, "Record what was due\na\n"]);
    expect([sh(commit).status, sh("git status --short").stdout]).toEqual([0, ""]);
    expect([sh(exit, { CODE: "1" }).status, sh(exit, { CODE: "0" }).status]).toEqual([1, 0]);
  });
});
