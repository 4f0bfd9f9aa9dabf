import { defaultBuckets, type MetricDefinition } from "../../metrics/metric-definitions.ts";

/** Estimates a quantile of a histogram as Prometheus does: linear within the bucket it falls into; null before the first value. */
export function quantileOf(quantile: number, buckets: readonly number[], definition: MetricDefinition): number | null {
  const bounds = definition.buckets ?? defaultBuckets;
  const total = buckets.at(-1) ?? 0;
  if (total === 0) return null;
  const rank = quantile * total;
  const at = buckets.findIndex((count) => count >= rank);
  const upper = bounds[at];
  // Beyond the last bound nothing is known but that it is more.
  if (upper === undefined) return bounds.at(-1) ?? null;
  const lower = bounds[at - 1] ?? 0;
  const below = buckets[at - 1] ?? 0;
  const within = (buckets[at] ?? 0) - below;
  return within === 0 ? upper : lower + (upper - lower) * ((rank - below) / within);
}
