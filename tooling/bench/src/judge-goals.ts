import type { Bound, Figure, Goal } from "./goals.ts";
import type { ContenderResult, RowResult } from "./measure-row.ts";
import { seededRandom } from "./seeded-random.ts";
import { pairedRatio, type Ratio } from "./statistics.ts";

/** What a run says of one goal. Noise does not decide: a bound inside the interval is `unclear`, and what was not measured is `missing`. */
export interface Verdict {
  readonly goal: Goal;
  readonly figure: Ratio | null;
  readonly verdict: "reached" | "missed" | "unclear" | "missing";
}

type Measured = Extract<RowResult, { readonly ok: true }>;

/** Holds the goals against the rows of one run. @throws RangeError when a goal names a contender or a count that its row has not. */
export function judgeGoals(goals: readonly Goal[], rows: readonly RowResult[]): readonly Verdict[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return goals.map((goal) => {
    const row = byId.get(goal.row);
    if (row === undefined || !row.ok) return { goal, figure: null, verdict: "missing" };
    const figure = measure(goal.figure, row);
    return { goal, figure, verdict: judge(figure, goal.bound) };
  });
}

function measure(figure: Figure, row: Measured): Ratio {
  switch (figure.kind) {
    case "times":
      // Round by round, so that what slows the machine for a while slows both.
      return pairedRatio(find(row, figure.slow).samples, find(row, figure.fast).samples, { random: seededRandom(1) });
    case "ms":
      return middle(find(row, figure.contender).samples, (each) => each);
    case "perSecond":
      return middle(find(row, figure.contender).samples, (each) => 1000 / each);
    case "beyond": {
      const base = find(row, figure.base).samples;
      return middle(
        find(row, figure.contender).samples.map((each, round) => each - (base[round] ?? Number.NaN)),
        (each) => each,
      );
    }
    case "count": {
      const count = find(row, figure.contender).counts[figure.count];
      if (count === undefined) throw new RangeError(`Cannot judge "${row.id}": it has no count "${figure.count}"`);
      return { median: count, low: count, high: count };
    }
  }
}

/** The median with its interval. */
function middle(samples: readonly number[], convert: (ms: number) => number): Ratio {
  const ones = samples.map(() => 1);
  return pairedRatio(samples.map(convert), ones, { random: seededRandom(1) });
}

/** The subject where its whole name is asked for, else the first contender whose name begins so: names may begin alike. */
function find(row: Measured, name: string): ContenderResult {
  const found = row.contenders.find((one) => one.name === name) ?? row.contenders.find((one) => one.name.startsWith(name));
  if (found === undefined) throw new RangeError(`Cannot judge "${row.id}": it has no contender "${name}"`);
  return found;
}

function judge({ low, high }: Ratio, bound: Bound): "reached" | "missed" | "unclear" {
  if ("atLeast" in bound) return low >= bound.atLeast ? "reached" : high < bound.atLeast ? "missed" : "unclear";
  return high <= bound.atMost ? "reached" : low > bound.atMost ? "missed" : "unclear";
}
