import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cycle, governed, places } from "./governed.ts";
import { gov, listing, write } from "./harness.ts";

describe("gov policy simulate", () => {
  it("says which documents and gates another rulebook would judge otherwise, and applies nothing (GOV-08)", async () => {
    const root = governed(85);
    expect((await gov(root, "cycle", cycle, "create_plan")).code).toBe(0);
    const rules = readFileSync(join(root, "rulebook.yaml"), "utf8").replace("status: approved", "status: draft");
    const stricter = `${rules}governance:
  rules:
    every_plan: { condition: tags.criticality == 2, requirements: [{ rollback_plan: mandatory }] }
gates:
  parity_coverage: { triggers: [], validators: [{ type: coverage_analyzer, minimum: 90 }] }
`;
    write(root, "next.yaml", stricter);
    const before = listing(root);
    const { code, out } = await gov(root, "policy", "simulate", "next.yaml");
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`${cycle}-backlog +compliant +not compliant`));
    expect(out).toContain('+ Rule "every_plan": there is no rollback plan');
    expect(out).toMatch(new RegExp(`${cycle} parity_coverage +PASS +FAIL`));
    expect(listing(root)).toEqual(before);
    expect((await gov(root, "policy", "simulate", "rulebook.yaml")).out).toContain("The rules are the same");
    write(root, "broken.yaml", `${rules}governance: { rules: { r: { condition: "tags.nope == 1", requirements: [{ a: 1 }] } } }\n`);
    expect((await gov(root, "policy", "simulate", "broken.yaml")).err).toContain("CLI_RULES_UNUSABLE");
    write(root, "odd.yaml", "gates: [");
    expect((await gov(root, "policy", "simulate", "odd.yaml")).code).toBe(3);
  });
});

describe("gov plan phase", () => {
  it("says what is missing for a phase to begin and to end, and fails on request while it may not (PLN-03, PLN-04)", async () => {
    const root = governed();
    const pipeline = await gov(root, "plan", "phase", "A");
    expect([pipeline.code, pipeline.out]).toEqual([0, expect.stringContaining('to begin: input "stakeholders" is missing')]);
    expect(pipeline.out).not.toContain('"repository" is missing');
    expect(pipeline.out).toContain("to end: task T-001 is not complete");
    expect(pipeline.out).toContain('to end: "rbac_policy" is not approved');
    expect((await gov(root, "approve", "rbac_policy.yaml", "--actor", "ann")).code).toBe(0);
    const begun = await gov(root, "plan", "phase", "A", "--given", "stakeholders", "--check");
    expect([begun.code, begun.out.includes("may begin, and not end yet"), begun.out.includes('"rbac_policy"')]).toEqual([1, true, false]);
    expect((await gov(root, "plan", "phase", "4", "--passed", "ci")).out).not.toContain('"ci"');
    expect((await gov(root, "plan", "phase", "9")).code).toBe(2);
    expect((await gov(root, "plan", "phase", "--format", "json")).json()["phases"]).toHaveLength(6);
  });
});

describe("gov deviation", () => {
  const record = (root: string, ...more: readonly string[]) =>
    gov(root, "deviation", cycle, "--task", "PLN-BE-001", "--description", "Rebuilt", ...more);

  it("records what went otherwise than planned, linked to a task, and leaves the rest of the file as it stands (LIF-16, ART-15)", async () => {
    const root = governed();
    expect((await record(root)).code).toBe(2);
    expect((await record(root, "--file", places.changeLog)).out).toContain(
      `Recorded CHG-1 in ${places.changeLog}: deviation of PLN-BE-001`,
    );
    write(root, places.changeLog, `${readFileSync(join(root, places.changeLog), "utf8")}# the end\n`);
    expect((await record(root, "--type", "scope_change", "--points", "3")).code).toBe(0);
    expect((await record(root, "--type", "exception_approval", "--approved-by", "ann")).code).toBe(0);
    const text = readFileSync(join(root, places.changeLog), "utf8");
    expect([text.startsWith("# What went otherwise"), text.endsWith("# the end\n")]).toEqual([true, true]);
    const shown = await gov(root, "deviation", cycle);
    expect(shown.out).toMatch(/CHG-2 +scope_change +PLN-BE-001/);
    expect(shown.out).toMatch(/CHG-3 +exception_approval +PLN-BE-001 .* ann +Rebuilt/);
    expect((await gov(root, "check")).code).toBe(0);
  });

  it("refuses a task that the plan does not know, and an exception that nobody allowed (LIF-16)", async () => {
    const root = governed();
    const before = listing(root);
    const place = ["--file", places.changeLog];
    const unknown = await gov(root, "deviation", cycle, "--task", "T-9", "--description", "x", ...place);
    expect([unknown.code, unknown.out.includes('"T-9" is no task of the plan')]).toEqual([1, true]);
    expect((await record(root, ...place, "--type", "exception_approval")).out).toContain("needs somebody who allowed it");
    expect((await record(root, ...place, "--type", "odd")).code).toBe(2);
    expect((await record(root, ...place, "--dry-run")).out).toContain("Would record CHG-1");
    expect(listing(root)).toEqual(before);
  });
});

describe("gov contract list", () => {
  it("lists what streams owe each other, one by its id, and tells what slipped (ART-17, GAT-15)", async () => {
    const root = governed();
    const { contracts } = (await gov(root, "contract", "list", "--format", "json")).json() as {
      readonly contracts: readonly { readonly id: string }[];
    };
    const [first] = contracts;
    expect((await gov(root, "contract", "list", String(first?.id))).out).toContain(String(first?.id));
    expect((await gov(root, "contract", "list", "DC-nope")).err).toContain("CLI_NO_SUCH_CONTRACT");
    const text = readFileSync(join(root, places.contracts), "utf8").replace(/state: \w+/, "state: open");
    write(root, places.contracts, text);
    const open = await gov(root, "contract", "list");
    expect([open.code, open.out.includes("it must be satisfied or stubbed")]).toEqual([1, true]);
  });
});
