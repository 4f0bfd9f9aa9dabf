import type { Artifact } from "../artifact.ts";
import type { Finding, Result } from "../finding.ts";
import { compareFindings } from "../finding.ts";
import { hasError, makeFinding } from "../internal/make-finding.ts";
import type { Digest } from "../canonical/digest.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import type { Preset } from "../presets/preset.ts";
import type { RulebookSpec } from "../rules.ts";
import { schemaVersions } from "../validate/schema-versions.gen.ts";
import { issueCode } from "../validate/schema-issue.ts";
import { validateKind } from "../validate/validate-kind.ts";
import { fillRouting, fillRulebook, onlyDefined } from "../internal/fill-defaults.ts";
import type { Rulebook } from "./rulebook.ts";

/** The kinds of documents that make rules, sorted. */
export const ruleKinds = [
  "artifact_routing",
  "artifact_schema",
  "artifact_sync_rules",
  "framework_contract",
  "hydration_rules",
  "promotion_rules",
  "rbac_policy",
  "rulebook",
] as const;

/** A rulebook that a configuration extends, as it was read. */
export interface ExtendedRulebook {
  /** As the configuration names it. */
  readonly source: string;
  readonly data: JsonValue;
  /** Of its exact bytes. */
  readonly digest: Digest;
}

/** Options of {@link resolveRulebook}. */
export interface ResolveRulebookOptions {
  /** Rulebooks between the preset and the documents, the weakest first. @default none */
  readonly extended?: readonly ExtendedRulebook[] | undefined;
}

type RuleKind = (typeof ruleKinds)[number];

/**
 * Resolves the rules in force: the approved rule documents among those given, on top of a preset. Other kinds are passed over.
 * Only `approved` counts: drafts and reviews are noted and change nothing. Two approved documents of one kind are an error, as is one
 * that its schema does not accept. Where no document is approved the preset decides (a note says for which kinds).
 * Gates, governance rules, tags, KPIs, severities and thresholds of `rulebook.yaml` replace by name those of the rulebooks that the configuration extends, and these
 * those of the preset (SCH-16). An extended rulebook has to be approved as well; its digest becomes part of the rules.
 *
 * @example Resolve a rulebook and hash it
 * ```ts
 * import assert from "node:assert/strict";
 * import { resolveRulebook, rulebookHash } from "@gov/schema";
 * import { presets } from "@gov/schema/presets";
 *
 * const resolved = resolveRulebook([], presets.be);
 * assert.ok(resolved.ok);
 * assert.deepEqual(resolved.value.hydration.precedence, ["approved", "latest_non_draft", "solo"]);
 * assert.match(rulebookHash(resolved.value), /^sha256:[0-9a-f]{64}$/);
 * ```
 */
export function resolveRulebook(
  documents: readonly Artifact[],
  preset: Preset,
  { extended = [] }: ResolveRulebookOptions = {},
): Result<Rulebook> {
  const findings: Finding[] = extended.flatMap(extendedFindings);
  const approved = new Map<RuleKind, JsonObject>();
  const undecided: RuleKind[] = [];
  for (const kind of ruleKinds) {
    const rules = documents.filter((document) => document.kind === kind);
    for (const document of rules.filter((rule) => rule.status !== "approved")) findings.push(notApproved(document));
    const inForce = rules.filter((rule) => rule.status === "approved");
    if (inForce.length === 0) undecided.push(kind);
    if (inForce.length > 1) for (const rule of inForce) findings.push(conflict(rule, inForce));
    const problems = inForce.flatMap(schemaFindings);
    for (const problem of problems) findings.push(problem);
    const [only] = inForce;
    if (only !== undefined && inForce.length === 1 && problems.length === 0 && isJsonObject(only.data)) approved.set(kind, only.data);
  }
  const ofSchemas = documents.find(({ kind, status }) => kind === "artifact_schema" && status === "approved");
  for (const finding of unknownVersions(specOf(approved, "artifact_schema"), ofSchemas?.path ?? null)) findings.push(finding);
  for (const finding of leftToPreset(undecided, preset)) findings.push(finding);
  findings.sort(compareFindings);
  if (hasError(findings)) return { ok: false, findings };
  return { ok: true, value: assemble(approved, preset, extended), findings };
}

