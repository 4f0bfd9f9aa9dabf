import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type FileSystem, nodeFileSystem } from "@gov/atomic-io";
import { parseDocument } from "@gov/schema";
import { describe, expect, it } from "vitest";
import { cycle, governed, places } from "./governed.ts";
import { folder, gov, govWith, type Run, write } from "./harness.ts";

interface Parameter {
  readonly name: string;
  readonly value: string;
}

interface Template {
  readonly name: string;
  readonly dag?: { readonly tasks: readonly Task[] };
  readonly retryStrategy?: { readonly limit: number };
  readonly container?: { readonly args: readonly string[] };
}

interface Task {
  readonly name: string;
  readonly dependencies?: readonly string[];
  readonly template: string;
  readonly arguments: { readonly parameters: readonly Parameter[] };
}

const path = fileURLToPath(new URL("../examples/workflow/release.argo.yaml", import.meta.url));
const parsed = parseDocument({ path: "release.argo.yaml", bytes: readFileSync(path) });
if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
const { templates } = (parsed.value.data as unknown as { readonly spec: { readonly templates: readonly Template[] } }).spec;
const template = (name: string): Template => templates.find((one) => one.name === name) as Template;

/** The command line of a step, its parameters filled in as the engine does. */
function commandOf({ container }: Template, parameters: readonly Parameter[]): readonly string[] {
  const values = new Map(parameters.map(({ name, value }) => [`{{inputs.parameters.${name}}}`, value]));
  return (container?.args ?? []).map((word) => values.get(word) ?? word.replace("{{workflow.parameters.cycle}}", cycle));
}

/** The file system, whose n-th call that changes something fails as a disk does. */
function failingAt(n: number): FileSystem {
  let calls = 0;
  const count = (): void => {
    if (++calls === n) throw Object.assign(new Error("EIO: i/o error"), { code: "EIO", errno: -5, syscall: "write" });
  };
  return {
    ...nodeFileSystem,
    open: async (path, intent, mode) => {
      if (intent !== "read" && intent !== "directory") count();
      return nodeFileSystem.open(path, intent, mode);
    },
    rename: async (from, to) => (count(), nodeFileSystem.rename(from, to)),
    mkdir: async (path) => (count(), nodeFileSystem.mkdir(path)),
  };
}

describe("examples/workflow/release.argo.yaml", () => {
  it("takes a cycle to the hand-over although the disk fails under every step and every answer is lost once", async () => {
    const root = governed();
    const tasks = template("release").dag?.tasks ?? [];
    const done: string[] = [];
    for (const task of tasks) {
      expect((task.dependencies ?? []).filter((name) => !done.includes(name))).toEqual([]);
      const argv = commandOf(template(task.template), task.arguments.parameters);
      const log = (): string => readFileSync(join(root, places.log), "utf8");
      const tried: Run[] = [];
      for (const n of [1, 2, 3]) tried.push(await govWith({ fs: failingAt(n) }, root, ...argv));
      tried.push(await gov(root, ...argv));
      expect(
        tried.map(({ code }) => code).filter((code) => ![0, 4].includes(code)),
        JSON.stringify(tried),
      ).toEqual([]);
      expect(tried.at(-1)?.code, tried.at(-1)?.out).toBe(0);
      const before = log();
      const again = await gov(root, ...argv);
      expect([again.code, log()]).toEqual([0, before]);
      if (task.template === "transition") expect(tried[0]?.code).toBe(4);
      done.push(task.name);
    }
    expect(done).toEqual(["plan", "hand-off", "verify-log"]);
    expect((await gov(root, "cycle", cycle, "--format", "json")).json()["cycles"]).toMatchObject([{ state: "READY_FOR_HANDOFF" }]);
    expect((await gov(root, "audit", "verify")).out).toContain("3 entries");
  });

  it("stops at a gate that says no, which no engine should try again", async () => {
    const root = governed();
    write(root, places.backlog, "nothing\n");
    const [plan, handOff] = (template("release").dag?.tasks ?? []).map((task) =>
      commandOf(template(task.template), task.arguments.parameters),
    );
    expect((await gov(root, ...(plan ?? []))).code).toBe(0);
    expect((await gov(root, ...(handOff ?? []))).code).toBe(1);
    expect(template("transition").retryStrategy).toMatchObject({ expression: expect.stringContaining("== 4") as string });
  });

  it("rolls back by the run of one name", async () => {
    const root = governed();
    await gov(root, "key", "new", join(folder(), "ann.pem"), "--person", "ann", "--role", "lead", "--policy", "trust_policy.yaml");
    const shown = await gov(root, ...commandOf(template("roll-back"), []), "--dry-run");
    expect([shown.code, shown.out]).toEqual([0, expect.stringContaining("1. freeze")]);
  });
});

describe("gov cycle --to", () => {
  it("does nothing and succeeds where the cycle is already, and refuses an event that leads elsewhere", async () => {
    const root = governed();
    const elsewhere = await gov(root, "cycle", cycle, "create_plan", "--to", "PACKAGED");
    expect([elsewhere.code, elsewhere.err]).toEqual([2, expect.stringContaining("leads from [*] to PLANNED, and not to PACKAGED")]);
    expect((await gov(root, "cycle", cycle, "create_plan", "--to", "PLANNED", "--format", "json")).json()).toMatchObject({ moved: true });
    expect((await gov(root, "cycle", cycle, "create_plan", "--to", "PLANNED", "--format", "json")).json()).toMatchObject({ moved: false });
    // What does not lead on from here says so as ever.
    expect((await gov(root, "cycle", cycle, "cycle_complete", "--to", "complete")).code).toBe(1);
  });
});
