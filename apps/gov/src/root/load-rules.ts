import { checkPlacement, checkRouting, compileRoutes, type RouteTable } from "@gov/hydration/routing";
import {
  compareFindings,
  type Finding,
  parseDocument,
  type Position,
  resolveRulebook,
  type Rulebook,
  rulebookHash,
  thresholdsInForce,
} from "@gov/schema";
import type { Digest } from "@gov/schema/canonical";
import { type Preset, type PresetName, presets, type PresetThresholds } from "@gov/schema/presets";
import { InputError } from "../command.ts";
import { type LoadedDocuments, ruleDocuments } from "./load-documents.ts";
import type { GovernedRoot } from "./open-root.ts";

/** The rules in force in a root. */
export interface LoadedRules {
  readonly preset: Preset;
  readonly rulebook: Rulebook;
  readonly hash: Digest;
  /** The numbers that the sources leave open, as the rulebook or the preset gives them. */
  readonly thresholds: PresetThresholds;
  /** Null when no approved rule document says where artifacts belong, or what it says cannot be used. */
  readonly routes: RouteTable | null;
  /** Why the routes of an approved rule document cannot be used. */
  readonly routeErrors: readonly Finding[];
}

/** What resolving the rules found; `rules` is null when they cannot be used. */
export interface RulesReport {
  readonly rules: LoadedRules | null;
  readonly findings: readonly Finding[];
}

/** Resolves the rule documents among the artifacts on top of the configured preset, and analyses the routes they define. */
export function resolveRules(root: GovernedRoot, { artifacts, inputs }: Pick<LoadedDocuments, "artifacts" | "inputs">): RulesReport {
  const preset = presets[root.config.preset as PresetName];
  const documents = ruleDocuments(root, artifacts);
  const resolved = resolveRulebook(documents, preset, { extended: root.extended });
  if (!resolved.ok) return { rules: null, findings: resolved.findings };
  const rulebook = resolved.value;
  // Where nobody writes rules, that the preset decides goes without saying.
  const findings: Finding[] = documents.length === 0 ? [] : [...resolved.findings];
  let routes: RouteTable | null = null;
  let routeErrors: readonly Finding[] = [];
  if (rulebook.routing !== null) {
    const path = documents.find(({ kind, status }) => kind === "artifact_routing" && status === "approved")?.path;
    const compiled = compileRoutes(rulebook.routing, { path, locate: specLocator(path, inputs) });
    routeErrors = compiled.findings;
    for (const error of routeErrors) findings.push(error);
    if (compiled.ok) {
      const table = compiled.value;
      routes = table;
      // What is merely worth knowing about a layout, `gov route check` tells.
      for (const finding of checkRouting(table).findings) if (finding.severity !== "note") findings.push(finding);
      for (const artifact of artifacts) for (const finding of checkPlacement(table, artifact)) findings.push(finding);
    }
  }
  const hash = rulebookHash(rulebook);
  const thresholds = thresholdsInForce(rulebook, preset);
  return { rules: { preset, rulebook, hash, thresholds, routes, routeErrors }, findings: findings.sort(compareFindings) };
}

/** Finds the places of parts of a rule document's `spec`. */
function specLocator(path: string | undefined, inputs: LoadedDocuments["inputs"]): (pointer: string) => Position | null {
  const input = inputs.find((one) => one.path === path);
  const parsed = input === undefined ? null : parseDocument(input);
  return (pointer) => (parsed?.ok === true ? parsed.value.locate(`/spec${pointer}`) : null);
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
export function requireRules(root: GovernedRoot, documents: LoadedDocuments): LoadedRules {
  const { rules, findings } = resolveRules(root, documents);
  if (rules === null)
    throw new InputError("CLI_RULES_UNUSABLE", "Cannot use the rule documents", { findings, hint: "gov check shows where" });
  return rules;
}
