/** The ways of writing, in the order in which a repository moves through them. */
export const writeModes = ["direct", "atomic", "dual_write", "bridge"] as const;

/** One way of writing: in place, atomically, atomically and through the single writer, through the single writer alone. */
export type WriteMode = (typeof writeModes)[number];

/** What a move needs; data, so that a rulebook can say otherwise. */
export interface ModeRules {
  /** The mode to fall back to when the file system's probe fails. */
  readonly onFailedProbe: WriteMode;
  /** For a mode: from which modes it may be entered, and after how many clean days in a row in the mode before it. */
  readonly enter: Readonly<Record<WriteMode, { readonly from: readonly WriteMode[]; readonly cleanDays: number }>>;
}

/** The rules of the seed: back to `direct` at any time, forward one step at a time, `bridge` only after two clean weeks (IDX-07, IDX-09). */
export const modeRules: ModeRules = {
  onFailedProbe: "direct",
  enter: {
    direct: { from: ["atomic", "dual_write", "bridge"], cleanDays: 0 },
    atomic: { from: ["direct", "dual_write", "bridge"], cleanDays: 0 },
    dual_write: { from: ["atomic", "bridge"], cleanDays: 0 },
    bridge: { from: ["dual_write"], cleanDays: 14 },
  },
};

/** One day of writing. */
export interface ModeDay {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  readonly mode: WriteMode;
  /** False when anything diverged, failed or was missing on that day. */
  readonly clean: boolean;
}

/** What {@link planModeChange} decides over. */
export interface ModeChange {
  readonly current: WriteMode;
  readonly wanted: WriteMode;
  /** Whether the file system passed its probe. */
  readonly probe: "passed" | "failed";
  readonly history: readonly ModeDay[];
  /** Today, `YYYY-MM-DD`; the days counted end the day before. */
  readonly today: string;
  /** @default modeRules */
  readonly rules?: ModeRules | undefined;
}

/** The mode to write in from now on, and why. */
export interface ModePlan {
  readonly mode: WriteMode;
  readonly allowed: boolean;
  readonly reasons: readonly string[];
}

/**
 * Decides whether to move to another mode; pure. A failed probe leads to `direct` whatever is wanted (IDX-07). Days count only without a gap, up to yesterday,
 * in the mode before: a day without a record is not clean (IDX-09).
 *
 * @throws RangeError for a day that is none.
 * @example Thirteen days are not two weeks
 * ```ts
 * import assert from "node:assert/strict";
 * import { planModeChange } from "@gov/atomic-io/modes";
 *
 * const days = Array.from({ length: 14 }, (_, index) => `2026-03-${String(index + 1).padStart(2, "0")}`);
 * const history = days.map((day) => ({ day, mode: "dual_write" as const, clean: true }));
 * const change = { current: "dual_write", wanted: "bridge", probe: "passed", history } as const;
 * assert.equal(planModeChange({ ...change, today: "2026-03-15" }).mode, "bridge");
 * assert.equal(planModeChange({ ...change, history: history.slice(1), today: "2026-03-15" }).mode, "dual_write");
 * ```
 */
export function planModeChange(change: ModeChange): ModePlan {
  const { current, wanted, probe, rules = modeRules } = change;
  if (probe === "failed") {
    const mode = rules.onFailedProbe;
    return { mode, allowed: wanted === mode, reasons: [`the file system failed its probe, which leads to ${mode}`] };
  }
  if (wanted === current) return { mode: current, allowed: true, reasons: [] };
  const { from, cleanDays } = rules.enter[wanted];
  const reasons: string[] = [];
  if (!from.includes(current)) reasons.push(`${wanted} is entered from ${from.join(" or ")}, not from ${current}`);
  const clean = cleanDaysUntil(change);
  if (clean < cleanDays) reasons.push(`${wanted} needs ${cleanDays} clean days in a row, there are ${clean}`);
  return reasons.length === 0 ? { mode: wanted, allowed: true, reasons } : { mode: current, allowed: false, reasons };
}

const dayMs = 86_400_000;

function cleanDaysUntil({ current, history, today }: ModeChange): number {
  const clean = new Set(history.filter((entry) => entry.clean && entry.mode === current).map((entry) => numberOf(entry.day)));
  for (const entry of history) if (!entry.clean || entry.mode !== current) clean.delete(numberOf(entry.day));
  let count = 0;
  while (clean.has(numberOf(today) - 1 - count)) count += 1;
  return count;
}

function numberOf(day: string): number {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  // A day beyond the end of its month is read as one of the next.
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== day)
    throw new RangeError(`Cannot count the day "${day}": YYYY-MM-DD is required`);
  return at / dayMs;
}
