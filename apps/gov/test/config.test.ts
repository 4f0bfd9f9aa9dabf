import { describe, expect, it } from "vitest";
import { cycle, governed } from "./governed.ts";
import { folder, govWith, listing } from "./harness.ts";

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
    ["AI_ENFORCEMENT_MODE", "lax", "is unknown"],
  ])("tells that %s=%s cannot be used, exit code 3, and nothing is changed under it (SCH-12)", async (name, value, problem) => {
    const root = governed();
    const shown = await govWith({ env: { [name]: value } }, root, "config");
    expect([shown.code, shown.out.includes(`${name}: `), shown.out.includes(problem)]).toEqual([3, true, true]);
    const before = listing(root);
    const changed = await govWith({ env: { [name]: value } }, root, "cycle", cycle, "create_plan");
    expect([changed.code, changed.err.includes("CLI_ENVIRONMENT_INVALID")]).toEqual([3, true]);
    expect(listing(root)).toEqual(before);
  });
});
