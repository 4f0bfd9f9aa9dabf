import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  compileUserSchema,
  digestShapes,
  type DocumentInput,
  editFrontMatter,
  editYaml,
  emitDigest,
  type Finding,
  isJsonObject,
  migrateDocument,
  parseChecklist,
  parseDigest,
  parseDocument,
  type ParseDocumentOptions,
  parseManifestWire,
  parsePlan,
  parseStoryMap,
  type Result,
} from "@gov/schema";
import { compileCondition } from "@gov/schema/expression";
import { parseCobertura, parseIstanbul, parseJunit, parseLcov, parseSarif, parseTrivy } from "@gov/schema/reports";
import { corpus } from "./corpora.ts";

/** What a run of the fuzzer saw. */
export interface FuzzReport {
  readonly inputs: number;
  readonly read: number;
  readonly refused: number;
  readonly slowestMs: number;
  /** Most memory in use beyond that at the start, in bytes. */
  readonly heapGrowth: number;
  /** Every input that broke a rule: what rule, and the input, to be kept as an example. */
  readonly broken: readonly string[];
}

interface Target {
  readonly name: string;
  readonly seeds: readonly Buffer[];
  readonly read: (bytes: Buffer) => Result<unknown>;
}

const front = "---\nid: PLN-1\nversion: '1.0'\nowners: [a, b]\nspec:\n  routes:\n    - {id: r, to: x}\n---\n# Title\n\ntext\n";
const yaml = "base: &base {a: 1, b: [x, y]}\ncopy: *base\ntext: |\n  one\n  two\nfolded: >-\n  a\n  b\n# end\n";
const json = '{"id": "x", // why\n "list": [1, 2.5, -3e2, true, null,], "nested": {"a": {"b": "\\u00e9"}}}';
const adr = "# 1. Use YAML\n\n* Status: accepted\n* Date: 2024-01-15\n\n## Status\n\nAccepted\n\n## Deciders\n- Ada\n- Bob\n";
const pep = "PEP: 8\nTitle: Style\nAuthor: Ada <a@x.org>,\n        Bob\nStatus: Active\n\nIntroduction\n";
const junit =
  '<?xml version="1.0"?><!DOCTYPE t><testsuites tests="2"><testsuite name="s"><testcase name="a" time="1.5"/><testcase name="b"><failure message="x &lt; y"><![CDATA[t]]></failure></testcase></testsuite></testsuites>';
const cobertura =
  '<coverage><packages><package><classes><class filename="a.ts"><lines><line number="1" hits="2" branch="true" condition-coverage="50% (1/2)"/></lines></class></classes></package></packages></coverage>';
const lcov = "TN:\nSF:a.ts\nDA:1,2\nDA:2,0\nBRDA:1,0,0,-\nBRF:1\nLF:2\nend_of_record\n";
const istanbul = '{"a.ts":{"statementMap":{"0":{"start":{"line":1}}},"s":{"0":2},"b":{"0":[1,0]}}}';
const sarif =
  '{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"t","rules":[{"id":"R"}]}},"results":[{"ruleId":"R","ruleIndex":0,"message":{"id":"m","arguments":["x"]},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"a%20b"},"region":{"startLine":1}}}]}]}]}';
const trivy = '{"SchemaVersion":2,"Results":[{"Target":"p","Vulnerabilities":[{"VulnerabilityID":"C","Severity":"HIGH"}]}]}';

const splices = [
  ..."{}[]<>\"'|>#&*!%@`,:?-=\\/\0\t~^".split(""),
  ...[
    "---\n",
    "...\n",
    "\r\n",
    "*a",
    "&a ",
    "!!x ",
    ": ",
    "- ",
    "? ",
    "\ufeff",
    "__proto__: ",
    "<<: ",
    "\\u",
    "\\ud800",
    "%YAML 1.1\n",
    "/*",
    "*/",
    "//",
  ],
  ...[
    "]]>",
    "<![CDATA[",
    "<!--",
    "-->",
    "<?",
    "<!DOCTYPE x [",
    "&amp;",
    "&#0;",
    "&#x110000;",
    "</",
    "/>",
    "## Status\n",
    "SF:",
    "end_of_record\n",
    "1e999",
    "-0",
    "{".repeat(200),
    "[".repeat(200),
    "- ".repeat(200),
    "<a>".repeat(100),
    "a: ".repeat(50),
  ],
];