function assemble(approved: ReadonlyMap<RuleKind, JsonObject>, preset: Preset, extended: readonly ExtendedRulebook[]): Rulebook {
  const routing = specOf(approved, "artifact_routing");
  const metadata = specOf(approved, "artifact_schema") as Rulebook["metadata"];
  const layers = [...extended.map(({ data }) => data as JsonObject), approved.get("rulebook") ?? {}].map(fillRulebook);
  const policy = approved.get("rbac_policy") as unknown as Rulebook["rbac"] | undefined;
  const nearest = <Key extends "enforcement" | "modules" | "waivers">(key: Key): RulebookSpec[Key] =>
    layers.findLast((layer) => layer[key] !== undefined)?.[key];
  const severities = layers.flatMap((layer) => (layer.severities === undefined ? [] : [layer.severities]));
  const thresholds = layers.flatMap((layer) => (layer.thresholds === undefined ? [] : [layer.thresholds]));
  return {
    preset: { name: preset.name, version: preset.version },
    ...(extended.length === 0 ? {} : { extends: extended.map(({ source, digest }) => ({ source, digest })) }),
    metadata,
    routing: routing === null ? null : fillRouting(routing),
    hydration: (specOf(approved, "hydration_rules") as Rulebook["hydration"] | null) ?? preset.hydration,
    contract: specOf(approved, "framework_contract") as Rulebook["contract"],
    sync: specOf(approved, "artifact_sync_rules") as Rulebook["sync"],
    promotion: specOf(approved, "promotion_rules") as Rulebook["promotion"],
    gates: Object.fromEntries([preset, ...layers].flatMap(({ gates }) => Object.entries(gates))),
    governance: {
      tags: layers.reduce(withTags, preset.governance.tags),
      rules: Object.fromEntries([preset, ...layers].flatMap(({ governance }) => Object.entries(governance.rules))),
    },
    ...(severities.length === 0 ? {} : { severities: Object.fromEntries(severities.flatMap((one) => Object.entries(one))) }),
    ...(thresholds.length === 0 ? {} : { thresholds: Object.assign({}, ...thresholds) as Rulebook["thresholds"] }),
    // What waivers may do, how steps are earned and which modules run is decided in one place: the nearest that says so.
    ...onlyDefined({
      waivers: nearest("waivers"),
      enforcement: nearest("enforcement"),
      modules: nearest("modules"),
    }),
    rbac: policy === undefined ? null : rbacOf(policy),
    kpis: Object.fromEntries([preset, ...layers].flatMap(({ kpis }) => Object.entries(kpis))),
    schemas: { ...schemaVersions, ...(metadata?.schemas ?? {}) },
  };
}

function withTags(tags: Rulebook["governance"]["tags"], { governance }: RulebookSpec): Rulebook["governance"]["tags"] {
  const names = new Set(governance.tags.map(({ name }) => name));
  return [...tags.filter(({ name }) => !names.has(name)), ...governance.tags];
}

/** An extended rulebook is judged like one of the root's own: nothing comes into force because it stands elsewhere. */
function extendedFindings({ source, data }: ExtendedRulebook): readonly Finding[] {
  const issues = validateKind("rulebook", data) ?? [];
  if (issues.length > 0)
    return issues.map((issue) => makeFinding(issueCode(issue), issue.message, { path: source, expected: issue.expected }));
  const metadata = isJsonObject(data) ? data["metadata"] : undefined;
  const status = isJsonObject(metadata) ? metadata["status"] : undefined;
  if (status === "approved") return [];
  const message = `The rulebook that gov.yaml extends is ${typeof status === "string" ? status : "without a status"}: it is not in force`;
  return [makeFinding("SCHEMA_RULE_NOT_APPROVED", message, { path: source, expected: "status: approved" })];
}

/** What is absent stays absent, so that the digest of a policy without it is what it always was. */
function rbacOf(policy: Rulebook["rbac"]): Rulebook["rbac"] {
  const { roles = {}, actors = {}, require_proof: requireProof } = policy ?? {};
  return requireProof === undefined ? { roles, actors } : { roles, actors, require_proof: requireProof };
}

function specOf(approved: ReadonlyMap<RuleKind, JsonObject>, kind: RuleKind): JsonObject | null {
  const spec = approved.get(kind)?.["spec"];
  return isJsonObject(spec) ? spec : null;
}

function notApproved(document: Artifact): Finding {
  const message = `Rule document "${document.id}" is ${document.status ?? "without a status"}: it is not in force`;
  return makeFinding("SCHEMA_RULE_NOT_APPROVED", message, { path: document.path, severity: "note", expected: "status: approved" });
}

function conflict(rule: Artifact, inForce: readonly Artifact[]): Finding {
  const others = inForce
    .filter((other) => other !== rule)
    .map((other) => `"${other.path}"`)
    .sort();
  const message = `Two approved documents of kind "${rule.kind}" are in force: the other is ${others.join(", ")}`;
  return makeFinding("SCHEMA_RULE_CONFLICT", message, { path: rule.path, hint: "Take back the approval of all but one" });
}

function schemaFindings(rule: Artifact): readonly Finding[] {
  const issues = validateKind(rule.kind, rule.data) ?? [];
  return issues.map((issue) => makeFinding(issueCode(issue), issue.message, { path: rule.path, expected: issue.expected }));
}

function unknownVersions(spec: JsonObject | null, path: string | null): readonly Finding[] {
  const shipped: Readonly<Record<string, number>> = schemaVersions;
  return Object.entries((spec?.["schemas"] ?? {}) as Readonly<Record<string, number>>)
    .filter(([kind, version]) => Object.hasOwn(shipped, kind) && version > (shipped[kind] ?? 0))
    .map(([kind, version]) => {
      const message = `Schema version ${String(version)} of "${kind}" is in force by rule, but does not ship here`;
      return makeFinding("SCHEMA_VERSION", message, { path, expected: `at most ${String(shipped[kind])}` });
    });
}

function leftToPreset(kinds: readonly RuleKind[], preset: Preset): readonly Finding[] {
  if (kinds.length === 0) return [];
  const message = `No rule document is approved for ${kinds.map((kind) => `"${kind}"`).join(", ")}: preset "${preset.name}" decides`;
  return [makeFinding("SCHEMA_RULE_DEFAULT", message, { path: null, severity: "note" })];
}
