import { isJsonObject, type JsonValue } from "../json.ts";
import type { SchemaIssue } from "./schema-issue.ts";
import { schemaMarks, shippedVersionNumbers } from "./schema-versions.gen.ts";

/** The version of a kind's format that a document is written in, or why it is none that is known here. */
export type FormatVersion = { readonly ok: true; readonly version: number } | { readonly ok: false; readonly issue: SchemaIssue };

const versions: ReadonlyMap<string, readonly number[]> = new Map(Object.entries(shippedVersionNumbers));
const marks: ReadonlyMap<string, readonly { readonly version: number; readonly mark: string | number }[]> = new Map(
  Object.entries(schemaMarks),
);

/**
 * Reads which version of its format a document is written in: the one its `$schema` names, else the one that the member `version` marks where
 * the format has such a mark, else version 1, as the documents of the sources name none (SCH-07). One that is newer than every version
 * known is refused by its name.
 */
export function formatVersionOf(kind: string, data: JsonValue, known: readonly number[] = versions.get(kind) ?? []): FormatVersion {
  if (!isJsonObject(data)) return { ok: true, version: Math.min(...known) };
  const named = Object.hasOwn(data, "$schema") && typeof data["$schema"] === "string" ? parseSchemaName(data["$schema"], kind) : null;
  if (named !== null) {
    if (named.kind !== kind)
      return refusal("/$schema", `Schema "${named.kind}" is named, but the document is of kind "${kind}"`, schemaName(kind, newest(known)));
    return known.includes(named.version) ? { ok: true, version: named.version } : unknown("/$schema", named, known);
  }
  const marked = Object.hasOwn(data, "version") ? data["version"] : undefined;
  const own = marks.get(kind) ?? [];
  const same = own.find(({ mark }) => mark === marked);
  if (same !== undefined) return { ok: true, version: same.version };
  const last = own.at(-1)?.mark;
  const isNewer = last !== undefined && (typeof marked === "number" || typeof marked === "string") && compareMarks(marked, last) > 0;
  return isNewer ? unknown("/version", { kind, version: marked }, known, last) : { ok: true, version: own[0]?.version ?? 1 };
}

/** Kind and version that a `$schema` names; null when it is no name of this package's form, such as that of another schema. */
export function parseSchemaName(text: string, kind: string): { readonly kind: string; readonly version: number } | null {
  const urn = /^urn:gov:schema:([a-z][a-z0-9_-]{0,63}):([1-9][0-9]{0,8})$/.exec(text);
  if (urn?.[1] !== undefined) return { kind: urn[1], version: Number(urn[2]) };
  const file = /(?:^|\/)([a-z][a-z0-9_-]{0,63})-v([1-9][0-9]{0,8})\.json$/.exec(text.slice(-128));
  if (file?.[1] === undefined) return null;
  const named = file[1] === kind ? kind : file[1].replaceAll("-", "_");
  return named === kind || versions.has(named) ? { kind: named, version: Number(file[2]) } : null;
}

/** The name of a version of a kind's format, as `$schema` writes it. */
export function schemaName(kind: string, version: number): string {
  return `urn:gov:schema:${kind}:${String(version)}`;
}

function unknown(
  pointer: string,
  { kind, version }: { readonly kind: string; readonly version: number | string },
  known: readonly number[],
  mark: string | number = newest(known),
): FormatVersion {
  const isNewer = typeof version === "string" || version > Number(mark);
  const why = isNewer ? `is newer than ${String(mark)}, the newest known here` : "is not known here";
  return refusal(pointer, `Format ${String(version)} of "${kind}" ${why}`, `at most ${String(mark)}`);
}

function refusal(pointer: string, message: string, expected: string): FormatVersion {
  return { ok: false, issue: { pointer, keyword: "version", message, expected } };
}

function newest(known: readonly number[]): number {
  return Math.max(...known);
}

/** Compares `1`, `2` or `1.0.0`, `1.10.0` by their numbers; what is no such mark is not newer than anything. */
function compareMarks(a: number | string, b: number | string): number {
  const [left, right] = [a, b].map((mark) =>
    /^[0-9]{1,9}(?:\.[0-9]{1,9}){0,2}$/.test(String(mark)) ? String(mark).split(".").map(Number) : null,
  );
  if (left === null || left === undefined || right === null || right === undefined) return -1;
  const index = [0, 1, 2].find((at) => (left[at] ?? 0) !== (right[at] ?? 0));
  return index === undefined ? 0 : (left[index] ?? 0) - (right[index] ?? 0);
}
