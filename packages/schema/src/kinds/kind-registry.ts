import { type Finding, type Result } from "../finding.ts";
import { hasError, makeFinding } from "../internal/make-finding.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import { compileGlobs, type PathMatcher } from "../paths/compile-globs.ts";
import { compileUserSchema } from "../validate/compile-user-schema.ts";
import { type SchemaIssue } from "../validate/schema-issue.ts";
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
    const judge = definition.schema === undefined ? null : compileUserSchema(definition.schema, othersOf(definition.schema, schemas));
    findings.push(...(judge?.findings ?? []).map((finding) => aboutKind(definition.name, finding)));
    add({ definition, shipped: false, metadataAt: null, judge: judge?.ok ? judge.value : () => [] });
  }
  if (hasError(findings)) return { ok: false, findings };
  for (const { definition, judgedBy, metadataAt } of shippedKindDefinitions) {
    add({ definition, shipped: true, metadataAt, judge: (data) => (judgedBy === null ? [] : (validateKind(judgedBy, data) ?? [])) });
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

// A schema may stand among the others under its path: known twice, its own $id would clash.
function othersOf(schema: JsonObject, schemas: ReadonlyMap<string, JsonObject> = new Map()): ReadonlyMap<string, JsonObject> {
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
