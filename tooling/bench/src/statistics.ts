import { below, type Random } from "./seeded-random.ts";

/** The middle of some samples, and the range that holds four fifths of them. */
export interface Spread {
  readonly median: number;
  readonly p10: number;
  readonly p90: number;
}

/** How many times one contender takes what another takes, with a 95 % confidence interval. */
export interface Ratio {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** Returns the quantile `q` (0 to 1) by linear interpolation between the closest ranks. @throws RangeError without samples. */
export function quantile(samples: readonly number[], q: number): number {
  if (samples.length === 0) throw new RangeError("Cannot take a quantile of no samples");
  const sorted = [...samples].sort((left, right) => left - right);
  const place = (sorted.length - 1) * q;
  const [below, above] = [sorted[Math.floor(place)] as number, sorted[Math.ceil(place)] as number];
  return below + (above - below) * (place - Math.floor(place));
}

/** Summarises samples by median and p10 to p90, which one slow outlier cannot move. */
export function spread(samples: readonly number[]): Spread {
  return { median: quantile(samples, 0.5), p10: quantile(samples, 0.1), p90: quantile(samples, 0.9) };
}

/**
 * Returns the median of `numerators[i] / denominators[i]`. The two were measured in the same round, so that what slows the machine for a
 * while slows both; the interval is the percentile bootstrap over rounds.
 *
 * @throws RangeError when the lists differ in length or are empty.
 */
export function pairedRatio(
  numerators: readonly number[],
  denominators: readonly number[],
  options: { readonly random: Random; readonly resamples?: number | undefined },
): Ratio {
  if (numerators.length !== denominators.length) throw new RangeError("Cannot pair samples: the lists differ in length");
  const ratios = numerators.map((value, index) => value / (denominators[index] as number));
  const { random, resamples = 2000 } = options;
  const medians = Array.from({ length: resamples }, () =>
    quantile(
      ratios.map(() => ratios[below(random, ratios.length)] as number),
      0.5,
    ),
  );
  return { median: quantile(ratios, 0.5), low: quantile(medians, 0.025), high: quantile(medians, 0.975) };
}
