import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { governed, places } from "./governed.ts";
import { gov, govWith, write } from "./harness.ts";

const rationale = ["--rationale", "all invariants hold"];
const read = (root: string, path: string): string => readFileSync(join(root, path), "utf8");

/** A governed root whose verification has two verticals: its rules and its frameworks. */
function verified(): string {
  const root = governed();
  write(
    root,
    "gov.yaml",
    `${read(root, "gov.yaml")}verification:\n  verticals:\n    rules: ["rules/**"]\n    planning: ["frameworks/**"]\n`,
  );
  return root;
}

describe("gov reports", () => {
  it("closes out a vertical by checking its documents again, and says in every report what came of it (VER-01, VER-02, VER-06)", async () => {
    const root = verified();
    expect((await gov(root, "reports", "close", "rules", ...rationale)).out).toContain("rules: PASS");
    const whole = read(root, places.storyMap);
    write(root, places.storyMap, whole.replace(/^---[^]*?\n---\n/, ""));
    const failed = await gov(root, "reports", "close", "planning", ...rationale, "--format", "json");
    expect([failed.code, failed.json()["status"]]).toEqual([1, "FAIL"]);
    expect((failed.json()["findings"] as readonly { readonly path: string }[]).every(({ path }) => path === places.storyMap)).toBe(true);
    expect(read(root, "VERIFICATION/planning/report.md")).toContain("## Status: FAIL");
    const summary = (): unknown => JSON.parse(read(root, "VERIFICATION/summary.json"));
    expect(summary()).toMatchObject({ status: "FAIL", verticals: { rules: { status: "PASS" }, planning: { status: "FAIL" } } });
    write(root, places.storyMap, whole);
    expect((await gov(root, "reports", "close", "planning", ...rationale)).code).toBe(0);
    expect(summary()).toMatchObject({ status: "PASS" });
    const [newest, older] = [...read(root, "VERIFICATION/planning/report.md").matchAll(/## Status: (\w+)/g)].map(([, status]) => status);
    expect([newest, older]).toEqual(["PASS", "FAIL"]);
    // What stands in the master report follows from the findings alone.
    const master = read(root, "VERIFICATION/master_report.md");
    write(root, "VERIFICATION/master_report.md", "lost\n");
    expect((await gov(root, "reports", "refresh")).out).toContain("PASS");
    expect(read(root, "VERIFICATION/master_report.md")).toBe(master);
  });

  it("freezes when all have passed and the mode is hard_block: decisions in the log once, the runbook in the README (VER-03, VER-04)", async () => {
    const root = verified();
    for (const vertical of ["rules", "planning"]) await gov(root, "reports", "close", vertical, ...rationale);
    const early = await gov(root, "reports", "freeze");
    expect([early.code, early.out]).toEqual([1, expect.stringContaining('the mode is "solo", not "hard_block"')]);
    const blocking = { env: { AI_ENFORCEMENT_MODE: "hard_block" } };
    expect((await govWith(blocking, root, "reports", "freeze")).out).toContain("Froze the reports of 2 verticals");
    expect((await govWith(blocking, root, "reports", "freeze")).code).toBe(0);
    const decided = (await gov(root, "audit", "query", "--kind", "DECISION", "--format", "json")).json()["entries"] as readonly object[];
    expect(decided).toHaveLength(3);
    expect((await gov(root, "audit", "verify")).code).toBe(0);
    const readme = read(root, "README.md");
    for (const part of ["### Commands", "- [ ] gov check", "### Rollbacks", "### Waivers", "### Contacts", "test@example.org: maintainer"])
      expect(readme).toContain(part);
    const late = await gov(root, "reports", "close", "rules", ...rationale);
    expect([late.code, late.err]).toEqual([3, expect.stringContaining("INDEX_VERIFICATION_FROZEN")]);
  });

  it("refuses a vertical that nobody has named, and changes nothing in a dry run (VER-01)", async () => {
    const root = verified();
    const unknown = await gov(root, "reports", "close", "docs", ...rationale);
    expect([unknown.code, unknown.err]).toEqual([3, expect.stringContaining("one of rules, planning")]);
    expect((await gov(root, "reports", "close", "rules", ...rationale, "--dry-run")).out).toContain("rules: would be PASS");
    expect(() => read(root, "VERIFICATION/summary.json")).toThrow("ENOENT");
  });
});
