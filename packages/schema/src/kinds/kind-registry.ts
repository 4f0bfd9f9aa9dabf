import { type Finding, type Result } from "../finding.ts";
import { hasError, makeFinding } from "../internal/make-finding.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import { compileGlobs, type PathMatcher } from "../paths/compile-globs.ts";
import { compileUserSchema } from "../validate/compile-user-schema.ts";
import { formatVersionOf } from "../validate/format-version.ts";
import { type SchemaIssue } from "../validate/schema-issue.ts";
import { type StandardSchema } from "../validate/standard-schema.ts";
import { validateKind } from "../validate/validate-kind.ts";
import { type KindDefinition } from "./kind-definition.ts";
import { genericKind, shippedKindDefinitions } from "./shipped-kinds.ts";

/** A kind as the registry knows it: its definition and its compiled judgement. */
export interface RegisteredKind {
  readonly definition: KindDefinition;
  /** True for a kind of this package, false for a user's own. */
  readonly shipped: boolean;
  /** Pointer to embedded metadata; null means the `metadata` mapping when there is one, else the top level. */
  readonly metadataAt: string | null;
  /** Every reason why data does not satisfy the kind's schema. */
  readonly judge: (data: JsonValue) => readonly SchemaIssue[];
  /** What is wrong with the Markdown of a document, whose first line is `startLine` of its file: its stories, or the shape of a digest. */
  readonly judgeBody: (body: string, place: { readonly path: string; readonly startLine: number }) => readonly Finding[];
}

/** Knows every kind in force, and which one a document is of. */
export interface KindRegistry {
  /** Names of all kinds, sorted. */
  readonly names: readonly string[];
  /** The kind of that name, or null. */
  readonly get: (name: string) => RegisteredKind | null;
  /** The kind whose globs name the path; a user's own kinds come first, in the order given. */
  readonly kindByPath: (path: string) => RegisteredKind | null;
  /**
   * The kind of a document: the one its metadata names, else the one its path has, else the generic `artifact` when at least
   * two of id, version and status say that it is meant to be governed; null when it is no governed document.
   */
  readonly kindOf: (path: string, metadata: JsonValue) => RegisteredKind | null;
}

const namePattern = /^[a-z][a-z0-9_-]{0,63}$/;

/**
 * Makes the registry of the kinds that ship and a user's own, which are plain data and use the same mechanism.
 *
 * @param options - a user's kinds, and the schemas that their schemas may refer to by URI.
 * @returns The registry with warnings, or every reason against a definition.
 * @example A kind of one's own
 * ```ts
 * import assert from "node:assert/strict";
 * import { createKindRegistry } from "@gov/schema";
 *
 * const registry = createKindRegistry({ kinds: [{ name: "adr", include: ["adr/*.md"], fields: { id: { path: "stem" } } }] });
 * assert.ok(registry.ok);
 * assert.equal(registry.value.kindOf("adr/0001-use-yaml.md", {})?.definition.name, "adr");
 * assert.equal(registry.value.kindOf("notes.md", {}), null);
 * ```
 */
