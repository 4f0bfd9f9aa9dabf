import { finite } from "./compiled-node.ts";

/** A function over a list of numbers; throws a RangeError when the list has no such number. */
export type Aggregate = (values: readonly number[], argument: number) => number;

/**
 * What a formula may compute over a list. The sum of nothing is 0 and its count is 0;
 * an average, an extreme or a percentile of nothing does not exist.
 */
export const aggregates: ReadonlyMap<string, Aggregate> = new Map<string, Aggregate>([
  ["sum", sum],
  ["avg", (values) => sum(values) / some(values, "avg").length],
  ["min", (values) => some(values, "min").reduce((a, b) => Math.min(a, b))],
  ["max", (values) => some(values, "max").reduce((a, b) => Math.max(a, b))],
  ["count", (values) => values.length],
  ["percentile", percentile],
]);

function sum(values: readonly number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return finite(total, "A sum");
}

// Linear interpolation between the closest ranks, as in spreadsheets.
function percentile(values: readonly number[], percent: number): number {
  if (!(percent >= 0 && percent <= 100)) throw new RangeError(`Percentile ${String(percent)} is not between 0 and 100`);
  const sorted = [...some(values, "percentile")].sort((a, b) => a - b);
  const rank = (percent / 100) * (sorted.length - 1);
  const low = sorted[Math.floor(rank)] as number;
  const high = sorted[Math.ceil(rank)] as number;
  return finite(low + (high - low) * (rank - Math.floor(rank)), "A percentile");
}

function some(values: readonly number[], name: string): readonly number[] {
  if (values.length === 0) throw new RangeError(`${name}() of an empty list`);
  return values;
}
