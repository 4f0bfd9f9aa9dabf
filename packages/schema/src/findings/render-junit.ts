import { compareFindings, type Finding, type Severity } from "../finding.ts";
import { escapeXml } from "../internal/xml-text.ts";
import { messageOf } from "./render-sarif.ts";

/** Options of {@link renderJunit}. */
export interface RenderJunitOptions {
  /** Name of the whole run. @default "gov" */
  readonly name?: string | undefined;
  /** Every document that was checked; one without findings is a passed test. @default only the documents with findings are listed */
  readonly paths?: Iterable<string> | undefined;
  /** Lightest severity that fails a test. @default "error" */
  readonly failOn?: Severity | undefined;
}

/**
 * Writes findings as JUnit XML: a suite for each document, in it a test for each code found, which fails when one of its findings is heavy
 * enough; lighter findings stand in the output of their test, so that nothing is hidden. Findings without a document are in a suite of the run's
 * name. Characters that XML cannot carry become U+FFFD.
 *
 * @example Write a report
 * ```ts
 * import assert from "node:assert/strict";
 * import { renderJunit } from "@gov/schema/findings";
 *
 * const finding = { code: "A", severity: "error", message: "a < b", path: "a.md", line: 3, column: 1 } as const;
 * const xml = renderJunit([finding], { paths: ["a.md", "b.md"] });
 * assert.match(xml, /<testsuites name="gov" tests="2" failures="1"/);
 * assert.match(xml, /a &lt; b/);
 * ```
 */
export function renderJunit(findings: readonly Finding[], options: RenderJunitOptions = {}): string {
  const { name = "gov", paths = [], failOn = "error" } = options;
  const suites = new Map<string, Map<string, Finding[]>>([...paths].map((path) => [path, new Map()]));
  for (const finding of [...findings].sort(compareFindings)) {
    const cases = suites.get(finding.path ?? name) ?? new Map<string, Finding[]>();
    cases.set(finding.code, [...(cases.get(finding.code) ?? []), finding]);
    suites.set(finding.path ?? name, cases);
  }
  const rendered = [...suites].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([path, cases]) => suiteOf(path, cases, failOn));
  const total = (count: "tests" | "failures"): number => rendered.reduce((sum, suite) => sum + suite[count], 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${escapeXml(name)}" tests="${String(total("tests"))}" failures="${String(total("failures"))}" errors="0">`,
    ...rendered.map(({ text }) => text),
    "</testsuites>\n",
  ].join("\n");
}

function suiteOf(
  path: string,
  cases: ReadonlyMap<string, readonly Finding[]>,
  failOn: Severity,
): { readonly tests: number; readonly failures: number; readonly text: string } {
  const rendered = [...cases]
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([code, findings]) => caseOf({ path, code, findings }, failOn));
  const all = rendered.length === 0 ? [{ failed: false, text: `    <testcase classname="${escapeXml(path)}" name="valid"/>` }] : rendered;
  const failures = all.filter(({ failed }) => failed).length;
  const counts = `tests="${String(all.length)}" failures="${String(failures)}" errors="0" skipped="0"`;
  const text = [`  <testsuite name="${escapeXml(path)}" ${counts}>`, ...all.map((entry) => entry.text), "  </testsuite>"].join("\n");
  return { tests: all.length, failures, text };
}

function caseOf(
  { path, code, findings }: { readonly path: string; readonly code: string; readonly findings: readonly Finding[] },
  failOn: Severity,
): { readonly failed: boolean; readonly text: string } {
  const heavy = findings.filter(({ severity }) => rank[severity] >= rank[failOn]);
  const light = findings.filter(({ severity }) => rank[severity] < rank[failOn]);
  const line = findings[0]?.line ?? null;
  const place = line === null ? "" : ` file="${escapeXml(path)}" line="${String(line)}"`;
  const failure = heavy.map((finding) => messageOf(finding))[0] ?? "";
  const parts = [
    ...(heavy.length === 0
      ? []
      : [`      <failure message="${escapeXml(failure)}" type="${escapeXml(code)}">${listed(path, heavy)}</failure>`]),
    ...(light.length === 0 ? [] : [`      <system-out>${listed(path, light)}</system-out>`]),
  ];
  const text = [`    <testcase classname="${escapeXml(path)}" name="${escapeXml(code)}"${place}>`, ...parts, "    </testcase>"].join("\n");
  return { failed: heavy.length > 0, text };
}

const rank: Readonly<Record<Severity, number>> = { error: 2, warning: 1, note: 0 };

function listed(path: string, findings: readonly Finding[]): string {
  const lines = findings.map((finding) => {
    const { line, column, severity } = finding;
    const place = line === null ? path : `${path}:${String(line)}${column === null ? "" : `:${String(column)}`}`;
    return `${place}: ${severity}: ${messageOf(finding)}`;
  });
  return lines.map(escapeXml).join("\n");
}
