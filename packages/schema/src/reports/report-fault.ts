import { type Finding, type Position } from "../finding.ts";
import { makeFinding } from "../internal/make-finding.ts";

/** A report that does not say what its format promises: with an error there is no value, so that no gate passes on half of a report. */
export function reportFault(
  message: string,
  place: {
    readonly path: string;
    readonly at: Position | null;
    readonly expected?: string | undefined;
    readonly warning?: boolean | undefined;
  },
): Finding {
  const { path, at, expected, warning = false } = place;
  return makeFinding("SCHEMA_REPORT", message, { path, at, expected, severity: warning ? "warning" : "error" });
}
