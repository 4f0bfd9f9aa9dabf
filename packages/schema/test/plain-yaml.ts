import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { type JsonValue, parseDocument } from "@gov/schema";
import { plainReading } from "../src/internal/plain-reading.ts";
import { type PlainYaml, readPlainYaml } from "../src/internal/plain-yaml.ts";
import { corpus } from "./corpora.ts";

/** A shortcut beside the parser: an answer, or null. */
export type PlainReader = (text: string) => PlainYaml | null;

/** What comparing the shortcut with the parser saw. */
export interface PlainReport {
  /** Texts the shortcut answered for; each was then read by the parser as well. */
  readonly answered: number;
  /** Texts it left to the parser. */
  readonly left: number;
  /** The first texts, at most ten, for which the two differ, and in what. */
  readonly different: readonly string[];
}

/** Says how the shortcut's answer for a text differs from the parser's, in value, places, source texts or remarks; null where they agree, or it has none. */
export function differenceOf(text: string, read: PlainReader = readPlainYaml): string | null {
  const plain = read(text);
  return plain === null ? null : compare(text, plain);
}

function compare(text: string, plain: PlainYaml): string | null {
  // Asked to note what other readers read otherwise, the reader has no shortcut.
  const parsed = parseDocument({ path: "a.yaml", bytes: Buffer.from(text) }, { lint: true });
  const remark = parsed.findings.find(({ code }) => code !== "SCHEMA_YAML_DIFFERS");
  if (!parsed.ok || remark !== undefined) return `the parser remarks ${remark?.message ?? "that it cannot"}`;
  const { data, locate, sourceText } = parsed.value;
  const short = plainReading(plain, () => {
    throw new Error("not asked");
  });
  // As text too: keys have an order.
  if (!isDeepStrictEqual(short.data, data) || JSON.stringify(short.data) !== JSON.stringify(data))
    return `${JSON.stringify(short.data)} is ${JSON.stringify(data)}`;
  for (const path of pathsOf(data)) {
    const pointer = path.map((segment) => `/${segment}`).join("");
    const before = text.slice(0, short.locate(path));
    const at = { line: before.split("\n").length, column: before.length - before.lastIndexOf("\n") };
    if (!isDeepStrictEqual(locate(pointer), at)) return `${pointer} is at ${JSON.stringify(locate(pointer))}, not at ${JSON.stringify(at)}`;
    const source = sourceText(pointer);
    const own = sourceOf(short, path);
    if (own !== "asks the parser" && own !== source) return `${pointer} is written ${String(source)}, not ${String(own)}`;
  }
  return null;
}

function sourceOf(short: ReturnType<typeof plainReading>, path: readonly string[]): string | null {
  try {
    return short.sourceText(path);
  } catch {
    return "asks the parser";
  }
}

/** Every path into a value, and some that lead nowhere. */
function pathsOf(value: JsonValue, at: readonly string[] = []): readonly (readonly string[])[] {
  const further = typeof value !== "object" || value === null ? [] : Object.entries(value as Readonly<Record<string, JsonValue>>);
  return [at, [...at, "missing"], [...at, "7"], ...further.flatMap(([key, item]) => pathsOf(item, [...at, key]))];
}

