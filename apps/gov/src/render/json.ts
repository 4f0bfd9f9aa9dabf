import type { Outcome } from "../command.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";

/** Renders an outcome for programs: one JSON object, `ok` first, findings with every field present. */
export function renderJson(outcome: Outcome, exitCode: ExitCode): string {
  const findings = outcome.findings.map(({ code, severity, message, path, line, column, expected, hint }) => ({
    code,
    severity,
    message,
    path,
    line,
    column,
    ...(expected === undefined ? {} : { expected }),
    ...(hint === undefined ? {} : { hint }),
  }));
  return `${JSON.stringify({ ok: exitCode === exitCodes.ok, ...outcome.data, findings }, null, 2)}\n`;
}