function targets(): readonly Target[] {
  const bytes = (...texts: string[]): Buffer[] => texts.map((text) => Buffer.from(text));
  const real = [corpus("keps"), corpus("cursor-rules")].flatMap((folder) =>
    folder === null
      ? []
      : readdirSync(folder, { recursive: true, encoding: "utf8" })
          .filter((name) => name.endsWith("/kep.yaml") || name.endsWith(".mdc"))
          .sort()
          .filter((_, index) => index % 40 === 0)
          .map((name) => readFileSync(join(folder, name)).subarray(0, 4_096)),
  );
  const document =
    (path: string, options: ParseDocumentOptions = {}): Target["read"] =>
    (input) =>
      parseDocument({ path, bytes: input }, options);
  const report =
    (read: (input: DocumentInput) => Result<unknown>): Target["read"] =>
    (input) =>
      read({ path: "report", bytes: input });
  const texts = bytes(front, yaml, adr, pep);
  return [
    { name: "yaml", seeds: [...bytes(yaml, front), ...real], read: document("a.yaml", { lint: true }) },
    { name: "markdown", seeds: [...texts, ...real], read: document("a.md") },
    { name: "rule file", seeds: [...texts, ...real], read: document("a.mdc") },
    { name: "headers", seeds: texts, read: document("a.md", { frontMatter: "headers" }) },
    { name: "rfc822", seeds: texts, read: document("a.md", { frontMatter: "rfc822" }) },
    { name: "json", seeds: bytes(json, istanbul), read: document("a.json") },
    { name: "jsonc", seeds: bytes(json, istanbul), read: document("a.jsonc") },
    { name: "junit", seeds: bytes(junit, cobertura), read: report(parseJunit) },
    { name: "cobertura", seeds: bytes(junit, cobertura), read: report(parseCobertura) },
    { name: "lcov", seeds: bytes(lcov), read: report(parseLcov) },
    { name: "istanbul", seeds: bytes(istanbul), read: report(parseIstanbul) },
    { name: "sarif", seeds: bytes(sarif), read: report(parseSarif) },
    { name: "trivy", seeds: bytes(trivy), read: report(parseTrivy) },
    { name: "plan", seeds: fixtures("plan-governance.md", "plan-testing.md"), read: (input) => parsePlan(input.toString("utf8")) },
    { name: "checklist", seeds: fixtures("checklist-remediation.md"), read: (input) => parseChecklist(input.toString("utf8")) },
    { name: "story map", seeds: bytes(storyMap), read: (input) => readStoryMap(input.toString("utf8")) },
    {
      name: "digest",
      seeds: fixtures(...digestShapes.map((shape) => `digest-${shape}.md`)),
      read: (input) => readAndWriteDigest(input.toString("utf8")),
    },
    { name: "manifest", seeds: bytes(manifest), read: (input) => readManifest(input) },
    { name: "migration", seeds: bytes(kpis), read: (input) => migrateTwice(input.toString("utf8")) },
    { name: "condition", seeds: bytes(condition), read: (input) => compileCondition(input.toString("utf8"), taxonomy) },
    { name: "schema", seeds: bytes(schema), read: (input) => readSchema(input) },
    {
      name: "editYaml",
      seeds: bytes(yaml),
      read: (input) =>
        editYaml(input.toString("utf8"), [
          { op: "set", pointer: "/copy/a", value: "x\ny" },
          { op: "remove", pointer: "/text" },
        ]),
    },
    {
      name: "editFrontMatter",
      seeds: bytes(front),
      read: (input) => editFrontMatter(input.toString("utf8"), [{ op: "set", pointer: "/spec/routes/-", value: { id: "n" } }]),
    },
  ];
}

