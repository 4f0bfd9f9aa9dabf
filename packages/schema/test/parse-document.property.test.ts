import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { stopwatch } from "@gov/tooling-vitest/stopwatch";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { type JsonValue, parseDocument } from "@gov/schema";
import { corpus } from "./corpora.ts";

const own = [
  "---\nid: PLN-1\nversion: '1.0'\nowners: [a, b]\nspec:\n  routes:\n    - {id: r, to: x}\n---\n# Title\n\ntext\n",
  '---\ndescription: "Rule"\nglobs: **/*\nalwaysApply: false\nlist:\n  - a\n---\nbody\n',
  "base: &base {a: 1, b: [x, y]}\ncopy: *base\ntext: |\n  one\n  two\nfolded: >-\n  a\n  b\n",
  '{"id": "x", "list": [1, 2.5, -3e2, true, null], "nested": {"a": {"b": "\\u00e9"}}}',
];

function seeds(): Buffer[] {
  const folders = [corpus("keps"), corpus("cursor-rules")].filter((folder) => folder !== null);
  const found = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith("/kep.yaml") || name.endsWith(".mdc"))
      .sort()
      .filter((_name, index) => index % 25 === 0)
      .map((name) => readFileSync(join(folder, name)).subarray(0, 4096)),
  );
  return [...own.map((text) => Buffer.from(text)), ...found];
}

const splices = [
  "---\n",
  "...\n",
  "\r\n",
  "\t",
  "*a",
  "&a ",
  "!!x ",
  "{",
  "[",
  "]",
  "}",
  '"',
  "'",
  "|",
  ">",
  "#",
  ": ",
  "- ",
  "? ",
  "\0",
  "\ufeff",
  "__proto__: ",
  "<<: ",
  "\\u",
  "%YAML 1.1\n",
];

const json = fc.letrec<{ value: JsonValue; object: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.string({ unit: "grapheme" }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 4 }),
    tie("object"),
  ),
  object: fc.dictionary(fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 }), tie("value"), { maxKeys: 5, noNullPrototype: true }),
}));

describe("parseDocument() under mutation", () => {
  it("never throws, answers in time, and places every finding inside the text", () => {
    const documents = seeds();
    const edit = fc.record({
      at: fc.nat(4096),
      remove: fc.nat(40),
      insert: fc.oneof(fc.constantFrom(...splices), fc.string({ maxLength: 4 })),
      byte: fc.option(fc.nat(255)),
    });
    const mutated = fc.record({
      seed: fc.nat(documents.length - 1),
      edits: fc.array(edit, { minLength: 1, maxLength: 6 }),
      path: fc.constantFrom("a.yaml", "a.md", "a.mdc", "a.json"),
    });
    fc.assert(
      fc.property(mutated, ({ seed, edits, path }) => {
        let bytes: Buffer = documents[seed] ?? Buffer.alloc(0);
        for (const { at, remove, insert, byte } of edits) {
          const start = at % (bytes.length + 1);
          const middle = byte === null ? Buffer.from(insert) : Buffer.from([byte]);
          bytes = Buffer.concat([bytes.subarray(0, start), middle, bytes.subarray(start + remove)]);
        }
        const took = stopwatch();
        const result = parseDocument({ path, bytes });
        expect(took()).toBeLessThan(1_000);
        const lines = bytes.toString("utf8").split("\n");
        for (const { line, column } of result.findings) {
          if (line === null || column === null) throw new Error("a finding without a place");
          expect(line).toBeGreaterThan(0);
          expect(line).toBeLessThanOrEqual(lines.length);
          expect(column).toBeLessThanOrEqual((lines[line - 1] ?? "").length + 2);
        }
        if (result.ok) JSON.stringify(result.value.data);
        else expect(result.findings.some((finding) => finding.severity === "error")).toBe(true);
      }),
      { seed: 20250902, numRuns: 2_000 },
    );
  });
});

describe("parseDocument() on written data", () => {
  it("reads back what was written, as JSON, as YAML and as front matter, with CRLF and byte order mark (SCH-10)", () => {
    fc.assert(
      fc.property(json.object, (written) => {
        // JSON has no negative zero to give back.
        const value = JSON.parse(JSON.stringify(written)) as Record<string, JsonValue>;
        const yaml = stringify(value, { version: "1.2", schema: "core", aliasDuplicateObjects: false });
        const texts: readonly (readonly [string, string])[] = [
          ["a.json", JSON.stringify(value, null, 2)],
          ["a.json", `\ufeff${JSON.stringify(value, null, "\t").replaceAll("\n", "\r\n")}`],
          ["a.yaml", yaml],
          ["a.md", `\ufeff---\n${Object.keys(value).length === 0 ? "" : yaml}---\nbody\n`],
        ];
        for (const [path, text] of texts) {
          const result = parseDocument({ path, bytes: Buffer.from(text) });
          expect(result.ok && result.value.data, `${path}: ${JSON.stringify(result.findings)}`).toEqual(value);
        }
      }),
      { seed: 20250902, numRuns: 400 },
    );
  });

  it("locates every value where it stands, with LF and CRLF, with and without a byte order mark", () => {
    const keys = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,6}$/), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(keys, fc.constantFrom("\n", "\r\n"), fc.constantFrom("", "\ufeff"), (names, eol, mark) => {
        const lines = names.flatMap((name) => [`${name}:`, `  - first-${name}`, `  - {deep: value-${name}}`]);
        const variants = [
          ["a.yaml", lines.join(eol)],
          ["a.md", ["---", ...lines, "---", "body"].join(eol)],
          [
            "a.json",
            JSON.stringify(
              Object.fromEntries(names.map((name) => [name, [`first-${name}`, { deep: `value-${name}` }]])),
              null,
              2,
            ).replaceAll("\n", eol),
          ],
        ] as const;
        for (const [path, text] of variants) {
          const result = parseDocument({ path, bytes: Buffer.from(mark + text) });
          if (!result.ok) throw new Error(JSON.stringify(result.findings));
          for (const name of names) {
            for (const [pointer, word] of [
              [`/${name}/0`, `first-${name}`],
              [`/${name}/1/deep`, `value-${name}`],
            ] as const) {
              const at = result.value.locate(pointer);
              const line = text.split("\n")[(at?.line ?? 0) - 1] ?? "";
              expect(
                line
                  .slice((at?.column ?? 0) - 1)
                  .replace(/^"/, "")
                  .startsWith(word),
                `${path} ${pointer}`,
              ).toBe(true);
            }
          }
        }
      }),
      { seed: 20250902, numRuns: 100 },
    );
  });
});
