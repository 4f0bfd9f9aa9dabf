import { type Finding, type Result } from "../finding.ts";
import { hasError } from "../internal/make-finding.ts";
import { type DocumentInput } from "../reading/parse-document.ts";
import { readXml, type XmlElement, type XmlReading } from "./read-xml.ts";
import { reportFault } from "./report-fault.ts";

/** How a test ended. */
export type TestOutcome = "passed" | "failed" | "error" | "skipped";

/** One test of a report. */
export interface TestCase {
  /** Names of the suites around it, outermost first. */
  readonly suites: readonly string[];
  readonly className: string | null;
  readonly name: string;
  readonly outcome: TestOutcome;
  /** Null when the report does not say. */
  readonly durationMs: number | null;
  /** Why it failed or was skipped; null when it passed, or no reason is given. */
  readonly message: string | null;
  /** 1-based line in the report. */
  readonly line: number;
}

/** A JUnit report, counted from its tests and not from what its attributes claim. */
export interface TestReport {
  /** The report it was read from. */
  readonly path: string;
  readonly tests: number;
  readonly passed: number;
  readonly failed: number;
  readonly errors: number;
  readonly skipped: number;
  /** Share of passed tests among those that ran, in percent from 0 to 100, not rounded; null when none ran. */
  readonly passPercent: number | null;
  readonly cases: readonly TestCase[];
}

/**
 * Reads JUnit XML as test runners write it: suites nested or not. A report that claims more failures than it shows, or that a suite itself failed,
 * is refused; other claims that differ from what is counted are warnings. Reruns that passed in the end (`flakyFailure`) count as passed.
 *
 * @example Count what failed
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseJunit } from "@gov/schema/reports";
 *
 * const xml = '<testsuite name="s"><testcase name="a"/><testcase name="b"><failure message="no"/></testcase></testsuite>';
 * const report = parseJunit({ path: "junit.xml", bytes: new TextEncoder().encode(xml) });
 * assert.ok(report.ok);
 * assert.deepEqual([report.value.tests, report.value.failed, report.value.passPercent], [2, 1, 50]);
 * ```
 */
export function parseJunit(input: DocumentInput): Result<TestReport> {
  const read = readXml(input);
  if (!read.ok) return read;
  const { root } = read.value;
  const findings: Finding[] = [...read.findings];
  const cases: TestCase[] = [];
  if (root.name === "testsuites" || root.name === "testsuite") {
    collect(root, [], { ...read.value, path: input.path, findings, cases });
  } else {
    const expected = '"testsuites" or "testsuite"';
    findings.push(
      reportFault(`Root element "${root.name}" is none of JUnit`, { path: input.path, at: read.value.place(root.offset), expected }),
    );
  }
  if (hasError(findings)) return { ok: false, findings };
  const count = (outcome: TestOutcome): number => cases.filter((test) => test.outcome === outcome).length;
  const [passed, failed, errors, skipped] = [count("passed"), count("failed"), count("error"), count("skipped")];
  const ran = passed + failed + errors;
  const passPercent = ran === 0 ? null : (passed / ran) * 100;
  return { ok: true, value: { path: input.path, tests: cases.length, passed, failed, errors, skipped, passPercent, cases }, findings };
}

interface Collection extends XmlReading {
  readonly path: string;
  readonly findings: Finding[];
  readonly cases: TestCase[];
}

/** Reads a suite and the suites in it; the XML reader has bounded how deep they nest. */
function collect(suite: XmlElement, around: readonly string[], into: Collection): void {
  const name = suite.attributes.get("name");
  const suites = suite.name === "testsuite" && name !== undefined ? [...around, name] : around;
  const from = into.cases.length;
  let direct = 0;
  for (const child of suite.children) {
    if (child.name === "testcase") {
      into.cases.push(caseOf(child, suites, into));
      direct += 1;
    } else if (child.name === "testsuite" || child.name === "testsuites") {
      collect(child, suites, into);
    } else if (child.name === "failure" || child.name === "error") {
      const message = `Suite ${JSON.stringify(name ?? "")} failed outside of its tests: ${reasonOf(child) ?? "no reason is given"}`;
      into.findings.push(reportFault(message, { path: into.path, at: into.place(child.offset) }));
    }
  }
  // Some runners count a suite's own tests, others those of the suites in it too.
  const all = into.cases.slice(from);
  const own = all.filter((test) => test.suites.length === suites.length).slice(0, direct);
  compareClaims(suite, { all, own }, into);
}

function compareClaims(
  suite: XmlElement,
  { all, own }: { readonly all: readonly TestCase[]; readonly own: readonly TestCase[] },
  { path, place, findings }: Collection,
): void {
  const at = place(suite.offset);
  const differs = (attribute: string, counted: (test: TestCase) => boolean): { claimed: number; found: number } | null => {
    const text = suite.attributes.get(attribute);
    if (text === undefined || text === "") return null;
    const found = all.filter(counted).length;
    const claimed = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    return claimed === found || claimed === own.filter(counted).length ? null : { claimed, found };
  };
  const bad = (test: TestCase): boolean => test.outcome === "failed" || test.outcome === "error";
  const claimedBad = ["failures", "errors"].map((attribute) => Number(suite.attributes.get(attribute) ?? 0)).reduce((a, b) => a + b, 0);
  const shownBad = all.filter(bad).length;
  if (!(claimedBad <= shownBad)) {
    findings.push(reportFault(`Suite claims ${String(claimedBad)} failures and errors, and shows ${String(shownBad)}`, { path, at }));
  }
  const tests = differs("tests", () => true);
  if (tests !== null) {
    findings.push(
      reportFault(`Suite claims ${String(tests.claimed)} tests, and shows ${String(tests.found)}`, { path, at, warning: true }),
    );
  }
}

function caseOf(test: XmlElement, suites: readonly string[], { place }: XmlReading): TestCase {
  const ending = (["error", "failure", "skipped"] as const)
    .map((name) => test.children.find((child) => child.name === name))
    .find((child) => child !== undefined);
  return {
    suites,
    className: test.attributes.get("classname") ?? null,
    name: test.attributes.get("name") ?? "",
    outcome: ending === undefined ? "passed" : (outcomes[ending.name] ?? "error"),
    durationMs: durationOf(test.attributes.get("time")),
    message: ending === undefined ? null : reasonOf(ending),
    line: place(test.offset).line,
  };
}

const outcomes: Readonly<Record<string, TestOutcome>> = { error: "error", failure: "failed", skipped: "skipped" };

function reasonOf({ attributes, text }: XmlElement): string | null {
  const message = attributes.get("message") || text.trim();
  return message === "" ? null : message;
}

/** Seconds as text; some runners group thousands with commas. */
function durationOf(text: string | undefined): number | null {
  const plain = text?.replaceAll(",", "").trim() ?? "";
  return /^\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?$/.test(plain) ? Number(plain) * 1000 : null;
}
