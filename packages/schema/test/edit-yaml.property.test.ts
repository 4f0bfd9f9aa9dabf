import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { editYaml, type JsonValue, parseDocument, type YamlEdit } from "@gov/schema";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { editData } from "../src/internal/edit-data.ts";
import { corpus } from "./corpora.ts";

const key = fc.oneof(fc.stringMatching(/^[a-z]{1,4}$/), fc.constantFrom("yes", "a b", "x: y", "#k", "__proto__", "1", "é", "-", "{"));
const word = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.string({ unit: "grapheme", maxLength: 6 }),
  fc.constantFrom("yes", "2024-01-15", "- a", "a: b", "# c", "x\ny\n", " x ", "*a", "null", "1e3"),
);
const { value } = fc.letrec<{ value: JsonValue; mapping: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    word,
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 3 }),
    tie("mapping"),
  ),
  mapping: fc.dictionary(key, tie("value"), { maxKeys: 4, noNullPrototype: true }),
}));
const mapping = fc.dictionary(key, value, { minKeys: 1, maxKeys: 5, noNullPrototype: true });

function dataOf(text: string): JsonValue {
  const parsed = parseDocument({ path: "a.yaml", bytes: new TextEncoder().encode(text) });
  if (!parsed.ok) throw new Error(`${text}\n${JSON.stringify(parsed.findings)}`);
  return parsed.value.data;
}

function pointers(data: JsonValue, at = ""): string[] {
  if (typeof data !== "object" || data === null) return [at];
  return [
    at,
    ...Object.entries<JsonValue>(data as Record<string, JsonValue>).flatMap(([name, child]) =>
      pointers(child, `${at}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`),
    ),
  ];
}

/** Text with comments and space strewn in, as people write them. */
function noisy(text: string, spots: readonly number[]): string {
  return text
    .split("\n")
    .flatMap((line, index) => {
      const spot = spots[index % spots.length] ?? 0;
      const indent = /^ */.exec(line)?.[0] ?? "";
      if (spot === 1) return [`${indent}# about ${String(index)}`, line];
      return spot === 2 && /[\w\]}]$/.test(line) ? [`${line}   # c${String(index)}`] : [line];
    })
    .join("\n");
}

