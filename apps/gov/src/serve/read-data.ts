import type { Answer } from "./ask.ts";

/** A field of what a command answered, as a list of objects; empty where it is none. */
export function recordsAt(answer: Answer | undefined, field: string): readonly Fields[] {
  const value = answer?.ok === true ? answer.outcome.data[field] : undefined;
  return recordsOf(value);
}

/** A value as a list of objects; empty where it is none. */
export function recordsOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
}

/** A field as text; empty where it is none. */
export function textOf(fields: Fields, name: string): string {
  const value = fields[name];
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** An object of an answer. */
export type Fields = Readonly<Record<string, unknown>>;

/** True for an object that is no list. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
