import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type CoverageEvidence, collectEvidence, evaluateGates, type TestReportEvidence } from "@gov/gates";
import type { Result } from "@gov/schema";
import { digestBytes } from "@gov/schema/canonical";
import { parseCobertura, parseCoverageSummary, parseJunit } from "@gov/schema/reports";

const root = join(import.meta.dirname, "../../..");
const tests = "test_results.xml";
const coverage = "coverage.xml";
const baseline = "governance/VERIFICATION/qa/coverage-summary.json";
const modules = [
  "apps/gov",
  ...["schema", "atomic-io", "index-writer", "hydration", "manifest", "gates", "telemetry"].map((name) => `packages/${name}`),
];
const floors = (percent: number) => Object.fromEntries(modules.map((folder) => [`${folder}/src`, percent]));

const gates = {
  test_results: {
    triggers: [],
    // A test that what it needs is missing for says so and is skipped; CI names what must be there, and then it fails instead.
    validators: [{ type: "test_report", max_skipped: 20 }],
  },
  coverage: {
    triggers: [],
    validators: [
      { type: "coverage_analyzer", metric: "lines", minimum: 90, max_drop: 2, modules: floors(90) },
      { type: "coverage_analyzer", metric: "branches", minimum: 80, max_drop: 2, modules: floors(80) },
    ],
  },
};

/**
 * Judges `test_results.xml` and `coverage.xml` with the project's own gate engine, and prints what it found: no failed test, the floor of
 * each module, and no drop of more than two percentage points below the evidence that is committed. Returns whether all of it holds.
 */
export async function judgeTests(): Promise<boolean> {
  const evidence = await collectEvidence(
    { subject: "tests" },
    {
      testReport: async () => {
        const { path, tests: total, failed, errors, skipped } = read(tests, parseJunit);
        const value: TestReportEvidence = { total, failed: failed + errors, skipped, path };
        return { value, sources: [source(tests)] };
      },
      coverage: async () => {
        const { lines, branches, files, path } = read(coverage, parseCobertura);
        const before = read(baseline, parseCoverageSummary);
        const value: CoverageEvidence = { lines: lines.percent, branches: branches.percent, files, path, baseline: before };
        return { value, sources: [source(coverage), source(baseline)] };
      },
    },
  );
  const report = evaluateGates(evidence, gates);
  for (const { name, outcome } of report.gates) console.log(`${outcome === "PASS" ? "✔" : "✘"} ${name} ${outcome}`);
  for (const { code, message, path } of report.findings) console.log(`  ${path ?? "-"}  ${message}  ${code}`);
  return report.outcome === "PASS";
}

function read<T>(path: string, parse: (input: { path: string; bytes: Uint8Array }) => Result<T>): T {
  const parsed = parse({ path, bytes: readFileSync(join(root, path)) });
  if (!parsed.ok) throw new Error(parsed.findings.map(({ message }) => message).join("; "));
  return parsed.value;
}

function source(path: string) {
  return { path, digest: digestBytes(readFileSync(join(root, path))) };
}
