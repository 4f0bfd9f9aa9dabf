import { quantileRanks } from "./internal/quantile-ranks.ts";

/** A quantile of samples, with the interval that holds the true one with 95 % confidence; a side is null where there are too few samples to bound it. */
export interface QuantileEstimate {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** What some measurements of one thing say, all in the unit of the samples. */
export interface SampleSummary {
  readonly count: number;
  readonly mean: number;
  /** Standard deviation in percent of the mean, of the sample (n - 1); 0 for one sample. */
  readonly variancePercent: number;
  readonly p50: QuantileEstimate;
  readonly p95: QuantileEstimate;
  readonly p99: QuantileEstimate;
}

/**
 * Summarises measurements: quantiles by nearest rank, so each is a value that was measured, with distribution-free intervals. The 95th percentile needs 72 samples, the
 * 99th 368, before any of them bounds it above with this confidence.
 *
 * @throws RangeError without samples, or for one that is no finite number of at least 0.
 */
export function summarizeSamples(samples: readonly number[]): SampleSummary {
  if (samples.length === 0) throw new RangeError("Cannot summarise no samples: at least one is needed");
  const bad = samples.find((value) => !(Number.isFinite(value) && value >= 0));
  if (bad !== undefined) throw new RangeError(`Cannot summarise the sample ${String(bad)}: it must be a finite number of at least 0`);
  const sorted = [...samples].sort((a, b) => a - b);
  const count = sorted.length;
  const mean = sorted.reduce((sum, value) => sum + value, 0) / count;
  const squares = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = count === 1 ? 0 : Math.sqrt(squares / (count - 1));
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((quantile) => estimate(sorted, quantile)) as [
    QuantileEstimate,
    QuantileEstimate,
    QuantileEstimate,
  ];
  return { count, mean, variancePercent: mean === 0 ? 0 : (deviation / mean) * 100, p50, p95, p99 };
}

function estimate(sorted: readonly number[], quantile: number): QuantileEstimate {
  const ranks = quantileRanks(sorted.length, quantile);
  const at = (rank: number | null): number | null => (rank === null ? null : (sorted[rank - 1] ?? null));
  return { value: sorted[Math.ceil(quantile * sorted.length) - 1] as number, low: at(ranks.low), high: at(ranks.high) };
}
