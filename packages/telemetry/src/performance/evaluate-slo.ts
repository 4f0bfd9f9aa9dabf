import type { Finding } from "@gov/schema";
import { fixedDuration } from "./internal/fixed-duration.ts";
import { note } from "./internal/note.ts";

/** What is promised: how many of all outcomes within a window are good. */
export interface Slo {
  readonly name: string;
  /** Percent, above 0 and below 100; 100 leaves no budget for errors and cannot be kept. */
  readonly objective: number;
  /** Such as `28 days`. */
  readonly window: string;
}

/** One outcome that counts. */
export interface SloOutcome {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly isGood: boolean;
}

/** How fast the budget goes over one look back: 1 uses it up exactly within the window. */
export interface BurnRate {
  readonly lookBack: string;
  /** Null without outcomes. */
  readonly rate: number | null;
  /** The rate from which on somebody must act. */
  readonly limit: number;
}

/** Whether a promise is kept, and what is left of its budget. */
export interface SloReport {
  readonly name: string;
  readonly objective: number;
  readonly total: number;
  readonly bad: number;
  /** Null without outcomes: nothing is known. */
  readonly goodPercent: number | null;
  readonly isMet: boolean | null;
  /** Share of the error budget that is left: 1 when nothing was bad, 0 when it is used up, negative beyond. Null without outcomes. */
  readonly budgetLeft: number | null;
  readonly burnRates: readonly BurnRate[];
  readonly findings: readonly Finding[];
}

/** Look backs and the rates that use up 2 %, 5 % and 10 % of a budget of 30 days in them (the multi-window alerts of the SRE workbook). */
export const burnRateLimits: readonly { readonly lookBack: string; readonly limit: number }[] = [
  { lookBack: "1h", limit: 14.4 },
  { lookBack: "6h", limit: 6 },
  { lookBack: "3 days", limit: 1 },
];

/** The promises of phase 5 (MET-08); the sources leave the numbers open, so these are defaults (B-42). */
export const shippedSlos: Readonly<Record<"drift_detection" | "mttr", Slo & { readonly within: string }>> = {
  drift_detection: { name: "drift_detection", objective: 95, window: "28 days", within: "24h" },
  mttr: { name: "mttr", objective: 90, window: "28 days", within: "24h" },
};

/**
 * Evaluates a promise over the outcomes in its window up to now, with its error budget and how fast that goes (MET-08). Outcomes of the future are not counted. Without any
 * outcome nothing is known, which is a warning and not a promise kept.
 *
 * @throws RangeError for an outcome at no time, which no window would count, and for an objective or window that is none; promises are configuration, to be checked when they are loaded.
 * @example See what is left of a budget
 * ```ts
 * import assert from "node:assert/strict";
 * import { evaluateSlo } from "@gov/telemetry/performance";
 *
 * const outcomes = Array.from({ length: 100 }, (_, n) => ({ at: n, isGood: n !== 7 }));
 * const { isMet, budgetLeft } = evaluateSlo({ name: "drift", objective: 98, window: "28 days" }, { outcomes, now: 1000 });
 * assert.deepEqual([isMet, budgetLeft], [true, 0.5]);
 * ```
 */
export function evaluateSlo(slo: Slo, { outcomes, now }: { readonly outcomes: readonly SloOutcome[]; readonly now: number }): SloReport {
  const { name, objective } = slo;
  if (!(objective > 0 && objective < 100))
    throw new RangeError(`Cannot promise ${String(objective)} % of "${name}": it must be above 0 and below 100`);
  const lost = [now, ...outcomes.map(({ at }) => at)].find((time) => !Number.isFinite(time));
  if (lost !== undefined)
    throw new RangeError(`Cannot count an outcome of "${name}" at ${String(lost)}: it must be a time in milliseconds`);
  const within = (window: string): readonly SloOutcome[] => {
    const from = now - fixedDuration(window);
    return outcomes.filter(({ at }) => at > from && at <= now);
  };
  const counted = within(slo.window);
  const total = counted.length;
  const bad = countBad(counted);
  // In whole outcomes and percents, so that 1 of 100 against 99 % is exactly the budget.
  const allowed = (total * (100 - objective)) / 100;
  const budgetLeft = total === 0 ? null : round(1 - bad / allowed);
  const isMet = total === 0 ? null : round(bad - allowed) <= 0;
  const burnRates = burnRateLimits.map(({ lookBack, limit }) => {
    const recent = within(lookBack);
    const rate = recent.length === 0 ? null : round(countBad(recent) / recent.length / ((100 - objective) / 100));
    return { lookBack, rate, limit };
  });
  const findings: Finding[] = [];
  if (isMet === null)
    findings.push(
      note("TELEMETRY_SLO_UNKNOWN", `Nothing is known of "${name}": it has no outcome within ${slo.window}`, { severity: "warning" }),
    );
  else if (!isMet)
    findings.push(
      note("TELEMETRY_SLO_MISSED", `"${name}" is missed: ${String(bad)} of ${String(total)} were bad, ${String(objective)} % are promised`),
    );
  for (const { lookBack, rate, limit } of burnRates)
    if (rate !== null && rate >= limit)
      findings.push(
        note("TELEMETRY_SLO_BURNING", `The error budget of "${name}" goes ${String(rate)} times as fast as it may over ${lookBack}`, {
          severity: "warning",
        }),
      );
  return {
    name,
    objective,
    total,
    bad,
    goodPercent: total === 0 ? null : round(((total - bad) / total) * 100),
    isMet,
    budgetLeft,
    burnRates,
    findings,
  };
}

function countBad(outcomes: readonly SloOutcome[]): number {
  return outcomes.filter(({ isGood }) => !isGood).length;
}

/** To nine decimals: what binary fractions add beyond is no part of the answer. */
function round(value: number): number {
  const rounded = Math.round(value * 1e9) / 1e9;
  return Object.is(rounded, -0) ? 0 : rounded;
}
