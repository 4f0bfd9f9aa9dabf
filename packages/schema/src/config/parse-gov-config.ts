import { compareFindings, type Finding, type Result } from "../finding.ts";
import { hasError, makeFinding } from "../internal/make-finding.ts";
import { isJsonObject, type JsonObject } from "../json.ts";
import { type KindField, type ReferenceField } from "../kinds/kind-definition.ts";
import { nearestWord } from "../kinds/nearest-word.ts";
import { compileGlobs } from "../paths/compile-globs.ts";
import { normalizePath } from "../paths/normalize-path.ts";
import { presetNames } from "../presets/preset.ts";
import { appendPointer } from "../reading/json-pointer.ts";
import { type DocumentInput, parseDocument, type ParsedDocument } from "../reading/parse-document.ts";
import { defaultReadLimits } from "../reading/read-limits.ts";
import { validateKind } from "../validate/validate-kind.ts";
import { type ConfiguredKind, defaultDocuments, defaultRules, type GovConfig, type LogPlace, type RulebookSource } from "./gov-config.ts";
import { unknownKey } from "../internal/config-keys.ts";

interface PlaceData {
  readonly store: LogPlace["store"];
  readonly name?: string;
}

interface ConfigData {
  readonly preset?: string;
  readonly extends?: string | readonly string[];
  readonly documents?: { readonly include?: readonly string[]; readonly exclude?: readonly string[] };
  readonly kinds?: Readonly<Record<string, KindData>>;
  readonly rules?: readonly string[];
  readonly evidence?: { readonly coverage?: string; readonly issues?: string; readonly health?: readonly string[] };
  readonly log?: PlaceData;
  readonly record?: PlaceData & { readonly transport?: "direct" | "nats" };
  readonly verification?: { readonly verticals: Readonly<Record<string, readonly string[]>> };
  readonly limits?: {
    readonly max_bytes?: number;
    readonly max_depth?: number;
    readonly max_aliases?: number;
    readonly max_nodes?: number;
  };
}

interface KindData extends Omit<ConfiguredKind, "name" | "frontMatter" | "requireMetadata" | "references" | "fields"> {
  readonly front_matter?: ConfiguredKind["frontMatter"];
  readonly require_metadata?: boolean;
  readonly references?: readonly ReferenceField[];
  readonly fields?: Readonly<Record<string, KindField>>;
}

/**
 * Reads `gov.yaml`: what is unknown, mistyped or out of range is an error with its place and, where one is near, the word that
 * may have been meant; what is absent gets its default. No file besides is read.
 *
 * @example Read a configuration
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseGovConfig } from "@gov/schema";
 *
 * const bytes = new TextEncoder().encode("version: 1\nkinds:\n  adr:\n    include: [adr/*.md]\n    fields: { id: { path: stem } }\n");
 * const config = parseGovConfig({ path: "gov.yaml", bytes });
 * assert.ok(config.ok);
 * assert.equal(config.value.kinds[0]?.name, "adr");
 * ```
 */
export function parseGovConfig(input: DocumentInput): Result<GovConfig> {
  const parsed = parseDocument(input, { format: "yaml" });
  if (!parsed.ok) return parsed;
  const document = parsed.value;
  const data = document.data;
  const findings = [...parsed.findings, ...judge(document)];
  if (hasError(findings) || !isJsonObject(data)) return { ok: false, findings: findings.sort(compareFindings) };
  // The shipped schema has judged the data: its types are known from here on.
  const config = data as JsonObject & ConfigData;
  findings.push(...judgeWords(document, config));
  if (hasError(findings)) return { ok: false, findings: findings.sort(compareFindings) };
  const { limits = {} } = config;
  const value: GovConfig = {
    path: document.path,
    preset: config.preset ?? "be",
    extends: sourcesOf(config).flatMap((source) => rulebookSource(source) ?? []),
    documents: {
      include: config.documents?.include ?? defaultDocuments.include,
      exclude: [...defaultDocuments.exclude, ...(config.documents?.exclude ?? [])],
    },
    kinds: Object.entries<KindData>(config.kinds ?? {}).map(([name, kind]) => configuredKind(name, kind)),
    rules: config.rules ?? defaultRules,
    evidence: {
      coverage: config.evidence?.coverage ?? null,
      issues: config.evidence?.issues ?? null,
      health: config.evidence?.health ?? [],
    },
    log: logPlace(config.log),
    record: { ...logPlace(config.record), transport: config.record?.transport ?? "direct" },
    verticals: config.verification?.verticals ?? {},
    limits: {
      maxBytes: limits.max_bytes ?? defaultReadLimits.maxBytes,
      maxDepth: limits.max_depth ?? defaultReadLimits.maxDepth,
      maxAliases: limits.max_aliases ?? defaultReadLimits.maxAliases,
      maxNodes: limits.max_nodes ?? defaultReadLimits.maxNodes,
    },
  };
  return { ok: true, value, findings };
}

/** Lists the schema files that a configuration names, sorted, relative to its folder. */
export function govConfigFiles(config: GovConfig): readonly string[] {
  const sources = config.kinds.flatMap(({ schema, versions = {} }) => [schema, ...Object.values(versions)]);
  return [...new Set(sources.filter((source) => typeof source === "string"))].sort();
}

function logPlace(log: PlaceData | undefined): LogPlace {
  return log?.store === "postgres" && log.name !== undefined ? { store: "postgres", name: log.name } : { store: "file" };
}

