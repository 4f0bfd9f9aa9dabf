import type { Finding } from "@gov/schema";
import { fixedDuration } from "./internal/fixed-duration.ts";
import { note } from "./internal/note.ts";

/** How long steps may take: the content of `durations_sla.yaml` as far as it is judged here. */
export interface DurationsSla {
  /** By step. */
  readonly thresholds: Readonly<Record<string, string>>;
  /** The ten that matter most. */
  readonly top: readonly { readonly name: string; readonly max: string; readonly owner?: string | undefined }[];
}

/** One step against its limit. */
export interface JudgedDuration {
  readonly name: string;
  readonly limitMs: number;
  /** Null when it was not measured. */
  readonly actualMs: number | null;
  /** Null when it was not measured. */
  readonly isMet: boolean | null;
  readonly owner: string | null;
  readonly isTop: boolean;
}

/**
 * Judges measured durations by their limits (MET-05): the top list in its order, then the other thresholds by name; where both name a step, the shorter limit holds. A step
 * that was not measured is an error: nobody knows that it is met.
 *
 * @throws RangeError for a limit that is no fixed duration; limits are configuration, to be checked when they are loaded.
 * @example Find the step that takes too long
 * ```ts
 * import assert from "node:assert/strict";
 * import { evaluateDurations } from "@gov/telemetry/performance";
 *
 * const sla = { thresholds: { schema_lint: "1s" }, top: [{ name: "hydrate", max: "500 ms" }] };
 * const { durations, findings } = evaluateDurations(sla, { schema_lint: 20, hydrate: 900 });
 * assert.deepEqual(durations.map(({ name, isMet }) => [name, isMet]), [["hydrate", false], ["schema_lint", true]]);
 * assert.equal(findings[0].code, "TELEMETRY_DURATION_EXCEEDED");
 * ```
 */
export function evaluateDurations(
  sla: DurationsSla,
  measuredMs: Readonly<Record<string, number | null>>,
): { readonly ok: boolean; readonly durations: readonly JudgedDuration[]; readonly findings: readonly Finding[] } {
  const top = sla.top.map(({ name, max, owner }) => ({ name, limits: [max], owner: owner ?? null, isTop: true }));
  const others = Object.keys(sla.thresholds)
    .filter((name) => !top.some((one) => one.name === name))
    .sort()
    .map((name) => ({ name, limits: [] as string[], owner: null, isTop: false }));
  const findings: Finding[] = [];
  const durations = [...top, ...others].map(({ name, limits, owner, isTop }): JudgedDuration => {
    const threshold = Object.hasOwn(sla.thresholds, name) ? sla.thresholds[name] : undefined;
    const limitMs = Math.min(...[...limits, ...(threshold === undefined ? [] : [threshold])].map(fixedDuration));
    const measured = Object.hasOwn(measuredMs, name) ? (measuredMs[name] ?? null) : null;
    const actualMs = measured !== null && Number.isFinite(measured) && measured >= 0 ? measured : null;
    const isMet = actualMs === null ? null : actualMs <= limitMs;
    const who = owner === null ? "" : ` (owner: ${owner})`;
    if (isMet === null) findings.push(note("TELEMETRY_DURATION_MISSING", `"${name}" was not measured${who}`));
    else if (!isMet)
      findings.push(note("TELEMETRY_DURATION_EXCEEDED", `"${name}" took ${String(actualMs)} ms, and may take ${String(limitMs)} ms${who}`));
    return { name, limitMs, actualMs, isMet, owner, isTop };
  });
  return { ok: findings.length === 0, durations, findings };
}