export function createKindRegistry(
  options: {
    readonly kinds?: readonly KindDefinition[] | undefined;
    readonly schemas?: ReadonlyMap<string, JsonObject> | undefined;
  } = {},
): Result<KindRegistry> {
  const { kinds = [], schemas } = options;
  const findings: Finding[] = [];
  const byName = new Map<string, RegisteredKind>();
  const matchers: { readonly kind: RegisteredKind; readonly matches: PathMatcher }[] = [];
  const add = (kind: RegisteredKind): void => {
    const { name, include, exclude } = kind.definition;
    byName.set(name, kind);
    const matcher = compileGlobs({ include, exclude });
    findings.push(...matcher.findings.map((finding) => aboutKind(name, finding)));
    if (matcher.ok && include.length > 0) matchers.push({ kind, matches: matcher.value });
  };
  for (const definition of kinds) {
    const fault = nameFault(definition.name, byName);
    if (fault !== null) findings.push(makeFinding("SCHEMA_KIND", fault, { path: null, expected: "a name of its own for each kind" }));
    const judge = judgeOf(definition, schemas);
    findings.push(...judge.findings.map((finding) => aboutKind(definition.name, finding)));
    add({ definition, shipped: false, metadataAt: null, judge: judge.ok ? judge.value : () => [], judgeBody: () => [] });
  }
  if (hasError(findings)) return { ok: false, findings };
  for (const { definition, judgedBy, judgesBody = () => [], metadataAt } of shippedKindDefinitions) {
    const judge = (data: JsonValue): readonly SchemaIssue[] => {
      if (judgedBy === null) return [];
      return validateKind(typeof judgedBy === "string" ? judgedBy : judgedBy(data), data) ?? [];
    };
    add({ definition, shipped: true, metadataAt, judge, judgeBody: judgesBody });
  }
  const kindByPath = (path: string): RegisteredKind | null => matchers.find(({ matches }) => matches(path))?.kind ?? null;
  const value: KindRegistry = {
    names: [...byName.keys()].sort(),
    get: (name) => byName.get(name) ?? null,
    kindByPath,
    kindOf: (path, metadata) => {
      if (!isJsonObject(metadata)) return kindByPath(path);
      const named = Object.hasOwn(metadata, "kind") ? metadata["kind"] : undefined;
      const byMetadata = typeof named === "string" ? byName.get(named) : undefined;
      return byMetadata ?? kindByPath(path) ?? (looksGoverned(metadata) ? (byName.get(genericKind) ?? null) : null);
    },
  };
  return { ok: true, value, findings };
}

// Each version of the format is judged by its own schema.
function judgeOf(definition: KindDefinition, schemas: ReadonlyMap<string, JsonObject> | undefined): Result<RegisteredKind["judge"]> {
  const { name, schema, versions = {} } = definition;
  const findings: Finding[] = [];
  const judges = new Map<number, RegisteredKind["judge"]>();
  for (const [number, own] of [["1", schema] as const, ...Object.entries(versions)]) {
    const compiled = own === undefined ? null : compileUserSchema(own, othersOf(own, schemas));
    findings.push(...(compiled?.findings ?? []));
    judges.set(Number(number), compiled?.ok ? compiled.value : () => []);
  }
  const known = [...judges.keys()].sort((a, b) => a - b);
  const wrong = Object.keys(versions).filter((number) => !/^[2-9]$|^[1-9][0-9]{1,8}$/.test(number));
  if (wrong.length > 0) {
    const message = `Version ${wrong.map((number) => `"${number}"`).join(", ")} is none`;
    findings.push(makeFinding("SCHEMA_KIND", message, { path: null, expected: "whole numbers from 2; schema is version 1" }));
  }
  if (hasError(findings)) return { ok: false, findings };
  if (known.length === 1) return { ok: true, value: judges.get(1) ?? (() => []), findings };
  const value: RegisteredKind["judge"] = (data) => {
    const format = formatVersionOf(name, data, known);
    return format.ok ? (judges.get(format.version)?.(data) ?? []) : [format.issue];
  };
  return { ok: true, value, findings };
}

// A schema may stand among the others under its path: known twice, its own $id would clash.
function othersOf(
  schema: JsonObject | StandardSchema,
  schemas: ReadonlyMap<string, JsonObject> = new Map(),
): ReadonlyMap<string, JsonObject> {
  return new Map([...schemas].filter(([, other]) => other !== schema));
}

function nameFault(name: string, taken: ReadonlyMap<string, RegisteredKind>): string | null {
  if (!namePattern.test(name)) return `Cannot define kind ${JSON.stringify(name)}: a name has lower-case letters, digits, "_" and "-"`;
  if (shippedKindDefinitions.some(({ definition }) => definition.name === name))
    return `Cannot define kind "${name}": a kind of that name ships`;
  return taken.has(name) ? `Cannot define kind "${name}": it is defined twice` : null;
}

function aboutKind(name: string, finding: Finding): Finding {
  return { ...finding, message: `Kind "${name}": ${finding.message}` };
}

function looksGoverned(metadata: JsonObject): boolean {
  return ["id", "version", "status"].filter((key) => Object.hasOwn(metadata, key)).length > 1;
}
