import type { Finding } from "@gov/schema";
import type { GatesFindingCode } from "../finding-codes.ts";

/** Where a finding stands; everything that is not known is null. */
export interface Place {
  readonly path?: string | null | undefined;
  readonly line?: number | null | undefined;
  readonly hint?: string | undefined;
}

/** Makes an error finding of this package. */
export function makeFinding(code: GatesFindingCode, message: string, place: Place = {}): Finding {
  const { path = null, line = null, hint } = place;
  const finding: Finding = { code, severity: "error", message, path, line, column: null };
  return hint === undefined ? finding : { ...finding, hint };
}