function configuredKind(name: string, kind: KindData): ConfiguredKind {
  const {
    include,
    exclude,
    format,
    front_matter: frontMatter,
    schema,
    versions,
    fields,
    statuses,
    references,
    require_metadata: requireMetadata,
  } = kind;
  const optional = { exclude, format, frontMatter, fields, statuses, references, requireMetadata };
  const given = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined));
  return {
    ...{ name, include, ...given },
    ...(schema === undefined ? {} : { schema: schemaSource(schema) }),
    ...(versions === undefined
      ? {}
      : { versions: Object.fromEntries(Object.entries(versions).map(([number, source]) => [number, schemaSource(source)])) }),
  };
}

function schemaSource(source: JsonObject | string): JsonObject | string {
  return typeof source === "string" ? besideConfig(source).normalize("NFC") : source;
}

function sourcesOf({ extends: sources = [] }: ConfigData): readonly string[] {
  return typeof sources === "string" ? [sources] : sources;
}

// Names as npm has them; a path inside climbs nowhere.
const packageFile = /^((?:@[a-z0-9][a-z0-9._~-]*\/)?[a-z0-9][a-z0-9._~-]*)(?:\/((?:[\w@-][\w.@-]*\/)*[\w@-][\w.@-]*))?$/;

/** What begins with a dot is a file, anything else a package, its `rulebook.yaml` unless it names another file; null for what is neither. */
function rulebookSource(source: string): RulebookSource | null {
  if (/^\.\.?\//.test(source)) return source.includes("\\") || source.includes("\0") ? null : { type: "file", source };
  const [, name, path = "rulebook.yaml"] = packageFile.exec(source) ?? [];
  return name === undefined ? null : { type: "package", source, name, path };
}

/** A leading `./` says only what holds anyway: the path is relative to the folder of the configuration. */
function besideConfig(path: string): string {
  return path.startsWith("./") ? path.slice(2) : path;
}

function judge(document: ParsedDocument): Finding[] {
  return (validateKind("gov_config", document.data) ?? []).map(({ pointer, keyword, message, expected }) => {
    if (keyword === "additionalProperties") return unknownKey(document, pointer);
    const code = keyword === "version" ? "SCHEMA_VERSION" : "SCHEMA_CONFIG";
    return makeFinding(code, message, { path: document.path, at: document.locate(pointer), expected });
  });
}

/** Judges what JSON Schema cannot: that globs compile, schema paths stay inside the folder, and the preset ships. */
function judgeWords(document: ParsedDocument, config: ConfigData): Finding[] {
  const findings: Finding[] = [];
  const report = (
    pointer: string,
    message: string,
    more: { readonly expected?: string | undefined; readonly hint?: string | undefined },
  ): void => {
    findings.push(makeFinding("SCHEMA_CONFIG", message, { path: document.path, at: document.locate(pointer), ...more }));
  };
  const judgeGlobs = (pointer: string, globs: readonly string[] = []): void => {
    globs.forEach((glob, index) => {
      for (const { message, expected } of compileGlobs({ include: [glob] }).findings) report(`${pointer}/${index}`, message, { expected });
    });
  };
  if (config.preset !== undefined && !(presetNames as readonly string[]).includes(config.preset)) {
    const near = nearestWord(config.preset, presetNames);
    const hint = near === null ? undefined : `Did you mean "${near}"?`;
    report("/preset", `Preset ${JSON.stringify(config.preset)} does not ship`, { expected: presetNames.join(", "), hint });
  }
  for (const [index, source] of sourcesOf(config).entries()) {
    const expected = 'a path that begins with "./" or "../", or a package such as "@acme/rules" or "@acme/rules/strict.yaml"';
    const pointer = typeof config.extends === "string" ? "/extends" : `/extends/${index}`;
    if (rulebookSource(source) === null) report(pointer, `${JSON.stringify(source)} is neither a file nor a package`, { expected });
  }
  judgeGlobs("/documents/include", config.documents?.include);
  judgeGlobs("/documents/exclude", config.documents?.exclude);
  judgeGlobs("/rules", config.rules);
  for (const [field, place] of [
    ["log", config.log],
    ["record", config.record],
  ] as const) {
    if (place?.store === "postgres" && place.name === undefined)
      report(`/${field}`, `A ${field} in PostgreSQL has no name`, {
        expected: "name",
        hint: `The name tells the ${field}s of one database apart`,
      });
    if (place?.store === "file" && place.name !== undefined)
      report(`/${field}/name`, `A ${field} in a file has no name`, { expected: "store: postgres" });
  }
  // Every record in files would be the same one to the broker: only a name keeps their entries apart.
  if (config.record?.store === "file" && config.record.transport === "nats")
    report("/record/transport", "Entries of a record in files do not travel", { expected: "store: postgres" });
  for (const [name, globs] of Object.entries(config.verification?.verticals ?? {}))
    judgeGlobs(appendPointer("/verification/verticals", name), globs);
  for (const [name, path] of Object.entries(config.evidence ?? {})) {
    if (typeof path !== "string") continue;
    for (const { message, expected } of normalizePath(path).findings) report(`/evidence/${name}`, message, { expected });
  }
  for (const [name, kind] of Object.entries(config.kinds ?? {})) {
    const pointer = appendPointer("/kinds", name);
    judgeGlobs(`${pointer}/include`, kind.include);
    judgeGlobs(`${pointer}/exclude`, kind.exclude);
    const sources = Object.entries(kind.versions ?? {}).map(([number, source]) => [`${pointer}/versions/${number}`, source] as const);
    for (const [place, source] of [[`${pointer}/schema`, kind.schema] as const, ...sources]) {
      if (typeof source !== "string") continue;
      for (const { message, expected } of normalizePath(besideConfig(source)).findings) report(place, message, { expected });
    }
  }
  return findings;
}
