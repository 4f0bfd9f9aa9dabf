import { type JsonValue } from "../json.ts";
import { type YamlReading } from "../reading/yaml-document.ts";
import { type PlainYaml } from "./plain-yaml.ts";

interface Place {
  readonly value: JsonValue;
  readonly offset: number;
  readonly entries: ReadonlyMap<string, Place> | readonly Place[] | null;
}

/** A reading of plain YAML that finds places by what was noted in passing. */
export function plainReading(plain: PlainYaml, parse: () => YamlReading): YamlReading {
  let root: Place | undefined;
  let parsed: YamlReading | undefined;
  const find = (segments: readonly string[]): { readonly place: Place | null; readonly offset: number } => {
    root ??= placesOf(plain);
    let place = root;
    for (const segment of segments) {
      const { entries, offset } = place;
      // A list takes what the parser's finder takes: any text that means a number.
      const child =
        entries instanceof Map
          ? (entries as ReadonlyMap<string, Place>).get(segment)
          : (entries as readonly Place[] | null)?.[Number(segment)];
      if (child === undefined) return { place: null, offset };
      place = child;
    }
    return { place, offset: place.offset };
  };
  return {
    data: plain.data,
    findings: [],
    empty: false,
    locate: (segments) => find(segments).offset,
    sourceText: (segments) => {
      const value = find(segments).place?.value;
      if (value === undefined || (typeof value === "object" && value !== null)) return null;
      // Text stands as it is and a number as it prints; of `True` and of nothing only the parser knows how it was written.
      if (typeof value === "string" || typeof value === "number") return String(value);
      return (parsed ??= parse()).sourceText(segments);
    },
  };
}

function placesOf({ data, offsets }: PlainYaml): Place {
  let next = 0;
  const place = (value: JsonValue): Place => {
    const offset = offsets[next] ?? 0;
    next += 1;
    if (typeof value !== "object" || value === null) return { value, offset, entries: null };
    const entries = Array.isArray(value)
      ? (value as readonly JsonValue[]).map(place)
      : new Map(Object.entries(value as Readonly<Record<string, JsonValue>>).map(([key, item]) => [key, place(item)] as const));
    return { value, offset, entries };
  };
  return place(data);
}
