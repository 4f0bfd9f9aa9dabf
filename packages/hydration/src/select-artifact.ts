import type { Finding, HydrationSpec } from "@gov/schema";
import { type Candidate, groupCandidates } from "./candidate.ts";
import { contentFindings } from "./internal/content-findings.ts";
import { assertRankable } from "./internal/assert-rankable.ts";
import {
  type CandidateComparison,
  candidateOrder,
  compareCandidates,
  decidingRule,
  type SelectionRule,
  type TieBreaker,
} from "./precedence.ts";

/** Why one candidate won or lost. */
export interface SelectionTrace {
  readonly path: string;
  readonly verdict: "won" | "lost";
  /** The rule or tie-breaker that decided between this candidate and the winner; null when nothing decided. */
  readonly rule: SelectionRule | TieBreaker | "identity" | null;
  /** One sentence for a reader. */
  readonly reason: string;
}

/** Which candidate is the artifact, and why (HYD-06). */
export interface Selection {
  /** `selected`: there is a winner; `unresolved`: several candidates and no rule admits one; `none`: no candidate at all. */
  readonly outcome: "selected" | "unresolved" | "none";
  /** Null only when there was no candidate to take it from. */
  readonly id: string | null;
  readonly winner: Candidate | null;
  /** The rule that named the winner. */
  readonly rule: SelectionRule | null;
  /** Every candidate, the preferred first. */
  readonly trace: readonly SelectionTrace[];
  readonly findings: readonly Finding[];
}

/**
 * Selects, among the files that claim one id, the artifact that every tool must use (HYD-01, HYD-03, B-15).
 *
 * Exactly one candidate of any status wins by `solo`, when the spec names that rule. Otherwise the rules of `spec.precedence` are
 * tried in their order and the first that admits a candidate decides; among those it admits, `spec.tie_breakers` do. Several
 * candidates that no rule admits (drafts, or files without a status) are `unresolved`: never a silent pick. The result depends
 * neither on the order of the candidates nor on anything outside them.
 *
 * @throws TypeError when the candidates have different ids; RangeError when a commit time is not a finite number.
 * @example Approved beats newer
 * ```ts
 * import assert from "node:assert/strict";
 * import { selectArtifact } from "@gov/hydration";
 *
 * const digest = (digit) => `sha256:${digit.repeat(64)}`;
 * const spec = { precedence: ["approved", "latest_non_draft", "solo"], tie_breakers: ["commit_time", "file_name", "path"], uncommitted: "oldest" };
 * const selection = selectArtifact(
 *   [
 *     { id: "PLAN-1", path: "plans/a.md", version: "1.0.0", status: "approved", commitTime: 1000, digest: digest("a") },
 *     { id: "PLAN-1", path: "plans/b.md", version: "1.1.0", status: "review", commitTime: 2000, digest: digest("b") },
 *   ],
 *   spec,
 * );
 * assert.equal(selection.winner?.path, "plans/a.md");
 * assert.equal(selection.rule, "approved");
 * ```
 */
export function selectArtifact(candidates: readonly Candidate[], spec: HydrationSpec): Selection {
  assertComparable(candidates);
  const ranked = [...candidates].sort(candidateOrder(spec));
  const first = ranked[0];
  if (first === undefined) return { outcome: "none", id: null, winner: null, rule: null, trace: [], findings: [] };
  const findings = contentFindings(ranked);
  const rule = ranked.length === 1 && spec.precedence.includes("solo") ? "solo" : decidingRule(first, spec);
  if (rule === null) return unresolved(ranked, findings);
  const won: SelectionTrace = { path: first.path, verdict: "won", rule, reason: winningReason(rule, ranked.length) };
  const lost = ranked.slice(1).map((loser) => lossOf(loser, { winner: first, comparison: compareCandidates(first, loser, { spec }) }));
  return { outcome: "selected", id: first.id, winner: first, rule, trace: [won, ...lost], findings };
}

/** Selects for each id among candidates of many ids; the map is sorted by id, by code unit. Throws as {@link selectArtifact} does. */
export function selectAll(candidates: readonly Candidate[], spec: HydrationSpec): ReadonlyMap<string, Selection> {
  return new Map([...groupCandidates(candidates)].map(([id, group]) => [id, selectArtifact(group, spec)]));
}

function assertComparable(candidates: readonly Candidate[]): void {
  const id = candidates[0]?.id;
  for (const candidate of candidates) {
    if (candidate.id !== id) {
      throw new TypeError(`Cannot select among several ids: "${String(id)}" and "${candidate.id}", group the candidates first`);
    }
    assertRankable(candidate);
  }
}

function unresolved(ranked: readonly Candidate[], findings: readonly Finding[]): Selection {
  const [first] = ranked as readonly [Candidate];
  const reason = "no rule in force admits a candidate of this status";
  const finding: Finding = {
    code: "HYDRATION_UNRESOLVED",
    severity: "error",
    message: `Cannot select "${first.id}" among ${ranked.length === 1 ? "1 candidate" : `${ranked.length} candidates`}: ${reason}`,
    path: first.path,
    line: null,
    column: null,
    hint: `Raise the status of one, or remove the others: ${ranked.map(({ path }) => `"${path}"`).join(", ")}`,
  };
  const trace = ranked.map(({ path }): SelectionTrace => ({ path, verdict: "lost", rule: null, reason }));
  return { outcome: "unresolved", id: first.id, winner: null, rule: null, trace, findings: [finding, ...findings] };
}

function winningReason(rule: SelectionRule, count: number): string {
  if (rule === "solo") return "the only candidate";
  if (count === 1) return `the only candidate, admitted by "${rule}"`;
  return rule === "approved" ? "preferred among the approved" : "preferred among the non-drafts";
}

function lossOf(loser: Candidate, options: { readonly winner: Candidate; readonly comparison: CandidateComparison }): SelectionTrace {
  const rule = options.comparison.decidedBy;
  return { path: loser.path, verdict: "lost", rule, reason: losingReason(loser, { winner: options.winner, rule }) };
}

function losingReason(loser: Candidate, options: { readonly winner: Candidate; readonly rule: SelectionTrace["rule"] }): string {
  const { winner, rule } = options;
  switch (rule) {
    case "commit_time":
      return `${timeText(loser)} ranks behind ${timeText(winner)}`;
    case "file_name":
      return "its file name comes later";
    case "path":
      return "its path comes later";
    case "identity":
    case null:
      return "the same path was given more than once";
    default:
      return `${statusText(loser)} ranks behind ${statusText(winner)}`;
  }
}

function timeText({ commitTime }: Candidate): string {
  return commitTime === null ? "uncommitted" : `commit time ${commitTime}`;
}

function statusText({ status }: Candidate): string {
  return status === null ? "no status (counts as draft)" : `status ${status}`;
}
