import { artifactsOfFramework, checkContract, type ContractedArtifact } from "@gov/hydration";
import type { ContractSpec } from "@gov/schema";
import { describe, expect, it } from "vitest";

const contract: ContractSpec = {
  framework: "framework1",
  aliases: ["planning"],
  artifacts: [
    { kind: "plan", path: "plans/*.md", required: true },
    { kind: "plan", path: "archive/**/*.md", required: false },
    { kind: "digest", required: true },
    { kind: "note", path: "notes/*.md", required: false },
  ],
  states: ["PLANNED"],
  gate_checks: [],
};
const artifact = (id: string, kind: string, path: string): ContractedArtifact => ({ id, kind, path });
const sound = [artifact("P-1", "plan", "plans/a.md"), artifact("P-0", "plan", "archive/2024/a.md"), artifact("D", "digest", "anywhere.md")];
const summary = (...[spec, artifacts, options]: Parameters<typeof checkContract>) =>
  checkContract(spec, artifacts, options).violations.map(({ code, artifact: id, rule }) => [
    code.slice("HYDRATION_CONTRACT_".length),
    id,
    rule,
  ]);

describe("checkContract()", () => {
  it("accepts what the contract allows, where it allows it (SCH-05)", () => {
    expect(checkContract(contract, sound)).toEqual({ ok: true, framework: "framework1", violations: [] });
  });

  it("names artifact and rule of every violation (SCH-05)", () => {
    const report = checkContract(contract, [
      ...sound,
      artifact("X", "script", "plans/x.sh"),
      artifact("N", "note", "plans/n.md"),
      artifact("P", "plan", "p.md"),
    ]);
    expect(report.ok).toBe(false);
    expect(report.violations).toEqual([
      {
        code: "HYDRATION_CONTRACT_PLACE",
        severity: "error",
        message: 'Artifact "P" of kind "plan" stands where rule "framework1/artifacts/0" does not allow it',
        path: "p.md",
        line: null,
        column: null,
        artifact: "P",
        rule: "framework1/artifacts/0",
        expected: "plans/*.md or archive/**/*.md",
      },
      {
        code: "HYDRATION_CONTRACT_PLACE",
        severity: "error",
        message: 'Artifact "N" of kind "note" stands where rule "framework1/artifacts/3" does not allow it',
        path: "plans/n.md",
        line: null,
        column: null,
        artifact: "N",
        rule: "framework1/artifacts/3",
        expected: "notes/*.md",
      },
      {
        code: "HYDRATION_CONTRACT_KIND",
        severity: "error",
        message: 'Artifact "X" of kind "script" is not allowed in framework "framework1"',
        path: "plans/x.sh",
        line: null,
        column: null,
        artifact: "X",
        rule: "framework1/artifacts",
        expected: "one of digest, note, plan",
      },
    ]);
  });

  it("misses every required artifact, also one that only stands elsewhere (SCH-05)", () => {
    expect(summary(contract, [artifact("P-0", "plan", "archive/a.md")], { path: "rules/contract.mdc" })).toEqual([
      ["MISSING", null, "framework1/artifacts/0"],
      ["MISSING", null, "framework1/artifacts/2"],
    ]);
    const [first] = checkContract(contract, [], { path: "rules/contract.mdc" }).violations;
    expect(first).toMatchObject({
      message: 'Rule "framework1/artifacts/0" requires an artifact of kind "plan" at "plans/*.md", and there is none',
      path: "rules/contract.mdc",
    });
  });

  it("knows framework1 as fwk-001 too, and by the aliases of the contract, and no other (B-37, ENV-07)", () => {
    for (const framework of ["framework1", "fwk-001", "planning"]) expect(checkContract(contract, sound, { framework }).ok).toBe(true);
    const other: ContractSpec = { ...contract, framework: "fwk-001", aliases: undefined };
    expect(checkContract(other, sound, { framework: "framework1" })).toEqual({ ok: true, framework: "framework1", violations: [] });
    expect(summary(contract, sound, { framework: "framework2" })).toEqual([["FRAMEWORK", null, "framework1/framework"]]);
  });

  it("reports a glob that cannot be used, once", () => {
    const spec: ContractSpec = { ...contract, artifacts: [{ kind: "plan", path: "/plans/*.md", required: true }] };
    expect(summary(spec, [])).toEqual([["GLOB", null, "framework1/artifacts/0"]]);
  });

  it("takes kinds literally, also those of the prototype", () => {
    expect(summary(contract, [...sound, artifact("C", "constructor", "c.md")])).toEqual([["KIND", "C", "framework1/artifacts"]]);
  });
});

describe("artifactsOfFramework()", () => {
  const framework = (...paths: readonly string[]): ContractSpec => ({
    ...contract,
    artifacts: paths.map((path) => ({ kind: "plan", path, required: false })),
  });
  const owned = (spec: ContractSpec, ...paths: readonly string[]) =>
    artifactsOfFramework(
      spec,
      paths.map((path) => artifact(path, "note", path)),
    ).map(({ path }) => path);

  it("takes the kinds that the contract lists, wherever they stand, and what stands below its common folder (SCH-05)", () => {
    const spec = framework("fw/plans/*.md", "fw/old/**/*.md");
    expect(owned(spec, "fw/plans/n.md", "fw/x.md", "fw.md", "fwx/n.md", "docs/n.md")).toEqual(["fw/plans/n.md", "fw/x.md"]);
    expect(artifactsOfFramework(spec, [artifact("P", "plan", "docs/p.md")])).toHaveLength(1);
  });

  it("takes only listed kinds where the places have no folder in common, or none at all", () => {
    for (const spec of [framework("a/*.md", "b/*.md"), framework("*.md"), framework("*/a/*.md"), framework(), framework("{a,b}/c/*.md")])
      expect(owned(spec, "a/n.md", "n.md")).toEqual([]);
    expect(owned(framework("a/b/*.md"), "a/b/n.md", "a/n.md")).toEqual(["a/b/n.md"]);
  });

  it("knows a folder in whatever Unicode form contract and artifact spell it (SCH-05)", () => {
    const [composed, decomposed] = ["pl\u00e4ne", "pla\u0308ne"];
    for (const [spec, path] of [
      [composed, decomposed],
      [decomposed, composed],
    ] as const)
      expect(owned(framework(`${spec}/*.md`), `${path}/n.md`)).toEqual([`${path}/n.md`]);
  });
});
