import { stopwatch } from "@gov/tooling-vitest/stopwatch";
import { describe, expect, it } from "vitest";
import { type DocumentInput, parseDocument, type ParsedDocument, type ParseDocumentOptions } from "@gov/schema";

const document = (path: string, text: string | Uint8Array): DocumentInput => ({
  path,
  bytes: typeof text === "string" ? Buffer.from(text) : text,
});

function read(path: string, text: string | Uint8Array, options?: ParseDocumentOptions): ParsedDocument {
  const result = parseDocument(document(path, text), options);
  if (!result.ok) throw new Error(JSON.stringify(result.findings));
  return result.value;
}

function remarks(path: string, text: string | Uint8Array, options?: ParseDocumentOptions): string[] {
  return parseDocument(document(path, text), options).findings.map(
    ({ code, severity, line, column }) => `${severity} ${code} ${line}:${column}`,
  );
}

describe("parseDocument()", () => {
  it("reads Markdown, YAML, JSON and opaque files by their extension (SCH-10)", () => {
    expect(read("a.md", "---\nid: x\n---\ntext\n")).toMatchObject({
      format: "markdown",
      dialect: "yaml",
      data: { id: "x" },
      frontMatter: "id: x\n",
      body: "text\n",
      bodyLine: 4,
    });
    expect(read("a.YML", "id: x")).toMatchObject({ format: "yaml", dialect: "yaml", data: { id: "x" }, body: null });
    expect(read("a.json", '{"id":"x"}')).toMatchObject({ format: "json", dialect: "json", data: { id: "x" }, body: null });
    expect(read("a.png", new Uint8Array([255, 0]))).toMatchObject({ format: "opaque", dialect: null, data: null, body: null });
    expect(read("a", "id: x", { format: "yaml" }).data).toEqual({ id: "x" });
    expect(read("dir.md/README", "x").format).toBe("opaque");
  });

  it("reads Markdown without front matter, with an empty one, or empty, as having no data", () => {
    for (const text of ["", "# Title\n", "-----\nrule\n", "---\n---\n", "---\n# comment\n...\nbody"])
      expect(read("a.md", text).data).toEqual({});
    expect(read("a.md", "# Title\n")).toMatchObject({ dialect: null, body: "# Title\n", bodyLine: 1, frontMatter: null });
    expect(read("a.md", "# Title\n").locate("/id")).toEqual({ line: 1, column: 1 });
  });

  it("says of an empty YAML or JSON document that it is empty", () => {
    for (const [path, text] of [
      ["a.yaml", ""],
      ["a.yaml", "# only\n"],
      ["a.json", " \n"],
    ] as const)
      expect(remarks(path, text)).toEqual(["error SCHEMA_EMPTY 1:1"]);
  });

  it("never evaluates a foreign front matter, and names an unclosed one or one that is no mapping", () => {
    for (const fence of ["---js", "--- javascript", "+++", ";;;"])
      expect(remarks("a.md", `${fence}\nx = 1\n${fence.slice(0, 3)}\n`)).toEqual(["error SCHEMA_FRONT_MATTER 1:1"]);
    expect(remarks("a.md", "---\nid: x\n")).toEqual(["error SCHEMA_FRONT_MATTER 1:1"]);
    expect(remarks("a.md", "---\n- x\n---\n")).toEqual(["error SCHEMA_FRONT_MATTER 2:1"]);
  });

  it("takes a first rule that nothing closes for Markdown, where no metadata follows (SCH-10)", () => {
    for (const text of ["---\n", "---\n\nJust text.\n", "---\n# Heading: one\n", "---\r\n- item\r\n"]) {
      const read = parseDocument({ path: "a.md", bytes: Buffer.from(text) });
      expect(read).toMatchObject({ ok: true, value: { data: {}, body: text, bodyLine: 1 }, findings: [] });
    }
    for (const text of ["---\n\ntitle: x\n", '---\n"id" : x\n', "---\nid:\n"])
      expect(remarks("a.md", text)).toEqual(["error SCHEMA_FRONT_MATTER 1:1"]);
  });

  it("places syntax errors at line and column, in front matter too", () => {
    expect(remarks("a.yaml", "a: 1\nb:\n\tc: 2\n")).toEqual(["error SCHEMA_YAML_SYNTAX 3:1"]);
    expect(remarks("a.md", "---\r\na: 1\r\nb: [1\r\n---\r\n")[0]).toMatch(/^error SCHEMA_YAML_SYNTAX [34]:/);
  });

  it("judges YAML strictly: repeated keys, tags, streams, foreign keys and values are errors with their place", () => {
    expect(remarks("a.yaml", "a: 1\nb:\n  c: 1\n  c: 2\n")).toEqual(["error SCHEMA_DUPLICATE_KEY 4:3"]);
    expect(remarks("a.yaml", "a: !!binary aGk=\nb: !!js/function x\nc: !mine {}\nd: !!str 1\n")).toEqual([
      "error SCHEMA_YAML_TAG 1:13",
      "error SCHEMA_YAML_TAG 2:18",
      "error SCHEMA_YAML_TAG 3:10",
    ]);
    expect(remarks("a.yaml", "!t k: 1\n")).toEqual(["error SCHEMA_YAML_TAG 1:4"]);
    expect(remarks("a.yaml", "a: 1\n---\nb: 2\n")).toEqual(["error SCHEMA_YAML_STREAM 3:1"]);
    expect(remarks("a.yaml", "? [x]\n: 1\n")).toEqual(["error SCHEMA_YAML_KEY 1:3"]);
    expect(remarks("a.yaml", ": 1\n")).toEqual(["error SCHEMA_YAML_KEY 1:1"]);
    expect(remarks("a.yaml", "a: .nan\nb: -.inf\n")).toEqual(["error SCHEMA_NOT_JSON 1:4", "error SCHEMA_NOT_JSON 2:4"]);
    expect(remarks("a.yaml", 'a: "\\ud800"\n')).toEqual(["error SCHEMA_NOT_JSON 1:4"]);
    expect(remarks("a.yaml", "%YAML 1.1\n---\na: 1\n")).toContain("warning SCHEMA_YAML_STREAM 1:1");
  });

  it("warns of what other YAML readers read otherwise", () => {
    expect(remarks("a.yaml", "1: a\ntrue: b\n")).toEqual(["warning SCHEMA_YAML_KEY 1:1", "warning SCHEMA_YAML_KEY 2:1"]);
    expect(read("a.yaml", "1: a\n1.50: b\n").data).toEqual({ "1": "a", "1.50": "b" });
    expect(remarks("a.yaml", "<<: {a: 1}\n")).toEqual(["warning SCHEMA_YAML_KEY 1:1"]);
    expect(remarks("a.yaml", "a: 1.10\nb: 12345678901234567890\n")).toEqual([
      "note SCHEMA_NUMBER_TEXT 1:4",
      "warning SCHEMA_NUMBER_TEXT 2:4",
    ]);
    expect(remarks("a.yaml", "a: 10000000000000000000000\nb: 0x20000000000001\nc: 1e-400\n")).toEqual([
      "note SCHEMA_NUMBER_TEXT 1:4",
      "warning SCHEMA_NUMBER_TEXT 2:4",
      "warning SCHEMA_NUMBER_TEXT 3:4",
    ]);
    expect(read("a.yaml", "a: 1.10\n").sourceText("/a")).toBe("1.10");
    expect(read("a.yaml", "d: 2020-01-02\nn: no\n").data).toEqual({ d: "2020-01-02", n: "no" });
  });

  it("warns of a number in JSON that is read as another, and of no other (SCH-10)", () => {
    const kept = "[9007199254740991, 9007199254740992, -10000000000000000000000, 0.1, 1.10, 333333333.33333329, 1e22, 1E+25, -0, 0.0e9]";
    expect(remarks("a.json", kept)).toEqual([]);
    expect(remarks("a.json", '{\n "a": [1, 9007199254740993],\n "b~/": -12345678901234567890\n}')).toEqual([
      "warning SCHEMA_NUMBER_TEXT 2:11",
      "warning SCHEMA_NUMBER_TEXT 3:9",
    ]);
    expect(remarks("a.jsonc", "[// one\n1e-400, 0.1e-999,]")).toEqual(["warning SCHEMA_NUMBER_TEXT 2:1", "warning SCHEMA_NUMBER_TEXT 2:9"]);
    expect(remarks("a.json", `[${"9".repeat(308)}]`)).toEqual(["warning SCHEMA_NUMBER_TEXT 1:2"]);
    const { sourceText } = read("a.json", '{"a": 1.10, "b": "2", "c": [9007199254740993]}');
    expect(["/a", "/b", "/c", "/c/0", "/c/1", "/d", ""].map(sourceText)).toEqual([
      "1.10",
      null,
      null,
      "9007199254740993",
      null,
      null,
      null,
    ]);
  });

  it("resolves aliases, with a note, and refuses unknown and circular ones", () => {
    expect(read("a.yaml", "a: &x [1]\nb: *x\nc: &x 2\nd: *x\n").data).toEqual({ a: [1], b: [1], c: 2, d: 2 });
    expect(remarks("a.yaml", "a: &x [1]\nb: *x\n")).toEqual(["note SCHEMA_ALIAS 2:4"]);
    expect(remarks("a.yaml", "a: *x\n")).toEqual(["error SCHEMA_ALIAS 1:4"]);
    expect(remarks("a.yaml", "a: &x [*x]\n")).toEqual(["error SCHEMA_ALIAS 1:8"]);
    expect(read("a.yaml", "&k key: 1\nb: *k\n").data).toEqual({ key: 1, b: "key" });
  });

  it("keeps keys such as __proto__ as data, in every format", () => {
    for (const [path, text] of [
      ["a.yaml", "__proto__: {polluted: yes}\nconstructor: 1\n"],
      ["a.json", '{"__proto__":{"polluted":"yes"},"constructor":1}'],
    ] as const) {
      const data = read(path, text).data as Record<string, unknown>;
      expect(Object.keys(data)).toEqual(["__proto__", "constructor"]);
      expect(Object.getPrototypeOf(data)).toBe(Object.prototype);
      expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    }
    expect(Object.keys(read("a.mdc", "---\n__proto__: **/*\n---\n").data as object)).toEqual(["__proto__"]);
  });

  it("judges JSON by JSON's own rules", () => {
    const cases: readonly (readonly [string, string])[] = [
      ['{"a":1,}', "SCHEMA_JSON_SYNTAX 1:8"],
      ["[1,]", "SCHEMA_JSON_SYNTAX 1:4"],
      ["// c\n{}", "SCHEMA_JSON_SYNTAX 1:1"],
      ["{'a':1}", "SCHEMA_JSON_SYNTAX 1:2"],
      ["{a:1}", "SCHEMA_JSON_SYNTAX 1:2"],
      ['{"a" 1}', "SCHEMA_JSON_SYNTAX 1:6"],
      ["[01]", "SCHEMA_JSON_SYNTAX 1:3"],
      ["[1.]", "SCHEMA_JSON_SYNTAX 1:3"],
      ["[NaN]", "SCHEMA_JSON_SYNTAX 1:2"],
      ['["\t"]', "SCHEMA_JSON_SYNTAX 1:3"],
      ['["\\x"]', "SCHEMA_JSON_SYNTAX 1:3"],
      ['["\\u12"]', "SCHEMA_JSON_SYNTAX 1:3"],
      ['["a', "SCHEMA_JSON_SYNTAX 1:4"],
      ["{} {}", "SCHEMA_JSON_SYNTAX 1:4"],
      ["{", "SCHEMA_JSON_SYNTAX 1:2"],
      ['{\n "a":1,\n "a":2}', "SCHEMA_DUPLICATE_KEY 3:2"],
      ['{"a":["\\udc00"]}', "SCHEMA_NOT_JSON 1:7"],
      ['{"\\ud800":1}', "SCHEMA_NOT_JSON 1:11"],
      ['{"a":[1, -1e999]}', "SCHEMA_NOT_JSON 1:10"],
      [`{"a":${"9".repeat(309)}}`, "SCHEMA_NOT_JSON 1:6"],
    ];
    for (const [text, expected] of cases) expect(remarks("a.json", text), text).toEqual([`error ${expected}`]);
    expect(remarks("a.json", '{"a":1e308,"b":1E+10,"c":"1e999"}')).toEqual([]);
    expect(read("a.json", ' {"a":[-0.5e+3,true,null,"\\ud83d\\ude00",{},[]]} ').data).toEqual({ a: [-500, true, null, "😀", {}, []] });
  });

  it("refuses invalid UTF-8 at the first bad byte, and drops a byte order mark with a note", () => {
    expect(remarks("a.md", Buffer.from([97, 10, 0xc3, 0xa9, 0xc3, 0x28]))).toEqual(["error SCHEMA_NOT_UTF8 2:2"]);
    for (const bytes of [
      [0xed, 0xa0, 0x80],
      [0xc0, 0x80],
      [0xf4, 0x90, 0x80, 0x80],
      [0xe2, 0x82],
      [0xff, 0xfe, 97, 0],
    ])
      expect(remarks("a.yaml", Buffer.from(bytes))).toEqual(["error SCHEMA_NOT_UTF8 1:1"]);
    expect(parseDocument(document("a.yaml", Buffer.from([0xff, 0xfe, 97, 0]))).findings[0]?.hint).toContain("UTF-16");
    expect(remarks("a.yaml", "\ufeffid: x\n")).toEqual(["note SCHEMA_BOM 1:1"]);
    expect(read("a.md", "\ufeff---\nid: x\n---\n").data).toEqual({ id: "x" });
  });

  it("reads the line dialect of rule files where the front matter is not YAML, losslessly", () => {
    const text =
      '---\ndescription: "A rule"\nglobs: **/*.ts\nalwaysApply: false\nempty:\nnote: it\'s "so"\n# comment\nlist:\n  - a b\n  - **/*\n---\nBody\n';
    const rule = read("rules/a.mdc", text);
    expect(rule).toMatchObject({ dialect: "line", body: "Body\n" });
    expect(rule.data).toEqual({
      description: "A rule",
      globs: "**/*.ts",
      alwaysApply: false,
      empty: null,
      note: 'it\'s "so"',
      list: ["a b", "**/*"],
    });
    expect(`---\n${rule.frontMatter}---\n${rule.body}`).toBe(text);
    expect(rule.locate("/globs")).toEqual({ line: 3, column: 8 });
    expect(rule.locate("/list/1")).toEqual({ line: 10, column: 3 });
    expect(rule.locate("/nothing")).toEqual({ line: 2, column: 1 });
    expect(remarks("rules/a.mdc", text)).toEqual(["note SCHEMA_LINE_DIALECT 3:8"]);
  });

  it("takes quotes off a line's value only where they enclose it whole and nothing is escaped", () => {
    const text = `---\na: "x" and "y"\nb: 'it'\nc: "a\\"b"\nd: "\ne: ""\n---\n`;
    expect(read("a.md", text, { frontMatter: "line" }).data).toEqual({ a: '"x" and "y"', b: "it", c: '"a\\"b"', d: '"', e: "" });
  });

  it("keeps YAML's own errors where the front matter is meant as YAML, and the dialect to where it belongs", () => {
    expect(remarks("a.mdc", "---\nspec:\n  glob: **/*\n---\n")).toEqual(["error SCHEMA_ALIAS 3:9"]);
    expect(remarks("a.md", "---\nglobs: **/*\n---\n")).toEqual(["error SCHEMA_ALIAS 2:8"]);
    expect(read("a.md", "---\nglobs: **/*\n---\n", { frontMatter: "auto" }).data).toEqual({ globs: "**/*" });
    expect(remarks("a.mdc", "---\na: 1\nwhat is this\na: 2\n---\n", { frontMatter: "line" })).toEqual([
      "error SCHEMA_LINE_SYNTAX 3:1",
      "error SCHEMA_DUPLICATE_KEY 4:1",
    ]);
  });

  it("locates values by pointer under CRLF, behind aliases, and falls back to key and ancestor", () => {
    const yaml = read("a.yaml", "a: &x\r\n  b/c: 1\r\n  d~: [2, {e: 3}]\r\nf: *x\r\ng:\r\n");
    expect(yaml.locate("")).toEqual({ line: 1, column: 1 });
    expect(yaml.locate("/a/b~1c")).toEqual({ line: 2, column: 8 });
    expect(yaml.locate("/a/d~0/1/e")).toEqual({ line: 3, column: 15 });
    expect(yaml.locate("/f/d~0/0")).toEqual({ line: 3, column: 8 });
    expect(yaml.locate("/g")).toEqual({ line: 5, column: 1 });
    expect(yaml.locate("/a/missing/deeper")).toEqual(yaml.locate("/a"));
    expect(yaml.locate("/a/d~0/9")).toEqual(yaml.locate("/a/d~0"));
    const json = read("a.json", '{\r\n  "a": [1, {"b": 2}]\r\n}');
    expect(json.locate("/a/1/b")).toEqual({ line: 2, column: 18 });
    expect(json.locate("/a/7")).toEqual({ line: 2, column: 8 });
  });

  it("locates a hundred thousand values in the time of one reading", () => {
    const list = Array.from({ length: 30_000 }, (_, index) => ({ [`k${index}`]: index }));
    const map = Object.fromEntries(list.map((item, index) => [`m${index}`, item]));
    for (const [path, text] of [
      ["a.json", JSON.stringify({ list, map })],
      ["a.yaml", JSON.stringify({ list, map })],
    ] as const) {
      const took = stopwatch();
      const parsed = read(path, text);
      const reading = took();
      let same = 0;
      for (let index = 0; index < 30_000; index += 1) {
        const [item, member] = [parsed.locate(`/list/${index}/k${index}`), parsed.locate(`/map/m${index}/k${index}`)];
        if (item?.line === member?.line && item?.column === member?.column) same += 1;
      }
      expect(same).toBe(0);
      // Searching the document anew for each would take thousands of times as long as reading it once.
      expect(took() - reading).toBeLessThan(20 * reading);
    }
  });

  it("rejects limits that are no limits", () => {
    expect(() => parseDocument(document("a.yaml", "a"), { limits: { maxDepth: 1.5 } })).toThrow(RangeError);
    expect(() => parseDocument(document("a.yaml", "a"), { limits: { maxDepth: 1000 } })).toThrow(RangeError);
  });
});

