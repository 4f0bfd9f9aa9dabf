/**
 * What other tools report, as values that gates can judge: tests, coverage, issues. Percentages are computed from counts, and a report that
 * contradicts itself has no value.
 *
 * @packageDocumentation
 */
export { type CoverageCount, type CoverageReport, type FileCoverage } from "./coverage-report.ts";
export { type CoverageSummary, parseCoverageSummary } from "./coverage-summary.ts";
export { type OpenCriticalIssue, parseIssueList } from "./issue-list.ts";
export { type IssueLevel, issueLevels, type IssueReport, type ReportedIssue } from "./issue-report.ts";
export { parseCobertura } from "./parse-cobertura.ts";
export { parseIstanbul } from "./parse-istanbul.ts";
export { parseJunit, type TestCase, type TestOutcome, type TestReport } from "./parse-junit.ts";
export { parseLcov } from "./parse-lcov.ts";
export { parseSarif } from "./parse-sarif.ts";
export { parseTrivy } from "./parse-trivy.ts";
export { reportLimits } from "./read-xml.ts";
