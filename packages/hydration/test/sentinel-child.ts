import { type Candidate, selectAll, type Selection, sentinelInputs } from "@gov/hydration";
import type { HydrationSpec } from "@gov/schema";

/** Selections as one process gave them, for each order of the candidates. */
export type ChildOutput = readonly { readonly name: string; readonly selections: readonly (readonly [string, Selection])[] }[];

/** Selections that look at what they must not look at: one at the locale, one at the time zone. */
const mutants: Readonly<Record<string, (a: Candidate, b: Candidate) => number>> = {
  locale: (a, b) => a.path.localeCompare(b.path),
  "time-zone": (a, b) =>
    new Date((a.commitTime ?? 0) * 1000).getDate() - new Date((b.commitTime ?? 0) * 1000).getDate() || (a.path < b.path ? -1 : 1),
};

const [mutant = "none", input = "{}"] = process.argv.slice(2);
const { candidates, spec } = JSON.parse(input) as { readonly candidates: readonly Candidate[]; readonly spec: HydrationSpec };
const compare = mutants[mutant];

function select(list: readonly Candidate[]): ReadonlyMap<string, Selection> {
  if (compare === undefined) return selectAll(list, spec);
  const winner = [...list].sort(compare)[0] as Candidate;
  return new Map([[winner.id, { outcome: "selected", id: winner.id, winner, rule: "approved", trace: [], findings: [] }]]);
}

const output: ChildOutput = sentinelInputs(candidates, { seed: 1, shuffles: 3 }).map(({ name, candidates: list }) => ({
  name: `${name}, ${new Intl.Collator().resolvedOptions().locale}, ${Intl.DateTimeFormat().resolvedOptions().timeZone}`,
  selections: [...select(list)],
}));
process.stdout.write(JSON.stringify(output));
