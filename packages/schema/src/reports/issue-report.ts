import { type Severity } from "../finding.ts";

/** How bad an issue is by the scale of vulnerabilities, worst first. */
export const issueLevels = ["critical", "high", "medium", "low"] as const;

/** How bad an issue is by the scale of vulnerabilities. */
export type IssueLevel = (typeof issueLevels)[number];

/** One issue that a scanner reported. */
export interface ReportedIssue {
  /** Name of the scanner. */
  readonly tool: string;
  /** Its rule, or the name of the vulnerability. */
  readonly rule: string;
  /** By the scale of vulnerabilities; null when the scanner does not say. */
  readonly level: IssueLevel | null;
  /** As a linter weighs it. */
  readonly severity: Severity;
  readonly message: string;
  /** As the report names the file, decoded; null without one. */
  readonly path: string | null;
  /** 1-based, or null. */
  readonly line: number | null;
  /** 1-based, or null. */
  readonly column: number | null;
  /** What the scanner knows the issue again by, or null. */
  readonly fingerprint: string | null;
  /** True when somebody accepted it: it is told, not counted. */
  readonly suppressed: boolean;
}

/** Issues of one report, in its order. */
export interface IssueReport {
  /** The report it was read from. */
  readonly path: string;
  readonly issues: readonly ReportedIssue[];
  /** How many issues are not suppressed, by level; `unknown` are those without one. */
  readonly counts: Readonly<Record<IssueLevel | "unknown", number>>;
}

/** Counts issues into a report. */
export function issueReport(path: string, issues: readonly ReportedIssue[]): IssueReport {
  const counts = { critical: 0, high: 0, medium: 0, low: 0, unknown: 0 };
  for (const { level, suppressed } of issues) if (!suppressed) counts[level ?? "unknown"] += 1;
  return { path, issues, counts };
}
