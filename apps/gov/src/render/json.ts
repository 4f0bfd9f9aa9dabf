import type { Finding } from "@gov/schema";
import type { Outcome } from "../command.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { printableJson } from "./printable.ts";

/** Renders an outcome for programs: one JSON object, `ok` first, findings with every field present. */
export function renderJson(outcome: Outcome, exitCode: ExitCode): string {
  return jsonText({ ok: exitCode === exitCodes.ok, ...outcome.data, findings: outcome.findings.map(toJsonFinding) });
}

/** A finding as programs read it: the six fields always, the advice where there is some. */
export function toJsonFinding({ code, severity, message, path, line, column, expected, hint }: Finding): Readonly<Record<string, unknown>> {
  return {
    code,
    severity,
    message,
    path,
    line,
    column,
    ...(expected === undefined ? {} : { expected }),
    ...(hint === undefined ? {} : { hint }),
  };
}

/** Indented JSON with a line feed at its end, safe to print. */
export function jsonText(value: unknown): string {
  return `${printableJson(JSON.stringify(value, null, 2))}\n`;
}
