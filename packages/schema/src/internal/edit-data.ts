import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import { pointerSegments } from "../reading/json-pointer.ts";
import { type YamlEdit } from "../writing/yaml-edit.ts";

/** Data after an edit, or why the edit leads nowhere. */
export type EditedData = { readonly ok: true; readonly data: JsonValue } | { readonly ok: false; readonly reason: string };

/** Applies an edit to data, changing nothing that was given. */
export function editData(data: JsonValue, edit: YamlEdit): EditedData {
  return editAt(data, pointerSegments(edit.pointer), edit);
}

function editAt(data: JsonValue | undefined, segments: readonly string[], edit: YamlEdit): EditedData {
  const [name, ...rest] = segments;
  if (name === undefined) {
    return edit.op === "set" ? { ok: true, data: edit.value } : { ok: false, reason: "the whole document cannot be removed" };
  }
  if (data === undefined && edit.op === "remove") return { ok: false, reason: "nothing stands there" };
  if (Array.isArray(data)) return editList(data as readonly JsonValue[], { name, rest }, edit);
  if (data !== undefined && data !== null && !isJsonObject(data)) return { ok: false, reason: "a plain value stands on the way" };
  return editMapping(data ?? {}, { name, rest }, edit);
}

interface Step {
  readonly name: string;
  readonly rest: readonly string[];
}

function editList(list: readonly JsonValue[], { name, rest }: Step, edit: YamlEdit): EditedData {
  const index = name === "-" ? list.length : /^(?:0|[1-9][0-9]{0,8})$/.test(name) ? Number(name) : -1;
  if (index < 0 || index > list.length || (edit.op === "remove" && index === list.length))
    return { ok: false, reason: "the list has no such item" };
  if (edit.op === "remove" && rest.length === 0) return { ok: true, data: list.filter((_, at) => at !== index) };
  const item = editAt(list[index], rest, edit);
  return item.ok ? { ok: true, data: [...list.slice(0, index), item.data, ...list.slice(index + 1)] } : item;
}

function editMapping(mapping: JsonObject, { name, rest }: Step, edit: YamlEdit): EditedData {
  const own = Object.hasOwn(mapping, name);
  if (edit.op === "remove" && !own) return { ok: false, reason: "nothing stands there" };
  const entries = Object.entries<JsonValue>(mapping);
  if (edit.op === "remove" && rest.length === 0) return { ok: true, data: Object.fromEntries(entries.filter(([key]) => key !== name)) };
  const value = editAt(own ? mapping[name] : undefined, rest, edit);
  if (!value.ok) return value;
  const changed = own
    ? entries.map(([key, old]) => [key, key === name ? value.data : old] as const)
    : [...entries, [name, value.data] as const];
  // fromEntries defines own properties, whatever their name is.
  return { ok: true, data: Object.fromEntries(changed) };
}
