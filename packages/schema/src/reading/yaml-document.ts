import { type Finding, type Position } from "../finding.ts";
import { hasError, makeFinding } from "../internal/make-finding.ts";
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type ParsedNode,
  type Scalar,
  type Schema,
  type YAMLMap,
  yamlLibrary,
} from "../internal/yaml-library.ts";
import { type JsonValue } from "../json.ts";
import { type ReadLimits } from "./read-limits.ts";
import { parseYamlTokens } from "./yaml-cst.ts";
import { yamlToJson, type YamlRemark } from "./yaml-values.ts";

/** YAML text as a value, with every remark and a way back from value to text. */
export interface YamlReading {
  /** Null data with errors among the findings when the text has no reading. */
  readonly data: JsonValue;
  readonly findings: readonly Finding[];
  /** True when nothing but comments and space stands in the text. */
  readonly empty: boolean;
  /** Offset of the value at a path of keys, or of its nearest existing ancestor. */
  readonly locate: (segments: readonly string[]) => number;
  /** The text a scalar was written with, before it became a number; null where no scalar stands. */
  readonly sourceText: (segments: readonly string[]) => string | null;
}

/** Options of {@link parseYaml}. */
export interface ParseYamlOptions {
  readonly path: string;
  readonly limits: ReadLimits;
  readonly lint?: boolean | undefined;
  readonly place: (offset: number) => Position;
}

// One schema for all documents: building it anew for each costs more than reading a small one.
let schema: Schema | undefined;

function coreSchema(): Schema {
  return (schema ??= new (yamlLibrary().Schema)({ schema: "core", merge: false, resolveKnownTags: false }));
}

/** Most parser findings kept of one document: one mistake often causes hundreds. */
const maxSyntaxFindings = 20;

/**
 * Reads one YAML 1.2 document by the core schema, strictly: repeated keys, tags, further documents and what JSON cannot
 * carry are errors with their place, dates stay text, nothing is ever evaluated.
 */
export function parseYaml(text: string, options: ParseYamlOptions): YamlReading {
  const { path, limits, lint = false, place } = options;
  const findings: Finding[] = [];
  const remark: YamlRemark = (code, offset, message, more = {}) => {
    findings.push(makeFinding(code, message, { path, at: place(offset), ...more }));
  };
  const parsed = parseYamlTokens(text, limits);
  if (!parsed.ok) {
    const deep = parsed.limit === "maxDepth";
    const message = deep ? `Document nests deeper than ${limits.maxDepth} levels` : `Document holds more than ${limits.maxNodes} values`;
    remark(deep ? "SCHEMA_TOO_DEEP" : "SCHEMA_TOO_LARGE", parsed.offset, message, { hint: "Split the document, or raise the limit" });
    return unread(findings);
  }
  const { Composer } = yamlLibrary();
  const composer = new Composer({ version: "1.2", schema: coreSchema(), uniqueKeys: false, strict: true, logLevel: "silent" });
  const documents = [...composer.compose(parsed.tokens as Parameters<(typeof composer)["compose"]>[0], true, text.length)];
  const [document, second] = documents;
  if (document === undefined) return unread(findings);
  reportParser(document, remark);
  if (second !== undefined) {
    const offset = second.contents?.range[0] ?? second.range[0];
    remark("SCHEMA_YAML_STREAM", offset, "Text holds more than one YAML document", { expected: "one document in each file" });
  }
  if (document.directives.yaml.explicit === true && document.directives.yaml.version !== "1.2") {
    remark("SCHEMA_YAML_STREAM", 0, `Directive asks for YAML ${document.directives.yaml.version}`, {
      severity: "warning",
      expected: "YAML 1.2",
    });
  }
  const empty =
    document.contents === null || (isScalar(document.contents) && document.contents.value === null && document.contents.source === "");
  if (hasError(findings)) return { ...unread(findings), empty };
  const find = createFinder(document);
  const data = yamlToJson(document.contents, { limits, lint, remark, mayHoldSurrogates: /\\[uU]/.test(text) });
  return {
    data: hasError(findings) ? null : data,
    findings,
    empty,
    locate: (segments) => find(segments).offset,
    sourceText: (segments) => {
      const { node } = find(segments);
      return isScalar(node) ? node.source : null;
    },
  };
}

function unread(findings: readonly Finding[]): YamlReading {
  return { data: null, findings, empty: findings.length === 0, locate: () => 0, sourceText: () => null };
}

function reportParser(document: Document.Parsed, remark: YamlRemark): void {
  for (const error of document.errors.slice(0, maxSyntaxFindings)) {
    remark(error.code === "TAG_RESOLVE_FAILED" ? "SCHEMA_YAML_TAG" : "SCHEMA_YAML_SYNTAX", error.pos[0], firstLine(error.message));
  }
  for (const warning of document.warnings.slice(0, maxSyntaxFindings)) {
    // A tag without a meaning here is reported, as an error, where its value is read.
    if (warning.code !== "TAG_RESOLVE_FAILED")
      remark("SCHEMA_YAML_SYNTAX", warning.pos[0], firstLine(warning.message), { severity: "warning" });
  }
}

function firstLine(message: string): string {
  return (message.split("\n", 1)[0] ?? message).replace(/[.:]$/, "");
}

/** Finds nodes by their path of keys; each mapping asked about is indexed once, so that many questions stay cheap. */
function createFinder(document: Document.Parsed): (segments: readonly string[]) => { node: ParsedNode | null; offset: number } {
  const anchored = new Map<ParsedNode, ParsedNode | null>();
  const indexes = new Map<YAMLMap.Parsed, ReadonlyMap<string, YAMLMap.Parsed["items"][number]>>();
  const pairsOf = (map: YAMLMap.Parsed): ReadonlyMap<string, YAMLMap.Parsed["items"][number]> => {
    const known = indexes.get(map) ?? new Map(map.items.flatMap((pair) => (isScalar(pair.key) ? [[keyText(pair.key), pair]] : [])));
    indexes.set(map, known);
    return known;
  };
  return (segments) => {
    let node: ParsedNode | null = document.contents;
    let offset = node?.range[0] ?? 0;
    for (const segment of segments) {
      if (isAlias(node)) {
        if (!anchored.has(node)) anchored.set(node, anchoredNode(document, node));
        node = anchored.get(node) ?? null;
      }
      if (isMap(node)) {
        const pair = pairsOf(node).get(segment);
        if (pair === undefined) return { node: null, offset };
        node = pair.value;
        const written = node !== null && !(isScalar(node) && node.source === "" && node.type === "PLAIN");
        offset = written ? (pair.value?.range[0] ?? offset) : pair.key.range[0];
      } else if (isSeq(node)) {
        const item = node.items[Number(segment)];
        if (item === undefined) return { node: null, offset };
        node = item;
        offset = item.range[0];
      } else {
        return { node: null, offset };
      }
    }
    return { node, offset };
  };
}

function keyText(key: Scalar.Parsed): string {
  return typeof key.value === "string" ? key.value : key.source;
}

/** The last node before an alias that carries its anchor. */
function anchoredNode(document: Document.Parsed, alias: ParsedNode): ParsedNode | null {
  let found: ParsedNode | null = null;
  const { visit } = yamlLibrary();
  visit(document, {
    Node: (_key, node) => {
      if (node === alias) return visit.BREAK;
      if (!isAlias(node) && node.anchor === (alias as { source?: unknown }).source) found = node as ParsedNode;
      return undefined;
    },
  });
  return found;
}
