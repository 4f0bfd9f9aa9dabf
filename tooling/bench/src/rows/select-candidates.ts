import { type Candidate, compareCandidates, selectAll, selectWinners } from "@gov/hydration";
import { presets } from "@gov/schema/presets";
import { generateCandidates } from "../fixtures/routing.ts";
import type { PreparedRow, Row, RowContext } from "../row.ts";

/** Selecting among many files of many ids. */
export const selectCandidatesRows: readonly Row[] = [
  { id: "select-candidates", title: "Winners among 1,000,000 candidates of 100,000 ids", prepare },
];

async function prepare({ random, quick }: RowContext): Promise<PreparedRow> {
  const count = quick ? 50_000 : 1_000_000;
  const spec = presets.be.hydration;
  const candidates = generateCandidates(count, { random, ids: count / 10 });
  const winners = selectWinners(candidates, spec);
  const some = candidates.slice(0, 10_000);
  const someWinners = selectWinners(some, spec);
  for (const [id, { winner }] of selectAll(some, spec)) {
    if (winner !== someWinners.get(id)) throw new Error(`Cannot compare: selectAll selects another file for "${id}"`);
  }
  for (const [id, path] of sortGroups(candidates)) {
    const winner = winners.get(id);
    if (winner !== undefined && winner !== null && winner.path !== path)
      throw new Error(`Cannot compare: sorting selects another file for "${id}"`);
  }
  return {
    subject: "@gov/hydration selectWinners",
    contenders: [
      { name: "@gov/hydration selectWinners", run: () => void selectWinners(candidates, spec) },
      { name: "@gov/hydration selectAll (with traces and findings)", run: () => void selectAll(candidates, spec) },
      { name: "naive: group, then sort each group", run: () => void sortGroups(candidates) },
    ],
    rounds: quick ? 5 : 7,
    warmups: 1,
    notes: [`${count} candidates of ${winners.size} ids, ten each on average; milliseconds for all of them.`],
  };

  function sortGroups(all: readonly Candidate[]): ReadonlyMap<string, string> {
    const groups = new Map<string, Candidate[]>();
    for (const candidate of all) {
      const group = groups.get(candidate.id);
      if (group === undefined) groups.set(candidate.id, [candidate]);
      else group.push(candidate);
    }
    const first = new Map<string, string>();
    for (const [id, group] of groups) {
      const [best] = group.sort((a, b) => compareCandidates(a, b, { spec }).order) as [Candidate];
      first.set(id, best.path);
    }
    return first;
  }
}
