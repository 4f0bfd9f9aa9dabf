import { type Finding, type Position } from "../finding.ts";
import { makeFinding } from "../internal/make-finding.ts";
import { type JsonValue } from "../json.ts";
import { type ReadLimits } from "./read-limits.ts";

/** Front matter of a rule file as a value, with every remark and a way back from value to text. */
export interface LineReading {
  readonly data: Readonly<Record<string, JsonValue>>;
  readonly findings: readonly Finding[];
  readonly locate: (segments: readonly string[]) => number;
}

const keyLine = /^([A-Za-z_][\w.-]{0,127})[ \t]*:(?!\/\/)(.*)$/;
const itemLine = /^[ \t]*-(?:[ \t]+(.*))?$/;
const ignoredLine = /^[ \t]*(?:#.*)?$/;

/**
 * Reads the line dialect of rule files, in which most of the world's `.mdc` front matter is written: one `key: value` in each
 * line, the value being the text after the colon without the space around it, so that the glob `**` + `/*` is a glob and no
 * YAML alias. Values are taken as they stand: `true` and `false` are booleans, a pair of quotes around the whole value is taken
 * off when neither that quote nor a backslash stands inside, an empty value is null, or a list when `- item` lines follow;
 * `#` begins a comment only where a line begins with it.
 */
export function readLineDialect(
  text: string,
  options: { readonly path: string; readonly limits: ReadLimits; readonly place: (offset: number) => Position },
): LineReading {
  const { path, limits, place } = options;
  const values = new Map<string, { value: JsonValue; offset: number; items: { value: JsonValue; offset: number }[] }>();
  const findings: Finding[] = [];
  let open: { value: JsonValue; offset: number; items: { value: JsonValue; offset: number }[] } | null = null;
  let nodes = 0;
  for (let start = 0; start < text.length;) {
    const end = text.indexOf("\n", start);
    const stop = end < 0 ? text.length : end;
    const line = text.slice(start, stop).replace(/\r$/, "");
    const key = keyLine.exec(line);
    const item = itemLine.exec(line);
    if ((nodes += 1) > limits.maxNodes) {
      const message = `Document holds more than ${limits.maxNodes} lines of front matter`;
      findings.push(makeFinding("SCHEMA_TOO_LARGE", message, { path, at: place(start) }));
      break;
    }
    if (key) {
      const [, name = "", rest = ""] = key;
      const offset = start + line.length - rest.trimStart().length;
      if (values.has(name)) {
        const message = `Key ${JSON.stringify(name)} is given twice`;
        findings.push(makeFinding("SCHEMA_DUPLICATE_KEY", message, { path, at: place(start), expected: "each key once" }));
      }
      const entry = { value: lineValue(rest), offset: rest.trim() === "" ? start : offset, items: [] };
      values.set(name, entry);
      open = rest.trim() === "" ? entry : null;
    } else if (item && open) {
      open.items.push({ value: lineValue(item[1] ?? ""), offset: start + line.indexOf("-") });
    } else if (!ignoredLine.test(line)) {
      const at = place(start + line.length - line.trimStart().length);
      const expected = '"key: value", or "- item" under a key without a value';
      findings.push(
        makeFinding("SCHEMA_LINE_SYNTAX", "Line of front matter is neither a key with a value nor a list item", { path, at, expected }),
      );
    }
    start = end < 0 ? text.length : end + 1;
  }
  const entries = [...values].map(([name, { value, items }]): [string, JsonValue] => [
    name,
    items.length === 0 ? value : items.map((entry) => entry.value),
  ]);
  return {
    // fromEntries defines own properties, whatever their name is.
    data: Object.fromEntries(entries),
    findings,
    locate: ([name = "", index]) => {
      const entry = values.get(name);
      if (entry === undefined) return 0;
      return (index === undefined ? undefined : entry.items[Number(index)]?.offset) ?? entry.offset;
    },
  };
}

function lineValue(raw: string): JsonValue {
  const text = raw.trim();
  if (text === "") return null;
  if (text === "true" || text === "false") return text === "true";
  const quote = text[0] ?? "";
  const inner = text.slice(1, -1);
  const quoted =
    text.length > 1 && (quote === '"' || quote === "'") && text.endsWith(quote) && !inner.includes(quote) && !inner.includes("\\");
  return quoted ? inner : text;
}
