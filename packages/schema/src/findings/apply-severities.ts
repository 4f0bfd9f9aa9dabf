import { type Finding, type Severity } from "../finding.ts";

/**
 * Gives findings the severity that a rulebook sets for their code; `off` takes them out. Findings of other codes stay as they are.
 *
 * @example Make a warning an error
 * ```ts
 * import assert from "node:assert/strict";
 * import { applySeverities } from "@gov/schema/findings";
 *
 * const finding = { code: "A", severity: "warning", message: "Wrong", path: "a.md", line: 3, column: 1 } as const;
 * assert.equal(applySeverities([finding], { A: "error" })[0]?.severity, "error");
 * assert.deepEqual(applySeverities([finding], { A: "off" }), []);
 * ```
 */
export function applySeverities(findings: readonly Finding[], severities: Readonly<Record<string, Severity | "off">>): readonly Finding[] {
  return findings.flatMap((finding) => {
    const severity = Object.hasOwn(severities, finding.code) ? severities[finding.code] : undefined;
    if (severity === undefined) return [finding];
    return severity === "off" ? [] : [{ ...finding, severity }];
  });
}