const keys = [
  "id",
  "version",
  "a",
  "b",
  "c-d",
  "e.f",
  "_g",
  "true",
  "Null",
  "yes",
  "x1",
  "__proto__",
  "constructor",
  '"q"',
  "a b",
  "é",
  "1",
  "<<",
];
const scalars = [
  ...[
    "word",
    "two words",
    "a:b",
    "http://x.org/a#b",
    "x #y",
    "x# y",
    "a: b",
    "a:",
    "-",
    "- x",
    "-x",
    "--",
    "---",
    "...",
    "?",
    "? x",
    "a, b",
    "a]",
    "{a",
    "é",
    "検証 x",
  ],
  ...[
    "0",
    "7",
    "-5",
    "+5",
    "010",
    "1.5",
    "1.50",
    "-0",
    "0.0",
    "1.",
    ".5",
    "1e3",
    "0x1F",
    "0o17",
    "12345678901234567890",
    "1_000",
    "1.2.3",
    "2024-01-15",
    "12:30",
  ],
  ...[
    "true",
    "True",
    "TRUE",
    "tRUE",
    "yes",
    "null",
    "~",
    "Null",
    ".inf",
    "-.INF",
    ".nan",
    ".NaN",
    "+.inf",
    "x ",
    "  x",
    "",
    "@x",
    "`x",
    "%x",
    "&a x",
    "*a",
    "!t x",
    "!",
    "|",
    ">",
  ],
  ...[
    '"q"',
    '"q q: #"',
    "'s'",
    "'it''s'",
    '"a\\nb"',
    '"a\\ud800"',
    '"open',
    "'open",
    '"q" x',
    '"q"x',
    "'s' # c",
    '""',
    "''",
    "\u00a0x",
    "x\u00a0",
    "\u0085",
    "a\tb",
    "\tx",
    "x\r",
    "\ufeffx",
    "+",
    "-.",
    ".",
    "/",
    "/a",
    "=",
    "<<",
    "\\ud800",
  ],
  ...[
    "[]",
    "[a]",
    "[a, b]",
    "[ a , b ]",
    "[\"a\", 'b']",
    "[a,]",
    "[a,,b]",
    "[a: b]",
    "[a:b]",
    "[1, true, null]",
    "[a b, c#d]",
    "[a #b]",
    "[[a]]",
    "[{a}]",
    "[a",
    "[a] x",
    "[-1, -x, -]",
    "{}",
    "{a: b}",
    '["a"b]',
    '["a":b]',
    "[ ]",
    "[a\u00a0, b]",
  ],
  ...["|", ">", "|-", ">-", "|+", ">2", "|2-", "| # c", ">- ", "|-x"],
];
const blocks = ["text", "more text", "  deeper", "- item", "key: x", "# no comment", "", "trailing ", "\ttab"];

type Random = (below: number) => number;

/** A seeded generator (mulberry32). */
function generator(seed: number): Random {
  let state = seed | 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const pick = <T>(items: readonly T[], random: Random): T => items[random(items.length)] as T;

/** A document of nested keys, lists and block texts, mostly well-formed: one line in some is indented otherwise, blank, a comment, or gone. */
function generate(random: Random): string {
  const lines: string[] = [];
  const odds = 4 + random(100);
  const push = (indent: number, text: string): void => {
    const by = random(odds) === 0 ? random(4) - 1 : 0;
    lines.push(" ".repeat(Math.max(0, indent + by)) + text);
    if (random(odds) === 0)
      lines.push(pick(["", "# comment", "  # comment", "        # c", "   ", "\t", "---", "...", "#", "  more"], random));
  };
  const scalar = (): string => pick(random(odds) < 4 ? scalars : scalars.slice(0, 4), random);
  const block = (indent: number): void => {
    for (let count = random(4); count >= 0; count -= 1)
      push(indent, random(4) === 0 ? pick(blocks, random) : pick(blocks.slice(0, 2), random));
  };
  const used = (): string => (random(odds) < 2 ? pick(keys, random) : `k${String(random(odds) < 2 ? random(3) : lines.length)}`);
  const map = (indent: number, depth: number): void => {
    for (let count = 1 + random(4); count > 0; count -= 1) entry(indent, `${used()}:`, depth);
  };
  const entry = (indent: number, start: string, depth: number): void => {
    const how = random(depth > 3 ? 5 : 8);
    if (how < 3) push(indent, `${start} ${scalar()}`);
    else if (how === 3) push(indent, start);
    else if (how === 4) {
      push(indent, `${start} ${pick(["|", ">", "|-", ">-"], random)}`);
      block(indent + 1 + random(3));
    } else if (how < 7) {
      push(indent, start);
      list(indent + random(3), depth + 1);
    } else {
      push(indent, start);
      map(indent + 1 + random(3), depth + 1);
    }
  };
  const list = (indent: number, depth: number): void => {
    for (let count = 1 + random(3); count > 0; count -= 1) {
      const dash = pick(["- ", "- ", "- ", "-  ", "-"], random);
      if (random(3) > 0) push(indent, dash + scalar());
      else {
        entry(indent, `${dash}${used()}:`, depth + 1);
        if (random(2) === 0) entry(indent + dash.length, `${used()}:`, depth + 1);
      }
    }
  };
  map(0, 0);
  return lines.join("\n") + pick(["\n", "\n", "\n", "", "\n\n", "\n# end"], random);
}

const splices = [
  ..." \n:-#[]{},\"'|>&*!?%@`~\t\r\\".split(""),
  ": ",
  "- ",
  " #",
  "\n\n",
  "\n  ",
  "\n- ",
  ">-\n",
  "---\n",
  "\u00a0",
  "é",
  "null",
  "0",
];

function mutate(text: string, random: Random): string {
  let mutated = text;
  for (let edits = 1 + random(3); edits > 0; edits -= 1) {
    const at = random(mutated.length + 1);
    mutated = mutated.slice(0, at) + (random(3) === 0 ? "" : pick(splices, random)) + mutated.slice(at + random(random(2) === 0 ? 1 : 6));
  }
  return mutated;
}

/** Front matter and YAML of the corpora, as people wrote them. */
export function realTexts(): readonly string[] {
  return ["keps", "cursor-rules"].flatMap((name) => {
    const folder = corpus(name);
    if (folder === null) return [];
    const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => /\.(?:ya?ml|mdc?|markdown)$/.test(path));
    return paths.sort().flatMap((path) => {
      const text = readFileSync(join(folder, path), "utf8").replaceAll("\r\n", "\n");
      if (/\.ya?ml$/.test(path)) return [text];
      return /^---\n([^]*?\n)---\s/.exec(text)?.slice(1, 2) ?? [];
    });
  });
}

