import { editFrontMatter, editYaml, parseDocument, toJson, type YamlEdit } from "@gov/schema";
import { describe, expect, it } from "vitest";

const set = (pointer: string, value: Extract<YamlEdit, { op: "set" }>["value"]): YamlEdit => ({ op: "set", pointer, value });
const remove = (pointer: string): YamlEdit => ({ op: "remove", pointer });
function edited(text: string, ...edits: YamlEdit[]): string {
  const result = editYaml(text, edits);
  if (!result.ok) throw new Error(JSON.stringify(result.findings));
  return result.value;
}
function refusal(text: string, ...edits: YamlEdit[]): string | undefined {
  const result = editYaml(text, edits, { path: "a.yaml" });
  expect(result.ok).toBe(false);
  const [finding] = result.findings.filter(({ severity }) => severity === "error");
  return `${finding?.code ?? ""} ${finding?.message ?? ""}`;
}

describe("editYaml()", () => {
  it.each<[string, string, YamlEdit[], string]>([
    ["a plain value, its comment kept", "a: 1   # one\nb: 2\n", [set("/a", "x")], "a: x   # one\nb: 2\n"],
    ["quotes kept", `a: 'it''s' # c\nb: "x"\n`, [set("/a", "don't"), set("/b", "y")], `a: 'don''t' # c\nb: "y"\n`],
    ["text that reads as something else", "a: b\n", [set("/a", "yes")], 'a: "yes"\n'],
    ["a version", "a: b\n", [set("/a", "1.10")], 'a: "1.10"\n'],
    ["a date", "a: b\n", [set("/a", "2024-01-15")], 'a: "2024-01-15"\n'],
    ["several lines", "a: b\n", [set("/a", "x\ny")], 'a: "x\\ny"\n'],
    ["an empty value", "a: # later\nb: 2\n", [set("/a", 3)], "a: 3 # later\nb: 2\n"],
    ["a block by a value", "a:\n  b: 1\n  c: 2\n\nd: 3\n", [set("/a", true)], "a: true\n\nd: 3\n"],
    ["a value by a block", "a: 1\nb: 2\n", [set("/a", { x: [1, "two"], z: {} })], "a:\n  x:\n    - 1\n    - two\n  z: {}\nb: 2\n"],
    ["a folded text by a word", "a: >-\n  one\n  two\n\nb: 2\n", [set("/a", "x")], "a: x\n\nb: 2\n"],
    ["a nested value", "a:\n  - b: 1 # c\n    d: 2\n", [set("/a/0/b", 5)], "a:\n  - b: 5 # c\n    d: 2\n"],
    ["a new field at the end", "a: 1\n# end\n", [set("/b", "x")], "a: 1\nb: x\n# end\n"],
    ["a new field without a last line end", "a: 1", [set("/b", null)], "a: 1\nb: null"],
    ["a new field behind a literal", "a: |\n  x\n", [set("/b", 1)], "a: |\n  x\nb: 1\n"],
    ["fields on the way", "a:\n  b: 1\n", [set("/a/c/d/e", 1)], "a:\n  b: 1\n  c:\n    d:\n      e: 1\n"],
    [
      "an item at the end",
      "a:\n  - 1\n  - 2 # two\nb: 3\n",
      [set("/a/-", { x: 1, z: 2 })],
      "a:\n  - 1\n  - 2 # two\n  - x: 1\n    z: 2\nb: 3\n",
    ],
    ["an item by its number", "- 1\n- 2\n", [set("/1", [3])], "- 1\n- - 3\n"],
    [
      "flow collections",
      "a: {b: 1, c: [x, 'y']} # f\n",
      [set("/a/b", "p, q"), set("/a/c/-", "z"), set("/a/d", { e: 1 })],
      `a: {b: "p, q", c: [x, 'y', "z"], "d": {"e":1}} # f\n`,
    ],
    ["an empty flow collection", "a: {}\nb: []\n", [set("/a/x", 1), set("/b/-", 2)], 'a: {"x": 1}\nb: [2]\n'],
    ["a removed field and its comment", "a: 1\n# about b\nb: 2 # two\nc: 3\n", [remove("/b")], "a: 1\n# about b\nc: 3\n"],
    ["a removed block", "a:\n  x: 1\n  y: 2\nb: 3\n", [remove("/a")], "b: 3\n"],
    ["a removed last field", "a: 1\nb: 2", [remove("/b")], "a: 1"],
    ["the only field removed", "a:\n  b: 1\nc: 2\n", [remove("/a/b")], "a:\n  {}\nc: 2\n"],
    ["a removed first field behind a dash", "- a: 1\n  b: 2\n", [remove("/0/a")], "- b: 2\n"],
    ["a removed item", "- 1\n- 2 # two\n- 3\n", [remove("/1")], "- 1\n- 3\n"],
    ["removed items of a flow list", "a: [1, 2, 3]\n", [remove("/a/2"), remove("/a/0"), remove("/a/0")], "a: []\n"],
    ["Windows line ends and a mark", "\ufeffa: 1\r\nb: 2\r\n", [set("/c", [1]), set("/a", 9)], "\ufeffa: 9\r\nb: 2\r\nc:\r\n  - 1\r\n"],
    ["an empty text", "", [set("/a/b", 1)], "a:\n  b: 1\n"],
    ["only comments", "# c", [set("/a", 1)], "# c\na: 1\n"],
    ["the whole", "# c\na: 1\n", [set("", { b: 2 })], "# c\nb: 2\n"],
    ["an anchor nobody uses", "a: &x 1\nb: 2\n", [set("/a", 3)], "a: &x 3\nb: 2\n"],
    ["names of prototypes", "a: 1\n", [set("/__proto__", 1), set("/constructor", 2)], "a: 1\n__proto__: 1\nconstructor: 2\n"],
    ["escaped names", "a/b: 1\n~: 2\n", [set("/a~1b", 3), set("/x: y", 4)], 'a/b: 3\n~: 2\n"x: y": 4\n'],
  ])("writes %s", (_, text, edits, expected) => {
    expect(edited(text, ...edits)).toBe(expected);
  });

  it("refuses what leads nowhere, or would change something else, and says why", () => {
    expect(refusal("a: 1\n", remove("/b"))).toBe('SCHEMA_YAML_EDIT Cannot remove "/b": nothing stands there');
    expect(refusal("a: 1\n", remove("/b/c"))).toBe('SCHEMA_YAML_EDIT Cannot remove "/b/c": nothing stands there');
    expect(refusal("a: 1\n", remove(""))).toBe('SCHEMA_YAML_EDIT Cannot remove "": the whole document cannot be removed');
    expect(refusal("a: 1\n", set("/a/b", 1))).toBe('SCHEMA_YAML_EDIT Cannot set "/a/b": a plain value stands on the way');
    expect(refusal("- 1\n", set("/2", 1))).toBe('SCHEMA_YAML_EDIT Cannot set "/2": the list has no such item');
    expect(refusal("- 1\n", set("/x", 1))).toBe('SCHEMA_YAML_EDIT Cannot set "/x": the list has no such item');
    expect(refusal("a: &x 1\nb: *x\n", set("/a", 2))).toMatch(/^SCHEMA_YAML_EDIT .*an alias of an anchor/);
    expect(refusal("a: &x {c: 1}\nb: *x\n", set("/b/c", 2))).toMatch(/^SCHEMA_YAML_EDIT /);
    expect(refusal("? a\n: 1\n", set("/a", 2))).toMatch(/^SCHEMA_YAML_EDIT .*cannot be changed there alone/);
    expect(refusal("a: [1\n", set("/a", 2))).toMatch(/^SCHEMA_YAML_SYNTAX /);
    expect(refusal("a: 1\na: 2\n", set("/a", 2))).toMatch(/^SCHEMA_DUPLICATE_KEY /);
  });
});