const storyMap =
  "# Planning - Story Map\n\n## Epic: Lifecycle\n\n### Backbone\n1. **Plan** → 2. **Build**\n\n### Release 1\n- [SM-001] Gates\n";
const manifest =
  '{"version":1,"cycle_id":"2025-09-02","snapshot_rev":"7a9b","rulebook_hash":"sha256:0a","artifacts":[{"path":"a","sha256":"0b"}],"governance":{"tags":[],"critical_issues":0},"sealed_at":"2025-09-02T10:00:00Z","sealed_by":["PM"]}';
const kpis =
  "kpis:\n  cycle_time: { formula: avg(x), unit: days, target: 3 } # low\n  'a b':\n    formula: \"y\"\n    unit: count\n    target: 1\n";
const condition = "tags.criticality == 0 && (tags.compliance == 'sox' || tags.compliance in ['a', 'b']) ? true : size('x') > 1";
const taxonomy = [
  { name: "criticality", values: [0, 1, 2], default: 2 },
  { name: "compliance", values: ["sox", "none"], default: "none" },
];
const schema =
  '{"type":"object","required":["a"],"properties":{"a":{"type":"string","pattern":"^(a+)+$"},"b":{"$ref":"#/$defs/c"}},"$defs":{"c":{"enum":[1,"x",null]}}}';

function fixtures(...names: readonly string[]): readonly Buffer[] {
  return names.map((name) => readFileSync(new URL(`fixtures/${name}`, import.meta.url)));
}

function readStoryMap(text: string): Result<unknown> {
  const map = parseStoryMap(text);
  return map.findings.length > 0 ? { ok: false, findings: map.findings } : { ok: true, value: map, findings: [] };
}

// What was read is written again with the same bytes.
function readAndWriteDigest(text: string): Result<unknown> {
  const digest = parseDigest(text);
  if (!digest.ok) return digest;
  const written = emitDigest(digest.value);
  if (!written.ok || written.value !== text) throw new Error("the digest is not written as it was read");
  return digest;
}

function readManifest(bytes: Buffer): Result<unknown> {
  const document = parseDocument({ path: "manifest.json", bytes });
  return document.ok ? parseManifestWire(document.value.data) : document;
}

function migrateTwice(text: string): Result<unknown> {
  const once = migrateDocument({ path: "a.yaml", text }, { kind: "kpi_config" });
  if (!once.ok) return once;
  const twice = migrateDocument({ path: "a.yaml", text: once.value.text }, { kind: "kpi_config" });
  if (!twice.ok || twice.value.text !== once.value.text) throw new Error("a second migration changes the text");
  return once;
}

function readSchema(bytes: Buffer): Result<unknown> {
  const document = parseDocument({ path: "schema.json", bytes });
  if (!document.ok) return document;
  if (!isJsonObject(document.value.data)) return { ok: false, findings: [finding(1, 1)] };
  const compiled = compileUserSchema(document.value.data);
  if (compiled.ok) for (const value of [null, {}, { a: `${"a".repeat(40)}!` }, { a: 1, b: [] }]) compiled.value(value);
  return compiled;
}

