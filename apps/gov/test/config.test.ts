import { describe, expect, it } from "vitest";
import { cycle, governed, places } from "./governed.ts";
import { folder, gov, govWith, listing, write } from "./harness.ts";

interface Row {
  readonly name: string;
  readonly value: string;
  readonly origin: string;
}

async function settings(root: string, env: Readonly<Record<string, string>> = {}) {
  const run = await govWith({ env }, root, "config", "--format", "json");
  const rows = run.json()["settings"] as readonly Row[];
  const of = (name: string) => rows.find((row) => row.name === name);
  return { run, of };
}

describe("gov config", () => {
  it("shows every setting with its origin: default, gov.yaml, rules, environment (SCH-12, SCH-13)", async () => {
    const root = governed();
    const storage = folder();
    const { run, of } = await settings(root);
    expect(run.code).toBe(0);
    expect(of("preset")).toMatchObject({ value: "be", origin: "gov.yaml" });
    expect(of("documents.include")?.origin).toBe("gov.yaml");
    expect(of("limits.maxBytes")?.origin).toBe("default");
    expect(of("MEMORY_WRITES_MODE")).toMatchObject({ value: "atomic", origin: "rules" });
    expect(of("AI_ENFORCEMENT_MODE")).toMatchObject({ value: "solo", origin: "default" });
    const set = await settings(root, { MEMORY_STORAGE_ROOT: storage, MEMORY_WRITES_MODE: "bridge", AI_ENFORCEMENT_MODE: "shadow" });
    expect(set.run.code).toBe(0);
    for (const [name, value] of [
      ["MEMORY_STORAGE_ROOT", storage],
      ["MEMORY_WRITES_MODE", "bridge"],
      ["AI_ENFORCEMENT_MODE", "shadow"],
    ] as const)
      expect(set.of(name)).toEqual({ name, value, origin: "environment" });
  });

  it.each([
    ["MEMORY_STORAGE_ROOT", "/nope", "is no folder"],
    ["MEMORY_STORAGE_ROOT", "nope", "is no absolute path"],
    ["MEMORY_WRITES_MODE", "direct", "it may only tighten"],
    ["MEMORY_WRITES_MODE", "fast", "is no way of writing"],
  ])("tells that %s=%s cannot be used, exit code 3, and nothing is changed under it (SCH-12)", async (name, value, problem) => {
    const root = governed();
    const shown = await govWith({ env: { [name]: value } }, root, "config");
    expect([shown.code, shown.out.includes(`${name}: `), shown.out.includes(problem)]).toEqual([3, true, true]);
    const before = listing(root);
    const changed = await govWith({ env: { [name]: value } }, root, "cycle", cycle, "create_plan");
    expect([changed.code, changed.err.includes("CLI_ENVIRONMENT_INVALID")]).toEqual([3, true]);
    expect(listing(root)).toEqual(before);
  });

  it("tells that a mode which is none, or weaker than the log says, is denied; nothing is done, and the log keeps that it was tried (GOV-13, GOV-15)", async () => {
    const root = governed();
    expect((await gov(root, "config", "set", "enforcement", "shadow", "--reason", "Stable", "--runs", places.runs)).code).toBe(0);
    for (const [value, problem] of [
      ["lax", "is unknown"],
      ["solo", "it may only tighten"],
    ] as const) {
      const env = { AI_ENFORCEMENT_MODE: value };
      const shown = await govWith({ env }, root, "config");
      expect([shown.code, shown.out.includes(problem)]).toEqual([3, true]);
      const before = listing(root).filter((line) => !line.startsWith("memory-bank"));
      const tried = await govWith({ env }, root, "cycle", cycle, "create_plan");
      expect([tried.code, tried.err.includes(problem), tried.err.includes("CLI_ENVIRONMENT_INVALID")]).toEqual([3, true, true]);
      expect(listing(root).filter((line) => !line.startsWith("memory-bank"))).toEqual(before);
      const found = await gov(root, "audit", "query", "--kind", "MODE_DENIED", "--format", "json");
      expect(JSON.stringify(found.json())).toContain(`"asked":"${value}"`);
      expect((await govWith({ env }, root, "gate", cycle)).out).toContain(problem);
    }
    expect((await gov(root, "cycle")).out).toContain("No cycle yet");
  });
});

describe("gov config set", () => {
  const set = (root: string, to: string, ...more: readonly string[]) =>
    gov(root, "config", "set", "enforcement", to, "--reason", "Stable", ...more);

  it("goes up one step at a time after three green runs, and down with a reason; gates then do what the mode says (GOV-15, GOV-16)", async () => {
    const root = governed(10);
    const gate = async () => (await gov(root, "gate", cycle, "parity_coverage")).code;
    expect(await gate()).toBe(1);
    expect((await set(root, "shadow")).out).toContain("0 consecutive green runs with integration suites, 3 are required");
    expect((await set(root, "soft_block", "--runs", places.runs)).out).toContain("the next step is shadow");
    expect((await set(root, "shadow", "--runs", places.runs)).code).toBe(0);
    const shadowed = await gov(root, "gate", cycle, "parity_coverage", "--record");
    expect([shadowed.code, shadowed.out.includes("shadow: not blocked"), shadowed.out.includes("1 entry recorded")]).toEqual([
      0,
      true,
      true,
    ]);
    expect((await gov(root, "audit", "query", "--kind", "SHADOW_VERDICT", "--format", "json")).out).toContain('"wouldBlock": true');
    expect((await gov(root, "gate", cycle, "parity_coverage", "--record")).out).not.toContain("recorded");
    expect((await set(root, "soft_block", "--runs", places.runs, "--gate", "parity_coverage")).code).toBe(0);
    expect(await gate()).toBe(1);
    expect((await gov(root, "config", "--format", "json")).out).toContain('"decision log"');
    expect((await set(root, "solo")).code).toBe(0);
    expect((await gov(root, "config", "set", "preset", "fe", "--reason", "x")).code).toBe(2);
    expect((await set(root, "hardest")).code).toBe(2);
    expect((await set(root, "shadow", "--gate", "nope")).err).toContain("CLI_NO_SUCH_GATE");
    write(root, "odd.json", "[{}]");
    expect((await set(root, "shadow", "--runs", "odd.json")).err).toContain("CLI_RUNS_UNUSABLE");
    write(root, "odd.json", "[");
    expect((await set(root, "shadow", "--runs", "odd.json")).err).toContain("CLI_RUNS_UNUSABLE");
  });
});
