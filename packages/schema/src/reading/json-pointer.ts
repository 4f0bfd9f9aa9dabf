import { isJsonObject, type JsonValue } from "../json.ts";

/** Splits an RFC 6901 JSON pointer into its unescaped segments; the empty pointer has none. */
export function pointerSegments(pointer: string): readonly string[] {
  if (pointer === "") return [];
  return pointer
    .slice(pointer.startsWith("/") ? 1 : 0)
    .split("/")
    .map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** Appends a segment to an RFC 6901 JSON pointer. */
export function appendPointer(pointer: string, segment: string | number): string {
  return `${pointer}/${String(segment).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** The value at a pointer, own properties only; undefined when nothing stands there. */
export function valueAt(data: JsonValue, pointer: string): JsonValue | undefined {
  let value: JsonValue | undefined = data;
  for (const segment of pointerSegments(pointer)) {
    if (value === undefined) return undefined;
    value = childOf(value, segment);
  }
  return value;
}

/** Every value at a pointer whose segments `*` stand for all items of a list, with its own pointer. */
export function valuesAt(data: JsonValue, pattern: string): readonly { readonly pointer: string; readonly value: JsonValue }[] {
  let found: { pointer: string; value: JsonValue }[] = [{ pointer: "", value: data }];
  for (const segment of pointerSegments(pattern)) {
    found = found.flatMap(({ pointer, value }) => {
      if (segment === "*" && Array.isArray(value)) {
        return (value as readonly JsonValue[]).map((item, index) => ({ pointer: appendPointer(pointer, index), value: item }));
      }
      const child = childOf(value, segment);
      return child === undefined ? [] : [{ pointer: appendPointer(pointer, segment), value: child }];
    });
  }
  return found;
}

function childOf(value: JsonValue, segment: string): JsonValue | undefined {
  if (Array.isArray(value)) return /^(?:0|[1-9]\d*)$/.test(segment) ? (value as readonly JsonValue[])[Number(segment)] : undefined;
  return isJsonObject(value) && Object.hasOwn(value, segment) ? value[segment] : undefined;
}