/** Lines of the new text that the old one has not, and how many of the old are gone. */
function changed(before: string, after: string): { readonly added: number; readonly removed: number } {
  const [old, now] = [before.split("\n"), after.split("\n")];
  let head = 0;
  while (head < Math.min(old.length, now.length) && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < Math.min(old.length, now.length) - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  return { added: now.length - head - tail, removed: old.length - head - tail };
}

function sameData(a: string, b: string): boolean {
  const parsed = parseDocument({ path: "a.yaml", bytes: new TextEncoder().encode(a) });
  return parsed.ok && isDeepStrictEqual(parsed.value.data, dataOf(b));
}

const style = fc.record({ collectionStyle: fc.constantFrom("any" as const, "block" as const, "flow" as const), singleQuote: fc.boolean() });

describe("editYaml() on any data", () => {
  it("means the edited data, and leaves lines above and below the edit as they were", () => {
    let refused = 0;
    let done = 0;
    fc.assert(
      fc.property(
        mapping,
        value,
        style,
        fc.array(fc.nat(3), { minLength: 1, maxLength: 7 }),
        fc.nat(),
        fc.constantFrom("set", "remove", "append", "new"),
        (data, next, how, spots, pick, op) => {
          const plain = stringify(data, {
            version: "1.2",
            schema: "core",
            lineWidth: 0,
            blockQuote: false,
            aliasDuplicateObjects: false,
            ...how,
          });
          const strewn = noisy(plain, spots);
          // A comment inside of a text of several lines is none.
          const text = how.collectionStyle !== "flow" && sameData(strewn, plain) ? strewn : plain;
          const before = dataOf(text);
          const all = pointers(before).filter((pointer) => pointer !== "");
          const chosen = all[pick % all.length] ?? "";
          const edit: YamlEdit =
            op === "remove"
              ? { op, pointer: chosen }
              : { op: "set", pointer: op === "append" ? `${chosen}/-` : op === "new" ? `${chosen}/added` : chosen, value: next };
          const wanted = editData(before, [edit]);
          const result = editYaml(text, [edit]);
          if (!wanted.ok) {
            expect(result.ok).toBe(false);
            return;
          }
          if (!result.ok) {
            refused += 1;
            return;
          }
          done += 1;
          expect(dataOf(result.value)).toEqual(wanted.data);
          const span = JSON.stringify(edit.op === "set" ? edit.value : null).length + 8;
          const old = stringify(data, { lineWidth: 0 }).split("\n").length;
          const { added, removed } = changed(text, result.value);
          expect(added).toBeLessThanOrEqual(span);
          expect(removed).toBeLessThanOrEqual(old * 2);
        },
      ),
      { seed: 20_251_121, numRuns: 1_500 },
    );
    // A refusal is allowed, silence about a wrong text is not; yet refusals must stay rare.
    expect(done).toBeGreaterThan(500);
    expect(refused / (done + refused)).toBeLessThan(0.02);
  });

  it("makes several edits at once as it makes them one after the other", () => {
    const step = fc.record({
      pick: fc.nat(),
      next: value,
      op: fc.constantFrom("set" as const, "remove" as const, "append" as const, "new" as const, "other" as const),
    });
    let done = 0;
    fc.assert(
      fc.property(
        ...([mapping, style, fc.array(fc.nat(3), { minLength: 1, maxLength: 7 }), fc.array(step, { minLength: 2, maxLength: 5 })] as const),
        (data, how, spots, steps) => {
          const plain = stringify(data, { version: "1.2", schema: "core", lineWidth: 0, blockQuote: false, ...how });
          const strewn = noisy(plain, spots);
          const text = how.collectionStyle !== "flow" && sameData(strewn, plain) ? strewn : plain;
          const all = pointers(dataOf(text)).filter((pointer) => pointer !== "");
          const edits = steps.map(({ pick, next, op }): YamlEdit => {
            const pointer = all[pick % all.length] ?? "";
            if (op === "remove") return { op, pointer };
            return {
              op: "set",
              pointer: `${pointer}${{ set: "", append: "/-", new: "/added", other: "/other" }[op]}`,
              value: next,
            };
          });
          const together = editYaml(text, edits);
          const alone = edits.reduce((now, edit) => (now.ok ? editYaml(now.value, [edit]) : now), editYaml(text, []));
          const wanted = editData(dataOf(text), edits);
          if (together.ok) expect(wanted.ok && dataOf(together.value)).toEqual(wanted.ok && wanted.data);
          if (!alone.ok) return;
          done += 1;
          expect(together).toEqual(alone);
        },
      ),
      { seed: 20_251_127, numRuns: 400 },
    );
    expect(done).toBeGreaterThan(50);
  });

  it("undoes what it did: a value set and set back gives the same bytes", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.stringMatching(/^[a-z]{1,5}$/), { minLength: 1, maxLength: 6 }),
        fc.nat(5),
        fc.stringMatching(/^x[a-z]{1,5}$/),
        (names, at, text) => {
          const source = names.map((name, index) => `${name}:  value${String(index)} # c${String(index)}`).join("\n\n");
          const index = at % names.length;
          const pointer = `/${names[index] ?? ""}`;
          const there = editYaml(source, [{ op: "set", pointer, value: text }]);
          const back = there.ok ? editYaml(there.value, [{ op: "set", pointer, value: `value${String(index)}` }]) : there;
          expect(back).toMatchObject({ ok: true, value: source });
          expect(there.ok && changed(source, there.value)).toEqual(
            text === `value${String(index)}` ? { added: 0, removed: 0 } : { added: 1, removed: 1 },
          );
        },
      ),
      { seed: 5, numRuns: 200 },
    );
  });
});

const keps = corpus("keps");

describe.skipIf(keps === null)("editYaml() on enhancement proposals", () => {
  it("sets a field of each of 656 documents and touches one line, adds one, and removes it again", () => {
    const files = readdirSync(keps as string, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith("/kep.yaml"));
    expect(files).toHaveLength(656);
    for (const file of files) {
      const text = readFileSync(join(keps as string, file), "utf8");
      const result = editYaml(text, [{ op: "set", pointer: "/status", value: "edited" }]);
      if (!result.ok) throw new Error(`${file}: ${JSON.stringify(result.findings)}`);
      expect(dataOf(result.value), file).toEqual({ ...(dataOf(text) as object), status: "edited" });
      expect(changed(text, result.value), file).toEqual({ added: 1, removed: 1 });
      const added = editYaml(text, [{ op: "set", pointer: "/x-gov", value: { seen: true } }]);
      if (!added.ok) throw new Error(`${file}: ${JSON.stringify(added.findings)}`);
      const gone = editYaml(added.value, [{ op: "remove", pointer: "/x-gov" }]);
      expect(gone.ok && gone.value.trimEnd(), file).toBe(text.trimEnd());
    }
  });
});
