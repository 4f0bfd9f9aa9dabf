import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  type ParsedNode,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from "../internal/yaml-library.ts";
import { losesNumber } from "../internal/loses-number.ts";
import { type SchemaFindingCode } from "../errors.ts";
import { type Severity } from "../finding.ts";
import { type JsonValue } from "../json.ts";
import { type ReadLimits } from "./read-limits.ts";
import { yamlDisagreement } from "./yaml-disagreement.ts";

/** Takes a remark about the node at an offset. */
export type YamlRemark = (
  code: SchemaFindingCode,
  offset: number,
  message: string,
  more?: { readonly severity?: Severity; readonly expected?: string; readonly hint?: string },
) => void;

interface Anchored {
  readonly value: JsonValue;
  readonly nodes: number;
  /** Levels of nesting inside the value. */
  readonly height: number;
}

interface Walk {
  readonly limits: ReadLimits;
  readonly lint: boolean;
  readonly remark: YamlRemark;
  readonly mayHoldSurrogates: boolean;
  /** Null while the anchored node itself is still being read. */
  readonly anchors: Map<string, Anchored | null>;
  nodes: number;
  aliases: number;
  /** Levels of nesting inside the value read last. */
  height: number;
  stopped: boolean;
}

const coreTags = new Set(["str", "int", "float", "bool", "null", "map", "seq"].map((name) => `tag:yaml.org,2002:${name}`));

/**
 * Turns composed YAML into a JSON value in one walk that also judges it: what JSON cannot carry is an error,
 * what other YAML readers read otherwise is a note. Aliases share the value they stand for and are counted in full,
 * so a bomb ends at the limit without being expanded.
 */
export function yamlToJson(
  root: ParsedNode | null,
  options: { readonly limits: ReadLimits; readonly lint: boolean; readonly remark: YamlRemark; readonly mayHoldSurrogates: boolean },
): JsonValue {
  const walk: Walk = { ...options, anchors: new Map(), nodes: 0, aliases: 0, height: 0, stopped: false };
  return readNode(root, walk, 1);
}

function readNode(node: ParsedNode | null, walk: Walk, depth: number): JsonValue {
  walk.nodes += 1;
  walk.height = 0;
  if (walk.stopped || node === null) return null;
  if (walk.nodes > walk.limits.maxNodes) {
    return stop(walk, "SCHEMA_TOO_LARGE", node, `Document holds more than ${walk.limits.maxNodes} values, aliases counted in full`);
  }
  if (isAlias(node)) return readAlias(node, walk, depth);
  if (node.tag !== undefined && !coreTags.has(node.tag)) {
    walk.remark("SCHEMA_YAML_TAG", node.range[0], `Tag "${node.tag}" is not allowed`, { expected: "a value without a tag" });
  }
  if (node.anchor === undefined) return readContent(node, walk, depth);
  const before = walk.nodes;
  walk.anchors.set(node.anchor, null);
  const value = readContent(node, walk, depth);
  walk.anchors.set(node.anchor, { value, nodes: walk.nodes - before + 1, height: walk.height });
  return value;
}

function readContent(node: Scalar.Parsed | YAMLMap.Parsed | YAMLSeq.Parsed, walk: Walk, depth: number): JsonValue {
  if (isScalar(node)) return readScalar(node, walk);
  if (depth > walk.limits.maxDepth) return stop(walk, "SCHEMA_TOO_DEEP", node, `Document nests deeper than ${walk.limits.maxDepth} levels`);
  return isMap(node) ? readMap(node, walk, depth) : readSeq(node, walk, depth);
}

function readMap(node: YAMLMap.Parsed, walk: Walk, depth: number): JsonValue {
  const result: Record<string, JsonValue> = {};
  let height = 0;
  for (const pair of node.items) {
    const key = readKey(pair.key, walk, node);
    const value = readNode(pair.value, walk, depth + 1);
    if (walk.height > height) height = walk.height;
    if (key === null) continue;
    if (Object.hasOwn(result, key)) {
      walk.remark("SCHEMA_DUPLICATE_KEY", pair.key.range[0], `Key ${JSON.stringify(key)} is given twice`, { expected: "each key once" });
    }
    if (key === "__proto__") Object.defineProperty(result, key, { value, enumerable: true, writable: true, configurable: true });
    else result[key] = value;
  }
  walk.height = height + 1;
  return result;
}

function readSeq(node: YAMLSeq.Parsed, walk: Walk, depth: number): JsonValue {
  const result: JsonValue[] = [];
  let height = 0;
  for (const item of node.items) {
    result.push(readNode(item, walk, depth + 1));
    if (walk.height > height) height = walk.height;
  }
  walk.height = height + 1;
  return result;
}

