import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { coreFloors, judgeTests, judgedModules } from "../src/judge-tests.ts";

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true });
});

interface Run {
  readonly failed?: number;
  readonly skipped?: number;
  /** Percent of lines and branches covered, by folder; 95 and all of it where nothing is said. */
  readonly covered?: Readonly<Record<string, number>>;
  readonly before?: number;
}

/** What a run leaves behind: one file of a hundred lines in every folder that is judged. */
async function judge({ failed = 0, skipped = 0, covered = {}, before = 95 }: Run = {}): Promise<readonly string[]> {
  const root = mkdtempSync(join(tmpdir(), "gov-evidence-"));
  roots.push(root);
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const folders = [...judgedModules, ...Object.keys(coreFloors)];
  const cases = Array.from({ length: 30 }, (_, n) => {
    const inside = n < failed ? '<failure message="no"/>' : n < failed + skipped ? "<skipped/>" : "";
    return `<testcase classname="a" name="t${String(n)}" time="0.1">${inside}</testcase>`;
  });
  const counts = `tests="30" failures="${String(failed)}" errors="0" skipped="${String(skipped)}"`;
  write(
    "test_results.xml",
    `<?xml version="1.0"?><testsuites ${counts}><testsuite name="a" ${counts}>${cases.join("")}</testsuite></testsuites>`,
  );
  const classes = folders.map((folder) => {
    const percent = covered[folder] ?? coreFloors[folder] ?? 95;
    const lines = Array.from(
      { length: 100 },
      (_, n) => `<line number="${String(n + 1)}" hits="${n < percent ? "1" : "0"}" branch="false"/>`,
    );
    const path = folder.endsWith(".ts") ? folder : `${folder}/one.ts`;
    return `<class name="one" filename="${path}" line-rate="1" branch-rate="1"><methods/><lines>${lines.join("")}</lines></class>`;
  });
  write(
    "coverage.xml",
    `<?xml version="1.0"?><coverage lines-valid="1000" lines-covered="950" line-rate="0.95" branches-valid="100" branches-covered="90" branch-rate="0.9"><packages><package name="p" line-rate="1" branch-rate="1"><classes>${classes.join("")}</classes></package></packages></coverage>`,
  );
  const count = { total: 100, covered: before, skipped: 0, pct: before };
  write(
    "governance/VERIFICATION/qa/coverage-summary.json",
    JSON.stringify({ total: { lines: count, statements: count, functions: count, branches: { ...count, covered: 90, pct: 90 } } }),
  );
  const printed: string[] = [];
  const passed = await judgeTests(root, (line) => void printed.push(line));
  return [passed ? "PASS" : "FAIL", ...printed];
}

describe("judgeTests()", () => {
  it("passes what test_results.xml and coverage.xml say of a sound run (QAC-02)", async () => {
    expect(await judge()).toEqual(["PASS", "✔ coverage PASS", "✔ test_results PASS"]);
    expect((await judge({ skipped: 20 }))[0]).toBe("PASS");
  });

  it("fails for a failed test, for too many that were skipped, and for a drop (QAC-02)", async () => {
    for (const run of [{ failed: 1 }, { skipped: 21 }, { before: 99 }]) expect((await judge(run))[0]).toBe("FAIL");
  });

  it("holds every package to its floor, transitions and guards to 90 %, and the core to all of it (LIF-19, QAC-10)", async () => {
    expect(coreFloors["packages/gates/src/lifecycle"]).toBeGreaterThanOrEqual(90);
    expect(Object.values(coreFloors)).toContain(100);
    for (const [folder, covered, floor] of [
      ...judgedModules.map((one) => [one, 30, 90] as const),
      ...Object.entries(coreFloors).map(([one, least]) => [one, least - 1, least] as const),
    ]) {
      const found = (await judge({ covered: { [folder]: covered } })).filter((line) => line.includes(`lines of "${folder}"`));
      expect([folder, found.length, found[0]?.includes(`at least ${String(floor)} % are required  GATES_COVERAGE_LOW`)]).toEqual([
        folder,
        1,
        true,
      ]);
    }
  });
});