/** A seeded generator (mulberry32): the same seed, the same inputs, on every machine. */
function generator(seed: number): (below: number) => number {
  let state = seed | 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

function mutate(seed: Buffer, random: (below: number) => number): Buffer {
  let bytes = seed;
  for (let edits = 1 + random(6); edits > 0; edits -= 1) {
    const at = random(bytes.length + 1);
    const how = random(5);
    const splice = Buffer.from(splices[random(splices.length)] ?? "");
    const middle =
      how === 0 ? Buffer.from([random(256)]) : how === 1 ? bytes.subarray(at, at + random(64)) : how === 2 ? Buffer.alloc(0) : splice;
    bytes = Buffer.concat([
      bytes.subarray(0, at),
      how === 1 ? Buffer.concat([middle, middle]) : middle,
      bytes.subarray(at + random(how === 2 ? 64 : 8)),
    ]);
  }
  return bytes;
}

/**
 * Feeds the readers mutated documents and holds every answer to the rules: nothing is thrown, no input takes a second, a refusal has an error, a value has
 * none, and every place is one of the text. `readers` stands in for the real ones, to show that a broken one is caught.
 */
export function fuzzReaders(options: { readonly inputs: number; readonly seed: number; readonly readers?: readonly Target[] }): FuzzReport {
  const { inputs, seed, readers = targets() } = options;
  const random = generator(seed);
  const broken: string[] = [];
  let [read, refused, slowestMs, heapGrowth] = [0, 0, 0, 0];
  const heapAtStart = process.memoryUsage().heapUsed;
  for (let index = 0; index < inputs; index += 1) {
    const target = readers[index % readers.length] as Target;
    const bytes = mutate(target.seeds[random(target.seeds.length)] ?? Buffer.alloc(0), random);
    const started = performance.now();
    const fault = judge(target, bytes);
    const took = performance.now() - started;
    slowestMs = Math.max(slowestMs, took);
    if (fault === "read") read += 1;
    else if (fault === "refused") refused += 1;
    if (fault !== "read" && fault !== "refused")
      broken.push(`${target.name}: ${fault}: ${JSON.stringify(bytes.toString("utf8").slice(0, 2_000))}`);
    else if (took > 1_000)
      broken.push(`${target.name}: took ${String(took)} ms: ${JSON.stringify(bytes.toString("utf8").slice(0, 2_000))}`);
    if (index % 256 === 0) heapGrowth = Math.max(heapGrowth, process.memoryUsage().heapUsed - heapAtStart);
  }
  return { inputs, read, refused, slowestMs, heapGrowth, broken };
}

function judge({ read }: Target, bytes: Buffer): string {
  let result: Result<unknown>;
  try {
    result = read(bytes);
    if (result.ok) JSON.stringify(result.value);
  } catch (error) {
    return `threw ${String(error)}`;
  }
  const error = result.findings.some(({ severity }) => severity === "error");
  if (result.ok === error) return result.ok ? "has a value and an error" : "is refused without an error";
  // Markdown ends a line with a carriage return alone, too.
  const text = bytes.toString("utf8");
  const lines = [text.split("\n"), text.split(/\r\n|\r|\n/)];
  const place = result.findings.find((finding) => !lines.some((split) => isInside(finding, split)));
  return place === undefined
    ? result.ok
      ? "read"
      : "refused"
    : `places ${place.code} outside of the text, at ${String(place.line)}:${String(place.column)}`;
}

function isInside({ line, column }: Finding, lines: readonly string[]): boolean {
  if (line === null || column === null) return line === column;
  return line >= 1 && column >= 1 && line <= lines.length && column <= (lines[line - 1] ?? "").length + 2;
}

/** Readers that break one rule each; the fuzzer must catch every one of them. */
export const brokenReaders: readonly Target[] = [
  {
    name: "throws",
    seeds: [Buffer.from(yaml)],
    read: (bytes) => (bytes.includes(0) ? (JSON.parse("{") as never) : { ok: true, value: 0, findings: [] }),
  },
  { name: "refuses without a reason", seeds: [Buffer.from(yaml)], read: () => ({ ok: false, findings: [] }) },
  { name: "passes with an error", seeds: [Buffer.from(yaml)], read: () => ({ ok: true, value: 0, findings: [finding(1, 1)] }) },
  { name: "places outside", seeds: [Buffer.from(yaml)], read: () => ({ ok: false, findings: [finding(10_000, 1)] }) },
];

function finding(line: number, column: number): Finding {
  return { code: "X", severity: "error", message: "m", path: null, line, column };
}