function readKey(key: ParsedNode | null, walk: Walk, map: YAMLMap.Parsed): string | null {
  if (key === null || !isScalar(key)) {
    walk.remark("SCHEMA_YAML_KEY", key?.range[0] ?? map.range[0], "Key is a list, a mapping, an alias or missing", {
      expected: "a string as key",
    });
    return null;
  }
  if (key.anchor !== undefined) walk.anchors.set(key.anchor, { value: readScalar(key, walk), nodes: 1, height: 0 });
  if (key.tag !== undefined && !coreTags.has(key.tag)) {
    walk.remark("SCHEMA_YAML_TAG", key.range[0], `Tag "${key.tag}" is not allowed`, { expected: "a key without a tag" });
  }
  if (typeof key.value === "string") {
    if (key.value === "<<" && key.type === "PLAIN") {
      walk.remark("SCHEMA_YAML_KEY", key.range[0], 'Key "<<" is kept as it stands: YAML 1.2 has no merge keys', {
        severity: "warning",
        hint: "Write the keys out; other readers merge them",
      });
    }
    return readScalar(key, walk) as string;
  }
  const text = key.source;
  if (text === "") {
    walk.remark("SCHEMA_YAML_KEY", key.range[0], "Key is empty", { expected: "a string as key" });
    return null;
  }
  walk.remark("SCHEMA_YAML_KEY", key.range[0], `Key ${text} is not a string and is read as ${JSON.stringify(text)}`, {
    severity: "warning",
    hint: "Put the key in quotes",
  });
  return text;
}

function readScalar(node: Scalar.Parsed, walk: Walk): JsonValue {
  const value: unknown = node.value;
  if (walk.lint) noteDisagreement(node, walk);
  if (typeof value === "string") {
    if (walk.mayHoldSurrogates && hasLoneSurrogate(value)) {
      walk.remark("SCHEMA_NOT_JSON", node.range[0], "Text holds half of a surrogate pair", { expected: "well-formed Unicode" });
    }
    return value;
  }
  if (typeof value === "boolean" || value === null) return value;
  if (typeof value !== "number" || !Number.isFinite(value)) {
    walk.remark("SCHEMA_NOT_JSON", node.range[0], `Value ${node.source} has no JSON form`, {
      expected: "a finite number, or text in quotes",
    });
    return null;
  }
  if (String(value) !== node.source) {
    walk.remark("SCHEMA_NUMBER_TEXT", node.range[0], `Number ${node.source} reads as ${value}`, {
      severity: losesNumber(node.source, value) ? "warning" : "note",
      hint: "Put it in quotes where the text matters, as in a version or an id",
    });
  }
  return value;
}

function noteDisagreement(node: Scalar.Parsed, walk: Walk): void {
  const other = node.type === "PLAIN" ? yamlDisagreement(node.source) : null;
  if (other === null) return;
  walk.remark("SCHEMA_YAML_DIFFERS", node.range[0], `YAML 1.1 readers read ${JSON.stringify(node.source)} as ${other}`, {
    severity: "note",
    hint: "Put it in quotes",
  });
}

function readAlias(node: Alias.Parsed, walk: Walk, depth: number): JsonValue {
  const offset = node.range[0];
  const name = JSON.stringify(node.source);
  if ((walk.aliases += 1) > walk.limits.maxAliases) {
    return stop(walk, "SCHEMA_ALIAS_LIMIT", node, `Document uses more than ${walk.limits.maxAliases} aliases`);
  }
  const anchored = walk.anchors.get(node.source);
  if (anchored === undefined || anchored === null) {
    const reason = anchored === null ? "stands inside the value it names" : "names no anchor before it";
    walk.remark("SCHEMA_ALIAS", offset, `Alias ${name} ${reason}`, { expected: "an anchor earlier in the document, or text in quotes" });
    return null;
  }
  walk.nodes += anchored.nodes - 1;
  walk.height = anchored.height;
  if (walk.nodes > walk.limits.maxNodes) {
    return stop(walk, "SCHEMA_ALIAS_LIMIT", node, `Document holds more than ${walk.limits.maxNodes} values, aliases counted in full`);
  }
  if (depth - 1 + anchored.height > walk.limits.maxDepth) {
    return stop(walk, "SCHEMA_TOO_DEEP", node, `Document nests deeper than ${walk.limits.maxDepth} levels`);
  }
  if (walk.aliases === 1 || walk.lint) {
    walk.remark("SCHEMA_ALIAS", offset, `Alias ${name} is read as the value of its anchor`, {
      severity: "note",
      hint: "Write the value out: not every reader resolves aliases",
    });
  }
  return anchored.value;
}

function stop(walk: Walk, code: SchemaFindingCode, node: ParsedNode, message: string): null {
  if (!walk.stopped) walk.remark(code, node.range[0], message, { hint: "Split the document, or raise the limit" });
  walk.stopped = true;
  return null;
}

/** True when a text holds half of a surrogate pair, which no UTF-8 and no canonical JSON can carry. */
export function hasLoneSurrogate(text: string): boolean {
  return /\p{Surrogate}/u.test(text);
}
