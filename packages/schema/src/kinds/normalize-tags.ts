import { type Tag } from "../artifact.ts";
import { isJsonObject, type JsonValue } from "../json.ts";

/** Tags in their canonical form, and what was no tag. */
export interface NormalizedTags {
  /** In the order written, without repetitions. */
  readonly tags: readonly Tag[];
  /** Pointer, into the value given, of each entry that is no tag. */
  readonly rejected: readonly string[];
}

/**
 * Brings tags into their canonical form, from a list of `Key` or `Key:Value` texts, a mapping of keys to values, or one text
 * (ART-20, B-08). Space around key and value does not count; only the first colon divides.
 *
 * @example Read tags
 * ```ts
 * import assert from "node:assert/strict";
 * import { normalizeTags } from "@gov/schema";
 *
 * const expected = [{ key: "Release", value: null }, { key: "Risk", value: "Low" }];
 * assert.deepEqual(normalizeTags(["Release", "Risk:Low"]).tags, expected);
 * assert.deepEqual(normalizeTags({ Release: null, Risk: "Low" }).tags, expected);
 * ```
 */
export function normalizeTags(value: JsonValue): NormalizedTags {
  const tags = new Map<string, Tag>();
  const rejected: string[] = [];
  const take = (tag: Tag | null, pointer: string): void => {
    if (tag === null) rejected.push(pointer);
    else tags.set(JSON.stringify([tag.key, tag.value]), tag);
  };
  if (Array.isArray(value)) {
    (value as readonly JsonValue[]).forEach((item, index) => take(typeof item === "string" ? parseTag(item) : null, `/${index}`));
  } else if (isJsonObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      take(keyedTag(key, item), `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`);
    }
  } else if (value !== null) {
    take(typeof value === "string" ? parseTag(value) : null, "");
  }
  return { tags: [...tags.values()], rejected };
}

function parseTag(text: string): Tag | null {
  const colon = text.indexOf(":");
  return colon < 0 ? makeTag(text, null) : makeTag(text.slice(0, colon), text.slice(colon + 1));
}

function keyedTag(key: string, value: JsonValue): Tag | null {
  if (value === null || value === true) return makeTag(key, null);
  return typeof value === "object" ? null : makeTag(key, String(value));
}

function makeTag(key: string, value: string | null): Tag | null {
  const tag = { key: key.trim(), value: value === null ? null : value.trim() };
  return tag.key === "" || tag.value === "" ? null : tag;
}
