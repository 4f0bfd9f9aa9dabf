import type { Finding } from "@gov/schema";
import type { TelemetryFindingCode } from "../../finding-codes.ts";

/** A finding about measurements; they stand in no file. */
export function note(
  code: TelemetryFindingCode,
  message: string,
  { severity = "error", hint }: { readonly severity?: Finding["severity"]; readonly hint?: string } = {},
): Finding {
  return { code, severity, message, path: null, line: null, column: null, ...(hint === undefined ? {} : { hint }) };
}
