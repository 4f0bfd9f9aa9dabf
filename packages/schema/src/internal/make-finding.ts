import { type SchemaFindingCode } from "../errors.ts";
import { type Finding, type Position, type Severity } from "../finding.ts";

/** Makes a finding of this package; keys without a value are left out, so that reports stay short. */
export function makeFinding(
  code: SchemaFindingCode,
  message: string,
  place: {
    readonly path: string | null;
    readonly at?: Position | null | undefined;
    readonly severity?: Severity | undefined;
    readonly expected?: string | undefined;
    readonly hint?: string | undefined;
  },
): Finding {
  const { path, at = null, severity = "error", expected, hint } = place;
  return {
    code,
    severity,
    message,
    path,
    line: at?.line ?? null,
    column: at?.column ?? null,
    ...(expected === undefined ? {} : { expected }),
    ...(hint === undefined ? {} : { hint }),
  };
}

/** True when a finding among these fails a check. */
export function hasError(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.severity === "error");
}