describe("editYaml() of what no document holds", () => {
  it.each<[string, unknown, string]>([
    ["no number", Number.NaN, "the value is NaN"],
    ["no value", undefined, "the value is undefined"],
    ["a BigInt", 10n, "the value is a bigint"],
    ["half of a surrogate pair", { b: ["\ud800"] }, 'the value at "/b/0" is text with a lone surrogate'],
    ["a date", new Date(0), "the value is not a plain object"],
    [
      "a value too deep",
      JSON.parse("[".repeat(100) + "]".repeat(100)),
      `the value at "${"/0".repeat(64)}" is nested deeper than 64 levels`,
    ],
  ])("refuses %s by its reason", (_, value, reason) => {
    expect(refusal("a: 1\n", set("/a", value as string))).toBe(`SCHEMA_YAML_EDIT Cannot set "/a": ${reason}, which no document holds`);
  });

  it("refuses a pointer that is none, and one that leads deeper than is read", () => {
    expect(refusal("a: 1\n", set("a", 1))).toBe('SCHEMA_YAML_EDIT Cannot set "a": a pointer that is not empty begins with "/"');
    expect(refusal("a: 1\n", remove("#/a"))).toBe('SCHEMA_YAML_EDIT Cannot remove "#/a": a pointer that is not empty begins with "/"');
    expect(refusal("a: 1\n", set("/\ud800", 1))).toMatch(/the pointer holds half of a surrogate pair$/);
    expect(refusal("a: 1\n", set("/b".repeat(20_000), 1))).toMatch(/it leads deeper than 64 levels$/);
    expect(refusal("a: 1\n", set("/a", 1), set(`/b${"/c".repeat(60)}`, [[[[1]]]]))).toMatch(
      /with it the document nests deeper than 64 levels$/,
    );
  });
});

