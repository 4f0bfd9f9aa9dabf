import type { HydrationSpec } from "@gov/schema";
import type { Candidate } from "./candidate.ts";
import { assertRankable } from "./internal/assert-rankable.ts";
import { candidateOrder, decidingRule } from "./precedence.ts";

interface Leader {
  best: Candidate;
  isAlone: boolean;
}

/**
 * Selects for each id among candidates of many ids, and tells the winners only: exactly those of {@link selectAll}, null where an id
 * is unresolved, ids ascending by code unit. One pass, without traces and findings: for trees of many files (HYD-03).
 *
 * @throws RangeError when a commit time is not a finite number.
 */
export function selectWinners(candidates: readonly Candidate[], spec: HydrationSpec): ReadonlyMap<string, Candidate | null> {
  const order = candidateOrder(spec);
  const leaders = new Map<string, Leader>();
  for (const candidate of candidates) {
    assertRankable(candidate);
    const leader = leaders.get(candidate.id);
    if (leader === undefined) {
      leaders.set(candidate.id, { best: candidate, isAlone: true });
      continue;
    }
    leader.isAlone = false;
    if (order(candidate, leader.best) < 0) leader.best = candidate;
  }
  const allowsSolo = spec.precedence.includes("solo");
  const winners = new Map<string, Candidate | null>();
  for (const id of [...leaders.keys()].sort()) {
    const { best, isAlone } = leaders.get(id) as Leader;
    winners.set(id, (isAlone && allowsSolo) || decidingRule(best, spec) !== null ? best : null);
  }
  return winners;
}
