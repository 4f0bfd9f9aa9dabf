import { type Finding, type JsonValue, parseDocument, validateKind } from "@gov/schema";
import { InputError } from "../command.ts";
import type { Context } from "../context.ts";
import { readTextFile } from "./read-text-file.ts";

/** What a document that a call names is read as. */
interface Wanted {
  /** The kind whose schema judges it; the file may have any name, and needs no metadata. */
  readonly kind: string;
  /** What it is used for, in the refusal. */
  readonly use: string;
}

/** The data of a document that a call names, judged by the shipped schema of a kind; a file that is none is refused with every reason. */
export async function readOfKind(context: Context, path: string, { kind, use }: Wanted): Promise<JsonValue> {
  const parsed = parseDocument({ path, bytes: new TextEncoder().encode(await readTextFile(context, path)) });
  const refuse = (findings: readonly Finding[]): InputError =>
    new InputError("CLI_INPUT_INVALID", `Cannot use "${path}" as ${use}`, { findings, hint: `a document of kind ${kind}` });
  if (!parsed.ok) throw refuse(parsed.findings);
  const { data, locate } = parsed.value;
  const issues = (validateKind(kind, data) ?? []).map(({ pointer, keyword, message, expected }): Finding => {
    const { line, column } = locate(pointer) ?? { line: null, column: null };
    const code = keyword === "version" ? "SCHEMA_VERSION" : "SCHEMA_VIOLATION";
    return { code, severity: "error", message, path, line, column, expected };
  });
  const errors = [...parsed.findings.filter(({ severity }) => severity === "error"), ...issues];
  if (errors.length > 0) throw refuse(errors);
  return data;
}