/** Compares the shortcut with the parser on generated, real and mutated texts, until it has answered as often as asked for. */
export function comparePlainYaml(options: { readonly answers: number; readonly seed: number; readonly read?: PlainReader }): PlainReport {
  const { answers, seed, read = readPlainYaml } = options;
  const random = generator(seed);
  const real = realTexts().filter((text) => text.length < 4_096);
  const different: string[] = [];
  let [answered, left] = [0, 0];
  while (answered < answers && different.length < 10 && left < 20 * answers) {
    const seedText = random(16) === 0 && real.length > 0 ? pick(real, random) : generate(random);
    const text = random(3) === 0 ? mutate(seedText, random) : seedText;
    const plain = read(text);
    if (plain === null) {
      left += 1;
      continue;
    }
    answered += 1;
    const difference = compare(text, plain);
    if (difference !== null) different.push(`${difference}: ${JSON.stringify(text)}`);
  }
  return { answered, left, different };
}

const changed =
  (change: (plain: PlainYaml, text: string) => PlainYaml): PlainReader =>
  (text) => {
    const plain = readPlainYaml(text);
    return plain === null ? null : change(plain, text);
  };

/** Shortcuts that are wrong in one respect each; the comparison must catch every one. */
export const wrongReaders: Readonly<Record<string, PlainReader>> = {
  "reads yes as a boolean": changed((plain) => ({
    ...plain,
    data: JSON.parse(JSON.stringify(plain.data).replaceAll(/"yes"(?!:)/g, "true")) as PlainYaml["data"],
  })),
  "places the last value one too far": changed((plain) => ({
    ...plain,
    offsets: plain.offsets.map((offset, index) => offset + Number(index === plain.offsets.length - 1)),
  })),
  "takes a tab for a space": (text) => readPlainYaml(text.replaceAll("\t", " ")),
  "takes a repeated key for a comment": (text) =>
    readPlainYaml(text.replace(/^(\w+):.*\n(?=[^]*^\1:)/m, (line) => `#${" ".repeat(line.length - 2)}\n`)),
  "takes a line that goes on for a comment": (text) =>
    readPlainYaml(
      text.replace(/^(\w+: \w+\n) {2}\w+\n/m, (lines, first: string) => `${first}#${" ".repeat(lines.length - first.length - 2)}\n`),
    ),
  "keeps keys in order of the alphabet": changed((plain) => ({ ...plain, data: Object.fromEntries(Object.entries(plain.data).sort()) })),
};
