import { studentQuantile } from "../internal/student-quantile.ts";

/** One pair of measurements made close together, so that drift of the machine hits both alike; any unit, the smaller the better. */
export interface PerformancePair {
  readonly baseline: number;
  readonly candidate: number;
}

/**
 * What a comparison says: `worse` and `better` exclude no change, `unchanged` excludes a slowdown of the effect asked about, and
 * `inconclusive` is neither, because there are too few pairs for their noise.
 */
export type PerformanceVerdict = "better" | "worse" | "unchanged" | "inconclusive";

/** A comparison with its confidence interval. */
export interface PerformanceComparison {
  readonly verdict: PerformanceVerdict;
  /** Candidate over baseline: 1.1 is 10 % slower. Null without two pairs. */
  readonly ratio: number | null;
  /** Bounds of the confidence interval of the ratio. */
  readonly interval: readonly [number, number] | null;
  readonly pairs: number;
  /** About how many pairs would decide, when these do not; null otherwise, or when nothing can be said. */
  readonly pairsNeeded: number | null;
}

/** How to decide. */
export interface ComparePerformanceOptions {
  /** The slowdown that must not go unseen, in percent. @default 10 */
  readonly effectPercent?: number | undefined;
  /** Confidence of the interval, between 0.5 and 1. @default 0.99 */
  readonly confidence?: number | undefined;
}

const minimumPairs = 6;

/**
 * Compares paired measurements by Student's t interval of the logarithm of their ratio. An interval wider than the effect asked about
 * is `inconclusive`, whatever it excludes: noise decides nothing.
 *
 * @throws RangeError when a measurement is not above zero, or an option out of its bounds.
 */
export function comparePerformance(pairs: readonly PerformancePair[], options: ComparePerformanceOptions = {}): PerformanceComparison {
  const { effectPercent = 10, confidence = 0.99 } = options;
  if (!(effectPercent > 0)) throw new RangeError(`Cannot compare: effectPercent must be above 0, and is ${effectPercent}`);
  if (!(confidence > 0.5 && confidence < 1))
    throw new RangeError(`Cannot compare: confidence must be between 0.5 and 1, and is ${confidence}`);
  const logs = pairs.map(({ baseline, candidate }) => Math.log(candidate / baseline));
  if (!pairs.every(({ baseline, candidate }) => baseline > 0 && candidate > 0) || !logs.every(Number.isFinite))
    throw new RangeError("Cannot compare: every measurement must be a number above 0");
  const count = logs.length;
  if (count < 2) return { verdict: "inconclusive", ratio: null, interval: null, pairs: count, pairsNeeded: null };
  const mean = logs.reduce((sum, value) => sum + value, 0) / count;
  const deviation = Math.sqrt(logs.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1));
  const quantile = studentQuantile((1 + confidence) / 2, count - 1);
  const half = (quantile * deviation) / Math.sqrt(count);
  const effect = Math.log1p(effectPercent / 100);
  const [low, high] = [mean - half, mean + half];
  const verdict = count < minimumPairs || half > effect ? "inconclusive" : verdictOf(low, { high, effect });
  const needed = Math.max(minimumPairs, Math.ceil((quantile * deviation * (1 + (half > effect ? 0 : 1))) ** 2 / effect ** 2), count + 1);
  return {
    verdict,
    ratio: Math.exp(mean),
    interval: [Math.exp(low), Math.exp(high)],
    pairs: count,
    pairsNeeded: verdict === "inconclusive" ? needed : null,
  };
}

function verdictOf(low: number, { high, effect }: { readonly high: number; readonly effect: number }): PerformanceVerdict {
  if (low > 0) return "worse";
  if (high < 0) return "better";
  return high < effect ? "unchanged" : "inconclusive";
}
