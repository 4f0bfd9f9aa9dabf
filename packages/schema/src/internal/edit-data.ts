import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import { pointerSegments } from "../reading/json-pointer.ts";
import { defaultReadLimits } from "../reading/read-limits.ts";
import { type YamlEdit } from "../writing/yaml-edit.ts";
import { findCanonicalFault } from "./canonical-fault.ts";

/** Data after edits, or which of them leads nowhere, and why. */
export type EditedData =
  { readonly ok: true; readonly data: JsonValue } | { readonly ok: false; readonly edit: YamlEdit; readonly reason: string };

/** Applies edits to data in their order, changing nothing that was given. */
export function editData(data: JsonValue, edits: readonly YamlEdit[]): EditedData {
  const copies = new Set<object>();
  let current = data;
  for (const edit of edits) {
    const segments = pointerSegments(edit.pointer);
    const reason = pointerReason(edit.pointer, segments) ?? valueReason(edit);
    const edited: Edited = reason === null ? editAt(current, segments, { edit, copies }) : { ok: false, reason };
    if (!edited.ok) return { ok: false, edit, reason: edited.reason };
    current = edited.data;
  }
  return { ok: true, data: current };
}

const { maxDepth } = defaultReadLimits;

function pointerReason(pointer: string, segments: readonly string[]): string | null {
  if (pointer !== "" && !pointer.startsWith("/")) return 'a pointer that is not empty begins with "/"';
  if (/\p{Surrogate}/u.test(pointer)) return "the pointer holds half of a surrogate pair";
  return segments.length > maxDepth ? `it leads deeper than ${maxDepth} levels` : null;
}

// What has no canonical form is what JSON does not carry.
function valueReason(edit: YamlEdit): string | null {
  const fault = edit.op === "set" ? findCanonicalFault(edit.value, maxDepth) : null;
  if (fault === null) return null;
  return `the value${fault.pointer === "" ? "" : ` at ${JSON.stringify(fault.pointer)}`} is ${fault.reason}, which no document holds`;
}

type Edited = { readonly ok: true; readonly data: JsonValue } | { readonly ok: false; readonly reason: string };

interface Work {
  readonly edit: YamlEdit;
  /** Lists and mappings that were copied for these edits: they may change, so that many edits of a long one copy it once. */
  readonly copies: Set<object>;
}

function editAt(data: JsonValue | undefined, segments: readonly string[], work: Work): Edited {
  const { edit } = work;
  const [name, ...rest] = segments;
  if (name === undefined) {
    return edit.op === "set" ? { ok: true, data: edit.value } : { ok: false, reason: "the whole document cannot be removed" };
  }
  if (data === undefined && edit.op === "remove") return { ok: false, reason: "nothing stands there" };
  if (Array.isArray(data)) return editList(data as readonly JsonValue[], { name, rest }, work);
  if (data !== undefined && data !== null && !isJsonObject(data)) return { ok: false, reason: "a plain value stands on the way" };
  return editMapping(data ?? {}, { name, rest }, work);
}

interface Step {
  readonly name: string;
  readonly rest: readonly string[];
}

function editList(list: readonly JsonValue[], { name, rest }: Step, work: Work): Edited {
  const { edit, copies } = work;
  const index = name === "-" ? list.length : /^(?:0|[1-9][0-9]{0,8})$/.test(name) ? Number(name) : -1;
  if (index < 0 || index > list.length || (edit.op === "remove" && index === list.length))
    return { ok: false, reason: "the list has no such item" };
  const item = edit.op === "remove" && rest.length === 0 ? null : editAt(list[index], rest, work);
  if (item?.ok === false) return item;
  const copy = copies.has(list) ? (list as JsonValue[]) : [...list];
  copies.add(copy);
  if (item === null) copy.splice(index, 1);
  else copy[index] = item.data;
  return { ok: true, data: copy };
}

function editMapping(mapping: JsonObject, { name, rest }: Step, work: Work): Edited {
  const { edit, copies } = work;
  const own = Object.hasOwn(mapping, name);
  if (edit.op === "remove" && !own) return { ok: false, reason: "nothing stands there" };
  const value = edit.op === "remove" && rest.length === 0 ? null : editAt(own ? mapping[name] : undefined, rest, work);
  if (value?.ok === false) return value;
  const copy = copies.has(mapping) ? (mapping as Record<string, JsonValue>) : { ...mapping };
  copies.add(copy);
  if (value === null) Reflect.deleteProperty(copy, name);
  // It makes an own property, whatever its name is.
  else Object.defineProperty(copy, name, { value: value.data, writable: true, enumerable: true, configurable: true });
  return { ok: true, data: copy };
}
