import { type RouteTable, checkPlacement, compileRoutes, findRouteConflicts } from "@gov/hydration/routing";
import { type Artifact, compareFindings, type Finding, resolveRulebook, type Rulebook, rulebookHash } from "@gov/schema";
import type { Digest } from "@gov/schema/canonical";
import { type Preset, type PresetName, presets } from "@gov/schema/presets";
import { InputError } from "../command.ts";
import { ruleDocuments } from "./load-documents.ts";
import type { GovernedRoot } from "./open-root.ts";

/** The rules in force in a root. */
export interface LoadedRules {
  readonly preset: Preset;
  readonly rulebook: Rulebook;
  readonly hash: Digest;
  /** Null when no approved rule document says where artifacts belong. */
  readonly routes: RouteTable | null;
}

/** What resolving the rules found; `rules` is null when they cannot be used. */
export interface RulesReport {
  readonly rules: LoadedRules | null;
  readonly findings: readonly Finding[];
}

/** Resolves the rule documents among the artifacts on top of the configured preset, and analyses the routes they define. */
export function resolveRules(root: GovernedRoot, artifacts: readonly Artifact[]): RulesReport {
  const preset = presets[root.config.preset as PresetName];
  const documents = ruleDocuments(root, artifacts);
  const resolved = resolveRulebook(documents, preset);
  if (!resolved.ok) return { rules: null, findings: resolved.findings };
  const rulebook = resolved.value;
  // Where nobody writes rules, that the preset decides goes without saying.
  const findings: Finding[] = documents.length === 0 ? [] : [...resolved.findings];
  let routes: RouteTable | null = null;
  if (rulebook.routing !== null) {
    const path = documents.find(({ kind, status }) => kind === "artifact_routing" && status === "approved")?.path;
    const compiled = compileRoutes(rulebook.routing, { path });
    findings.push(...compiled.findings);
    if (compiled.ok) {
      const table = compiled.value;
      routes = table;
      findings.push(...findRouteConflicts(table).map(({ witness: _witness, routes: _routes, ...finding }) => finding));
      findings.push(...artifacts.flatMap((artifact) => checkPlacement(table, artifact)));
    }
  }
  return { rules: { preset, rulebook, hash: rulebookHash(rulebook), routes }, findings: findings.sort(compareFindings) };
}

/** The findings of a second look that the first has not told already, with their place. */
export function withoutEchoes(first: readonly Finding[], second: readonly Finding[]): readonly Finding[] {
  const told = new Set(first.map(echoKey));
  return second.filter((finding) => !told.has(echoKey(finding)));
}

function echoKey({ code, path, message }: Finding): string {
  return JSON.stringify([code, path, message]);
}

/** The rules in force, or every reason why there are none. */
export function requireRules(root: GovernedRoot, artifacts: readonly Artifact[]): LoadedRules {
  const { rules, findings } = resolveRules(root, artifacts);
  if (rules === null)
    throw new InputError("CLI_RULES_UNUSABLE", "Cannot use the rule documents", { findings, hint: "gov check shows where" });
  return rules;
}