describe("editYaml() of many edits", () => {
  it("names no path in its findings where none is given", () => {
    expect(editYaml("a: [\n", [set("/a", 1)]).findings.map(({ code, path }) => [code, path])).toEqual([["SCHEMA_YAML_SYNTAX", null]]);
    expect(editYaml("a: 1.10\n", []).findings.map(({ code, path }) => [code, path])).toEqual([["SCHEMA_NUMBER_TEXT", null]]);
  });

  it("reads a text anew for all of them, and not for each", () => {
    const names = Array.from({ length: 3_000 }, (_, index) => `k${String(index)}`);
    const text = names.map((name) => `${name}: { a: 1 } # kept\n`).join("");
    // One after the other they take half an hour, which no test is given.
    const result = editYaml(
      text,
      names.map((name) => set(`/${name}/b`, 2)),
    );
    expect(result.ok && result.value).toBe(text.replaceAll("a: 1 }", 'a: 1, "b": 2 }'));
  });

  it("tells which of them it is that cannot be made", () => {
    const edits = [set("/a", 2), set("/c", 3), remove("/x"), set("/d", 4)];
    expect(refusal("a: 1\nb: 2\n", ...edits)).toBe('SCHEMA_YAML_EDIT Cannot remove "/x": nothing stands there');
    const aliased = "a: &x 1\nb: *x\nc: 3\n";
    expect(refusal(aliased, set("/c", 4), set("/a", 2), set("/d", 5))).toMatch(/^SCHEMA_YAML_EDIT Cannot set "\/a": something else/);
  });
});

describe("editFrontMatter()", () => {
  it("edits between the fences and leaves the body alone", () => {
    const text = "---\nstatus: draft # why\ntags: [a]\n---\n# T\n\nstatus: draft\n";
    const result = editFrontMatter(text, [set("/status", "approved"), set("/tags/-", "b"), set("/id", "X")]);
    expect(result.ok && result.value).toBe('---\nstatus: approved # why\ntags: [a, "b"]\nid: X\n---\n# T\n\nstatus: draft\n');
  });

  it("gives front matter to a document without, and to one that is empty", () => {
    const edits = [set("/id", "X")];
    expect(editFrontMatter("# T\n", edits)).toMatchObject({ value: "---\nid: X\n---\n# T\n" });
    expect(editFrontMatter("# T\r\n", edits)).toMatchObject({ value: "---\r\nid: X\r\n---\r\n# T\r\n" });
    expect(editFrontMatter("---\n---\n# T\n", edits)).toMatchObject({ value: "---\nid: X\n---\n# T\n" });
    expect(editFrontMatter("\ufeff---\na: 1\n...\nT", edits)).toMatchObject({ value: "\ufeff---\na: 1\nid: X\n...\nT" });
  });

  it("refuses front matter that is not closed, or of another language", () => {
    for (const text of ["---\na: 1\n", "+++\na = 1\n+++\n"])
      expect(editFrontMatter(text, [set("/a", 2)], { path: "a.md" }).findings).toMatchObject([
        { code: "SCHEMA_FRONT_MATTER", path: "a.md", line: 1 },
      ]);
    expect(editFrontMatter("---\na: 1\nb: [}\n---\n", [set("/a", 2)]).findings).toMatchObject([{ code: "SCHEMA_YAML_SYNTAX", line: 3 }]);
    expect(editFrontMatter("# T\n", [remove("/a")]).findings).toMatchObject([{ code: "SCHEMA_YAML_EDIT", line: 1 }]);
  });
});

describe("toJson()", () => {
  it("mirrors YAML, JSON and Markdown (ART-11)", () => {
    const mirror = (path: string, text: string) => {
      const parsed = parseDocument({ path, bytes: new TextEncoder().encode(text) });
      return parsed.ok ? toJson(parsed.value) : undefined;
    };
    expect(mirror("a.yaml", "id: x\ntasks: [1]\n")).toEqual({ id: "x", tasks: [1] });
    expect(mirror("a.json", '{"id":"x"}')).toEqual({ id: "x" });
    expect(mirror("a.md", "---\nid: x\n---\n# T\n")).toEqual({ front_matter: { id: "x" }, body: "# T\n" });
    expect(mirror("a.png", "x")).toBeNull();
  });
});
