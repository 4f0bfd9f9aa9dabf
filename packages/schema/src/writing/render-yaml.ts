import { yamlLibrary } from "../internal/yaml-library.ts";
import { type JsonValue } from "../json.ts";
import { yamlDisagreement } from "../reading/yaml-disagreement.ts";

/** A scalar, or an empty list or mapping, on one line; text that YAML readers would not all take as text is put in quotes. */
export function renderInline(value: JsonValue, style: "plain" | "double" | "single" = "plain"): string {
  if (typeof value !== "string") return JSON.stringify(value);
  if (style === "single" && /^[\x20-\x7e]*$/.test(value)) return `'${value.replaceAll("'", "''")}'`;
  if (style !== "plain" || value === "" || yamlDisagreement(value) !== null || /[^\x20-\x7e\u00a1-\ud7ff]/.test(value))
    return JSON.stringify(value);
  const text = yamlLibrary().stringify(value, options).trimEnd();
  return text.includes("\n") ? JSON.stringify(value) : text;
}

/** A key as it stands before its colon. */
export function renderKey(key: string): string {
  return /^[$A-Za-z_][\w.-]*$/.test(key) ? renderInline(key) : JSON.stringify(key);
}

/** A list or mapping in lines, each indented; `eol` ends all but the last. */
export function renderBlock(value: JsonValue, indent: number, eol: string): string {
  const quoted = yamlLibrary().stringify(value, options).trimEnd();
  return quoted
    .split("\n")
    .map((line) => (line === "" ? line : " ".repeat(indent) + line))
    .join(eol);
}

/** True for a list or mapping that has something in it. */
export function isFilled(value: JsonValue): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}

const options = {
  version: "1.2",
  schema: "core",
  indent: 2,
  lineWidth: 0,
  blockQuote: false,
  aliasDuplicateObjects: false,
  // Other readers take dates, `yes` and the like for something else.
  compat: "yaml-1.1",
} as const;
