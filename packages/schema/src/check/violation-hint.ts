import { nearestWord } from "../kinds/nearest-word.ts";
import { valueAt } from "../reading/json-pointer.ts";
import { type ParsedDocument } from "../reading/parse-document.ts";
import { type SchemaIssue } from "../validate/schema-issue.ts";

/** What to do about a value that its schema refuses, where the value itself tells; undefined otherwise. */
export function violationHint(issue: SchemaIssue, document: ParsedDocument, pointer: string): string | undefined {
  const { keyword, expected = "" } = issue;
  const value = valueAt(document.data, pointer);
  if (keyword === "additionalProperties" || keyword === "unevaluatedProperties") return "Remove it, or correct its spelling";
  if (keyword === "enum" && typeof value === "string") {
    const near = nearestWord(
      value,
      Array.from(expected.matchAll(/"((?:[^"\\]|\\.)*)"/g), (match) => match[1] ?? ""),
    );
    return near === null ? undefined : `Did you mean "${near}"?`;
  }
  if (keyword !== "type") return undefined;
  if (value === null) return "Give it a value, or remove the key";
  const quotable = typeof value === "number" || typeof value === "boolean";
  return quotable && document.dialect === "yaml" && /\bstring\b/.test(expected) ? "Put it in quotes" : undefined;
}
