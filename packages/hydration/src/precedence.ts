import { artifactStatuses, type HydrationSpec } from "@gov/schema";
import type { Candidate } from "./candidate.ts";
import { compareCodePoints, compareCodeUnits } from "./internal/text-order.ts";

/** A rule of precedence that can name a winner. */
export type SelectionRule = HydrationSpec["precedence"][number];

/** A criterion that decides between candidates of equal standing. */
export type TieBreaker = HydrationSpec["tie_breakers"][number];

/** The order of two candidates and what decided it; `order` is negative when the first is preferred. */
export interface CandidateComparison {
  readonly order: number;
  /** Null only for two candidates that are equal in everything selection looks at. */
  readonly decidedBy: SelectionRule | TieBreaker | "identity" | null;
}

/**
 * Compares two candidates of one id under a hydration rule, the preferred first: standing by the order of `precedence`, then the
 * tie-breakers in their order (newest commit first, file name and path ascending by code point), and last what is left of a
 * candidate's identity, so that the order is total whatever the rule names (HYD-01, B-15).
 */
export function compareCandidates(a: Candidate, b: Candidate, options: { readonly spec: HydrationSpec }): CandidateComparison {
  const { spec } = options;
  const standing = standingOf(a, spec) - standingOf(b, spec);
  if (standing !== 0) return { order: standing, decidedBy: decidingRule(standing < 0 ? a : b, spec) };
  for (const breaker of spec.tie_breakers) {
    const order = breakTie(a, b, { breaker, spec });
    if (order !== 0) return { order, decidedBy: breaker };
  }
  const path = compareCodePoints(a.path, b.path);
  if (path !== 0) return { order: path, decidedBy: "path" };
  const rest = compareCodeUnits(identity(a), identity(b));
  return { order: rest, decidedBy: rest === 0 ? null : "identity" };
}

/** The order of {@link compareCandidates} under one rule, without its reasons: for sorting and for finding the first of many. */
export function candidateOrder(spec: HydrationSpec): (a: Candidate, b: Candidate) => number {
  const standings = new Map([...artifactStatuses, null].map((status) => [status, standingOf({ status }, spec)]));
  // Whoever calls without types may bring a status that is none: it stands with those that no rule names.
  const rankOf = ({ status }: Candidate): number => standings.get(status) ?? spec.precedence.length;
  return (a, b) => {
    if (a.status !== b.status) {
      const standing = rankOf(a) - rankOf(b);
      if (standing !== 0) return standing;
    }
    for (const breaker of spec.tie_breakers) {
      const order = breakTie(a, b, { breaker, spec });
      if (order !== 0) return order;
    }
    return compareCodePoints(a.path, b.path) || compareCodeUnits(identity(a), identity(b));
  };
}

/** The first rule of the spec, apart from `solo`, that admits the candidate; null when none does. */
export function decidingRule(candidate: Candidate, spec: HydrationSpec): SelectionRule | null {
  return spec.precedence.find((rule) => admits(rule, candidate)) ?? null;
}

function admits(rule: SelectionRule, candidate: Pick<Candidate, "status">): boolean {
  if (rule === "approved") return candidate.status === "approved";
  if (rule === "latest_non_draft") return candidate.status === "approved" || candidate.status === "review";
  return false;
}

function standingOf(candidate: Pick<Candidate, "status">, spec: HydrationSpec): number {
  const index = spec.precedence.findIndex((rule) => admits(rule, candidate));
  return index === -1 ? spec.precedence.length : index;
}

function breakTie(a: Candidate, b: Candidate, options: { readonly breaker: TieBreaker; readonly spec: HydrationSpec }): number {
  const { breaker, spec } = options;
  if (breaker === "commit_time") return compareNumbers(effectiveTime(b, spec), effectiveTime(a, spec));
  if (breaker === "file_name") return compareCodePoints(fileName(a.path), fileName(b.path));
  return compareCodePoints(a.path, b.path);
}

function effectiveTime(candidate: Candidate, spec: HydrationSpec): number {
  return candidate.commitTime ?? (spec.uncommitted === "newest" ? Infinity : -Infinity);
}

// Subtraction would give NaN for two uncommitted candidates.
function compareNumbers(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function identity(candidate: Candidate): string {
  return JSON.stringify([candidate.digest, candidate.version, candidate.status, candidate.commitTime]);
}
