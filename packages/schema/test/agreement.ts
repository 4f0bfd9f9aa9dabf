import { type JsonValue, validateKind } from "@gov/schema";
import { documentSchemas } from "@gov/schema/documents";
import fc from "fast-check";
import { sampleOf } from "./document-samples.ts";

/** How many mutated documents the two judges took and refused alike. */
export interface Agreement {
  readonly accepted: number;
  readonly rejected: number;
}

const odd: readonly JsonValue[] = [
  null,
  true,
  0,
  -1,
  1.5,
  2 ** 53,
  "",
  " ",
  "x",
  "P0",
  "P10",
  "draft",
  "PLANNED",
  "2024-01-15",
  "2024-02-30T24:00:00Z",
  "2024-01-15T10:00:00+02:00",
  "a\nb",
  "\u0007",
  "😀",
  "é".repeat(300),
  "../up",
  "a..b",
  [],
  [""],
  {},
  { id: 1 },
  { type: "GATE_RESULT" },
];
const names = ["id", "status", "spec", "extra", "version", "constructor", "toString", "hasOwnProperty", "kind", "metadata"];

interface Mutation {
  readonly at: number;
  readonly how: "replace" | "remove" | "add" | "repeat";
  readonly value: JsonValue;
  readonly name: string;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(400),
  how: fc.constantFrom("replace", "replace", "remove", "add", "repeat"),
  value: fc.constantFrom(...odd),
  name: fc.constantFrom(...names),
});

/** Lets the precompiled validator and the zod source judge mutated documents of every kind; throws at the first on which they differ. */
export function agreeOnMutations(documentsPerKind: number): Agreement {
  let accepted = 0;
  let rejected = 0;
  for (const { kind, version, schema } of documentSchemas) {
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
        const document = mutations.reduce<JsonValue>(apply, sampleOf(kind, version));
        const issues = validateKind(kind, document, { version });
        const authored = schema.safeParse(document).success;
        if ((issues?.length === 0) !== authored) throw new Error(`${kind}: ${JSON.stringify(document)} ${JSON.stringify(issues)}`);
        if (authored) accepted++;
        else rejected++;
      }),
      { numRuns: documentsPerKind, seed: 20_240_115 },
    );
  }
  return { accepted, rejected };
}

// Changes the value that a walk of the document meets as number `at` (modulo their count).
function apply(document: JsonValue, { at, how, value, name }: Mutation): JsonValue {
  const copy: JsonValue = structuredClone(document);
  const places: { readonly owner: Record<string, JsonValue> | JsonValue[]; readonly key: string | number }[] = [];
  const walk = (node: JsonValue): void => {
    if (typeof node !== "object" || node === null) return;
    for (const key of Object.keys(node)) {
      places.push({ owner: node as Record<string, JsonValue>, key: Array.isArray(node) ? Number(key) : key });
      walk((node as Readonly<Record<string, JsonValue>>)[key] as JsonValue);
    }
  };
  walk(copy);
  const place = places[at % Math.max(places.length, 1)];
  if (place === undefined) return value;
  const owner = place.owner as Record<string | number, JsonValue>;
  if (how === "remove") {
    if (Array.isArray(place.owner)) place.owner.splice(Number(place.key), 1);
    else Reflect.deleteProperty(owner, place.key);
  } else if (how === "add" && !Array.isArray(place.owner)) owner[name] = value;
  else if (how === "repeat" && Array.isArray(place.owner)) place.owner.push(owner[place.key] as JsonValue);
  else owner[place.key] = value;
  return copy;
}