describe("parseDocument() on hostile input", () => {
  const nested = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);
  let bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (let level = 1; level < 12; level += 1)
    bomb += `a${level}: &a${level} [${Array(9)
      .fill(`*a${level - 1}`)
      .join(", ")}]\n`;
  const cases: readonly (readonly [string, string, string | Uint8Array, string])[] = [
    ["50 MB", "a.yaml", Buffer.alloc(50_000_000, 97), "SCHEMA_TOO_LARGE"],
    ["8 MB of open brackets in YAML", "a.yaml", "[".repeat(8_000_000), "SCHEMA_TOO_DEEP"],
    ["8 MB of open brackets in JSON", "a.json", "[".repeat(8_000_000), "SCHEMA_TOO_DEEP"],
    ["8 MB of compact lists", "a.yaml", "- ".repeat(4_000_000), "SCHEMA_TOO_DEEP"],
    ["deep flow mappings", "a.yaml", "{a: ".repeat(1_000_000), "SCHEMA_TOO_DEEP"],
    ["a billion laughs", "a.yaml", bomb, "SCHEMA_ALIAS_LIMIT"],
    ["too many documents", "a.yaml", "---\n".repeat(2_000_000), "SCHEMA_YAML_STREAM"],
    ["too many errors", "a.yaml", "}\n".repeat(1_000_000), "SCHEMA_YAML_SYNTAX"],
    ["too many directives", "a.yaml", `${"%a b\n".repeat(1_000_000)}---\n`, "SCHEMA_YAML_SYNTAX"],
    ["too many values in JSON", "a.json", `[${"1,".repeat(1_000_000)}1]`, "SCHEMA_TOO_LARGE"],
  ];
  it.each(cases)("ends at a bound: %s", (_name, path, text, code) => {
    const before = process.memoryUsage().heapUsed;
    const took = stopwatch();
    const result = parseDocument(document(path, text));
    expect(took()).toBeLessThan(2_000);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(300e6);
    expect(result.ok).toBe(false);
    expect(result.findings.map((finding) => finding.code)).toContain(code);
    expect(result.findings.length).toBeLessThan(60);
  });

  it("counts depth exactly, aliases included", () => {
    for (const path of ["a.yaml", "a.json"]) {
      expect(parseDocument(document(path, nested(64))).ok).toBe(true);
      expect(remarks(path, nested(65))[0]).toContain("SCHEMA_TOO_DEEP");
    }
    const limits = { maxDepth: 4 };
    expect(parseDocument(document("a.yaml", "a: &x [[1]]\nb: [*x]\n"), { limits }).ok).toBe(true);
    expect(remarks("a.yaml", "a: &x [[1]]\nb: [[*x]]\n", { limits })[0]).toBe("error SCHEMA_TOO_DEEP 2:6");
    expect(remarks("a.yaml", "a: [1, 2, 3]\n", { limits: { maxNodes: 4 } })).toEqual(["error SCHEMA_TOO_LARGE 1:11"]);
    expect(remarks("a.yaml", "a: &x 1\nb: [*x, *x]\n", { limits: { maxAliases: 1 } })).toContain("error SCHEMA_ALIAS_LIMIT 2:9");
    expect(remarks("a.mdc", `---\n${"a\n".repeat(9)}---\n`, { frontMatter: "line", limits: { maxNodes: 2 } })).toContain(
      "error SCHEMA_TOO_LARGE 4:1",
    );
  });
});
