import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type CoverageEvidence, collectEvidence, evaluateGates, type TestReportEvidence } from "@gov/gates";
import type { Result } from "@gov/schema";
import { digestBytes } from "@gov/schema/canonical";
import { parseCobertura, parseCoverageSummary, parseJunit } from "@gov/schema/reports";

const tests = "test_results.xml";
const coverage = "coverage.xml";
const baseline = "governance/VERIFICATION/qa/coverage-summary.json";
/** The folders of which each has to reach the floor by itself. */
export const judgedModules: readonly string[] = [
  "apps/gov",
  ...["schema", "atomic-io", "index-writer", "hydration", "manifest", "gates", "telemetry"].map((name) => `packages/${name}`),
].map((folder) => `${folder}/src`);
/** The core: what lets something pass, or decides what counts. Every line of it is run; handlers and guards of transitions are part of it. */
export const coreFloors: Readonly<Record<string, number>> = {
  "packages/gates/src/lifecycle": 100,
  "packages/gates/src/rbac": 100,
  "packages/gates/src/waivers": 100,
  "packages/schema/src/canonical": 100,
};

const floors = (percent: number) => Object.fromEntries(judgedModules.map((folder) => [folder, percent]));

const gates = {
  test_results: {
    triggers: [],
    // A test that what it needs is missing for says so and is skipped; CI names what must be there, and then it fails instead.
    validators: [{ type: "test_report", max_skipped: 20 }],
  },
  coverage: {
    triggers: [],
    validators: [
      // The committed evidence has a total and no files: it tells how far the whole fell, and of no module.
      { type: "coverage_analyzer", metric: "lines", minimum: 90, max_drop: 2 },
      { type: "coverage_analyzer", metric: "branches", minimum: 80, max_drop: 2 },
      { type: "coverage_analyzer", metric: "lines", minimum: 90, modules: { ...floors(90), ...coreFloors } },
      { type: "coverage_analyzer", metric: "branches", minimum: 80, modules: floors(80) },
    ],
  },
};

/**
 * Judges `test_results.xml` and `coverage.xml` with the project's own gate engine, and prints what it found: no failed test, the floor of
 * each module, and no drop of more than two percentage points below the evidence that is committed. Returns whether all of it holds.
 */
export async function judgeTests(root: string, print: (line: string) => void = console.log): Promise<boolean> {
  const source = (path: string) => ({ path, digest: digestBytes(readFileSync(join(root, path))) });
  const evidence = await collectEvidence(
    { subject: "tests" },
    {
      testReport: async () => {
        const { path, tests: total, failed, errors, skipped } = read(root, tests, parseJunit);
        const value: TestReportEvidence = { total, failed: failed + errors, skipped, path };
        return { value, sources: [source(tests)] };
      },
      coverage: async () => {
        const { lines, branches, files, path } = read(root, coverage, parseCobertura);
        const before = read(root, baseline, parseCoverageSummary);
        const value: CoverageEvidence = { lines: lines.percent, branches: branches.percent, files, path, baseline: before };
        return { value, sources: [source(coverage), source(baseline)] };
      },
    },
  );
  const report = evaluateGates(evidence, gates);
  for (const { name, outcome } of report.gates) print(`${outcome === "PASS" ? "✔" : "✘"} ${name} ${outcome}`);
  for (const { code, message, path } of report.findings) print(`  ${path ?? "-"}  ${message}  ${code}`);
  return report.outcome === "PASS";
}

function read<T>(root: string, path: string, parse: (input: { path: string; bytes: Uint8Array }) => Result<T>): T {
  const parsed = parse({ path, bytes: readFileSync(join(root, path)) });
  if (!parsed.ok) throw new Error(parsed.findings.map(({ message }) => message).join("; "));
  return parsed.value;
}
