import type { JsonObject, JsonValue } from "@gov/schema";
import { isJsonObject } from "@gov/schema";
import { entry, quote } from "./manifest-lines.ts";

/** Returns data as YAML: every text quoted, lists of values in one line each, nothing folded; every YAML reader gives the same values. */
export function renderShapeYaml(data: JsonObject): string {
  return [...lines(data, "")].map((line) => `${line}\n`).join("");
}

function* lines(data: JsonObject, indent: string): Generator<string> {
  for (const [key, value] of Object.entries(data)) {
    if (isJsonObject(value) && Object.keys(value).length > 0) {
      yield `${indent}${quote(key)}:`;
      yield* lines(value, `${indent}  `);
    } else if (Array.isArray(value) && value.length > 0) {
      yield `${indent}${quote(key)}:`;
      for (const item of value as readonly JsonValue[]) yield `${indent}  - ${flow(item)}`;
    } else yield `${indent}${entry(key, flow(value)).slice(2)}`;
  }
}

function flow(value: JsonValue): string {
  if (typeof value === "string") return quote(value);
  if (Array.isArray(value)) return `[${(value as readonly JsonValue[]).map(flow).join(", ")}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, item]) => `${quote(key)}: ${flow(item)}`)
    .join(", ")}}`;
}
