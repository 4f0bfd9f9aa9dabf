import { parseDocument } from "@gov/schema";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const parse = (text: string, path = "a.jsonc") => parseDocument({ path, bytes: new TextEncoder().encode(text) });

describe("parseDocument() of JSON with comments", () => {
  it("reads comments and a last comma, and places what stands behind them", () => {
    const text = '// first\n{ /* a\n b */ "a": "// no /* comment */,}", "b": [1, 2, /* x */ ], // end\n}\n';
    const result = parse(text);
    if (!result.ok) throw new Error(JSON.stringify(result.findings));
    expect(result.value).toMatchObject({ format: "json", dialect: "jsonc", data: { a: "// no /* comment */,}", b: [1, 2] } });
    expect(result.value.locate("/b/1")).toEqual({
      line: 3,
      column: text.split("\n")[2]?.indexOf("2") === undefined ? 0 : text.split("\n")[2]!.indexOf(" 2,") + 2,
    });
  });

  it.each(["tsconfig.json", "x/tsconfig.build.json", ".vscode/settings.json", ".devcontainer/devcontainer.json", "A.JSONC"])(
    "takes comments in %s, where the tool does",
    (path) => {
      expect(parse("{} // c", path).ok).toBe(true);
    },
  );

  it("takes none in other JSON", () => {
    expect(parse("{} // c", "a.json").findings[0]).toMatchObject({ code: "SCHEMA_JSON_SYNTAX", line: 1, column: 4 });
  });

  it.each([
    ["a comment never closed", '{"a": 1} /* ', 10],
    ["a comma alone", "[,]", 2],
    ["two commas", "[1,,]", 4],
    ["a comma before the first", '{,"a":1}', 2],
    ["a text never closed", '{"a // b', 3],
    ["a slash alone", "[1] /", 5],
  ])("refuses %s", (_, text, column) => {
    const result = parse(text);
    expect(result.ok).toBe(false);
    expect(result.findings[0]).toMatchObject({ code: "SCHEMA_JSON_SYNTAX", line: 1 });
    expect(result.findings[0]?.column).toBeGreaterThanOrEqual(column - 1);
  });

  it("is empty when only comments are there", () => {
    expect(parse("// nothing\n").findings[0]?.code).toBe("SCHEMA_EMPTY");
  });

  it("reads plain JSON as JSON is read, and never throws", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value, null, 1);
        const [plain, commented] = [parse(text, "a.json"), parse(text)];
        expect(commented.ok && commented.value.data).toEqual(plain.ok && plain.value.data);
        const noisy = parse(text.replaceAll("\n", " // n\n/* c */"));
        expect(noisy.ok && noisy.value.data).toEqual(plain.ok && plain.value.data);
      }),
      { seed: 3, numRuns: 300 },
    );
    fc.assert(
      fc.property(fc.array(fc.constantFrom("/*", "*/", "//", ",", "[", "]", "{", "}", '"', "\\", "1", ":", "\n", " ")), (parts) => {
        parse(parts.join(""));
      }),
      { seed: 3, numRuns: 2_000 },
    );
  });
});
