import type { Finding } from "../finding.ts";

/** How many findings there are of each severity. */
export interface FindingSummary {
  readonly errors: number;
  readonly warnings: number;
  readonly notes: number;
}

/** Counts findings by severity. */
export function summarizeFindings(findings: readonly Finding[]): FindingSummary {
  let errors = 0;
  let warnings = 0;
  for (const finding of findings) {
    if (finding.severity === "error") errors++;
    else if (finding.severity === "warning") warnings++;
  }
  return { errors, warnings, notes: findings.length - errors - warnings };
}
