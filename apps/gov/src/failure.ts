import type { Finding } from "@gov/schema";
import { InputError, UsageError } from "./command.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { renderText } from "./render/text.ts";

/** An error, as told to a person or a program. */
export interface Failure {
  readonly exitCode: ExitCode;
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
  readonly findings: readonly Finding[];
}

/** The exit code of each error code of the libraries, by the longest matching prefix. */
const exitCodeByPrefix: readonly (readonly [prefix: string, exitCode: ExitCode])[] = [
  ["ATOMIC_IO_JOURNAL_CORRUPT", exitCodes.integrity],
  ["ATOMIC_IO_", exitCodes.io],
  ["INDEX_LOCKED", exitCodes.io],
  ["INDEX_", exitCodes.integrity],
  ["MANIFEST_", exitCodes.integrity],
  ["TELEMETRY_SEQUENCE_CONFLICT", exitCodes.io],
  ["TELEMETRY_", exitCodes.integrity],
  ["SCHEMA_", exitCodes.input],
];

const ioErrors = new Set([
  "EACCES",
  "EPERM",
  "EROFS",
  "ENOSPC",
  "EDQUOT",
  "EIO",
  "EMFILE",
  "ENFILE",
  "EBUSY",
  "ENOENT",
  "ENOTDIR",
  "EISDIR",
  "ELOOP",
]);

/** Describes whatever was thrown. Anything without a code of ours or of the file system is a defect. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof UsageError)
    return { exitCode: exitCodes.usage, code: error.code, message: error.message, hint: error.hint, findings: [] };
  if (error instanceof InputError) return { ...pick(error), exitCode: exitCodes.input, findings: error.findings };
  if (error instanceof Error && "code" in error && typeof error.code === "string") {
    const { code } = error;
    if (ioErrors.has(code)) return { exitCode: exitCodes.io, code: `CLI_${code}`, message: error.message, hint: undefined, findings: [] };
    const known = exitCodeByPrefix.find(([prefix]) => code.startsWith(prefix));
    if (known !== undefined)
      return { ...pick({ ...error, code, message: error.message }), exitCode: known[1], findings: findingsOf(error) };
  }
  const message = error instanceof Error ? error.message : String(error);
  return {
    exitCode: exitCodes.bug,
    code: "CLI_DEFECT",
    message: `Unexpected error: ${message}`,
    hint: "this is a defect of gov; run again with --debug and report the output",
    findings: [],
  };
}

/** Renders a failure; the stack is never part of it. */
export function renderFailure(failure: Failure, format: "text" | "json"): string {
  const { exitCode: _exitCode, findings, ...error } = failure;
  if (format === "json") return `${JSON.stringify({ ok: false, error, findings }, null, 2)}\n`;
  const head = `gov: ${failure.message}  ${failure.code}\n${failure.hint === undefined ? "" : `     → ${failure.hint}\n`}`;
  return renderText({ data: {}, findings, view: [] }, { colour: false }) + head;
}

function pick(error: { readonly code: string; readonly message: string; readonly hint?: unknown }): Omit<Failure, "exitCode" | "findings"> {
  return { code: error.code, message: error.message, hint: typeof error.hint === "string" ? error.hint : undefined };
}

function findingsOf(error: object): readonly Finding[] {
  const details = "details" in error && typeof error.details === "object" && error.details !== null ? error.details : {};
  const findings = "findings" in error ? error.findings : "findings" in details ? details.findings : [];
  return Array.isArray(findings) ? (findings as readonly Finding[]) : [];
}
