import type { Finding } from "@gov/schema";
import { DeniedError, InputError, UsageError } from "./command.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { jsonText, toJsonFinding } from "./render/json.ts";
import { printable } from "./render/printable.ts";
import { wrapWords } from "./render/wrap-words.ts";
import { renderPretty } from "./render/pretty.ts";

/** An error, as told to a person or a program. */
export interface Failure {
  readonly exitCode: ExitCode;
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
  readonly findings: readonly Finding[];
}

/** The exit code of each error code of the libraries; the first prefix that matches decides. What is not here is a defect. */
const exitCodeByPrefix: readonly (readonly [prefix: string, exitCode: ExitCode])[] = [
  ["ATOMIC_IO_JOURNAL_CORRUPT", exitCodes.integrity],
  ["ATOMIC_IO_", exitCodes.io],
  ["INDEX_LOCKED", exitCodes.io],
  ["INDEX_BRIDGE_FULL", exitCodes.io],
  ["INDEX_COMMIT_UNCERTAIN", exitCodes.io],
  ["INDEX_HISTORY_FAILED", exitCodes.io],
  ["INDEX_TOO_LARGE", exitCodes.input],
  ["INDEX_STORE_UNSUITABLE", exitCodes.input],
  ["INDEX_ROOT_MISSING", exitCodes.input],
  ["INDEX_VERSION", exitCodes.input],
  ["INDEX_VERIFICATION_FROZEN", exitCodes.input],
  ["INDEX_CORRUPT", exitCodes.integrity],
  ["INDEX_STALE", exitCodes.integrity],
  ["MANIFEST_BUNDLE_", exitCodes.integrity],
  ["MANIFEST_ENVELOPE_INVALID", exitCodes.integrity],
  ["MANIFEST_VERIFICATION_FAILED", exitCodes.integrity],
  ["MANIFEST_", exitCodes.input],
  ["TELEMETRY_AUDIT_CORRUPT", exitCodes.integrity],
  ["TELEMETRY_AUDIT_TORN", exitCodes.integrity],
  ["TELEMETRY_AUDIT_UNCERTAIN", exitCodes.io],
  ["TELEMETRY_CHECKPOINT_INVALID", exitCodes.integrity],
  ["TELEMETRY_SEQUENCE_CONFLICT", exitCodes.io],
  ["SCHEMA_", exitCodes.input],
];

/** What to do where the operating system refuses, and the library that was refused cannot know. */
const errnoHints: Readonly<Record<string, string>> = {
  EACCES: "allow this user to read and write there, or work on a copy",
  EPERM: "allow this user to read and write there, or work on a copy",
  EROFS: "nothing can be written on that file system: work on a copy",
  ENOSPC: "make room on the disk, then run it again",
  EDQUOT: "make room within the quota, then run it again",
  ENAMETOOLONG: "take a shorter name",
};

/** Describes whatever was thrown. Anything without a code of ours or of the file system is a defect. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof UsageError)
    return { exitCode: exitCodes.usage, code: error.code, message: error.message, hint: error.hint, findings: [] };
  if (error instanceof DeniedError)
    return { exitCode: exitCodes.denied, code: error.code, message: error.message, hint: error.hint, findings: [] };
  const input = error instanceof InputError ? error : refusedWrite(error);
  if (input !== null) return { ...pick(input), exitCode: exitCodes.input, findings: input.findings };
  if (error instanceof Error && "code" in error && typeof error.code === "string") {
    const { code } = error;
    // A refused call of the operating system carries its name.
    if ("syscall" in error)
      return { exitCode: exitCodes.io, code: `CLI_${code}`, message: error.message, hint: errnoHints[code], findings: [] };
    const known = exitCodeByPrefix.find(([prefix]) => code.startsWith(prefix));
    if (known !== undefined) {
      const { hint, ...picked } = pick({ ...error, code, message: error.message });
      return { ...picked, hint: hint ?? errnoHint(error), exitCode: known[1], findings: findingsOf(error) };
    }
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

/** The refusal of a write that leads out of the root, be it the cause of what a library tells; null otherwise. */
export function refusedWrite(error: unknown): InputError | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (cause instanceof InputError && cause.code === "CLI_OUTSIDE_ROOT") return cause;
  return null;
}

/** Renders a failure; the stack is never part of it. */
export function renderFailure(failure: Failure, format: "pretty" | "json", columns = Infinity): string {
  const { code, message, hint, findings } = failure;
  if (format === "json")
    return jsonText({ ok: false, error: { code, message, hint: hint ?? null }, findings: findings.map(toJsonFinding) });
  const hanging = (first: string, text: string): string => {
    const [head = "", ...more] = wrapWords(printable(text), columns - 7);
    return [first + head, ...more.map((line) => " ".repeat(first.length) + line)].join("\n");
  };
  const head = `${hanging("gov: ", `${message}  ${code}`)}\n${hint === undefined ? "" : `${hanging("     → ", hint)}\n`}`;
  return renderPretty({ data: {}, findings, view: [] }, { colour: false, columns }) + head;
}

function pick(error: { readonly code: string; readonly message: string; readonly hint?: unknown }): Omit<Failure, "exitCode" | "findings"> {
  return { code: error.code, message: error.message, hint: typeof error.hint === "string" ? error.hint : undefined };
}

function errnoHint(error: object): string | undefined {
  const { errno } = "details" in error ? (error.details as { readonly errno?: unknown }) : {};
  return typeof errno === "string" ? errnoHints[errno] : undefined;
}

function findingsOf(error: object): readonly Finding[] {
  const details = "details" in error && typeof error.details === "object" && error.details !== null ? error.details : {};
  const report = "report" in details && typeof details.report === "object" && details.report !== null ? details.report : details;
  const findings = "findings" in error ? error.findings : "findings" in report ? report.findings : [];
  return Array.isArray(findings) ? (findings as readonly Finding[]) : [];
}
