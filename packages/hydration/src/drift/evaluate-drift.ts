import type { Finding } from "@gov/schema";
import type { HydrationEvent } from "../hydration-event.ts";
import { diffRouting, type RoutingDiff } from "./diff-routing.ts";
import type { EffectiveRouting } from "./effective-routing.ts";
import { renderRoutingBaseline, routingBaselineFile } from "./routing-baseline.ts";

/** What {@link evaluateDrift} is given. */
export interface EvaluateDriftOptions {
  /** Null when there is none yet. */
  readonly baseline: EffectiveRouting | null;
  readonly current: EffectiveRouting;
  /** Greatest part of the compared artifacts that may be routed otherwise, 0 to 1; 0 tolerates none. */
  readonly threshold: number;
  /** Path of the baseline, for findings. @default routingBaselineFile */
  readonly path?: string | undefined;
}

/** How far routing has drifted from its baseline, and what follows. */
export interface DriftReport {
  /** `none`: as the baseline says; `within`: some drift, tolerated; `beyond`: more than the threshold; `unknown`: no baseline. */
  readonly outcome: "none" | "within" | "beyond" | "unknown";
  /** Null without a baseline. */
  readonly diff: RoutingDiff | null;
  /** Changed artifacts divided by compared ones; 0 when nothing is compared. */
  readonly ratio: number;
  /**
   * What to tell, about the path of the baseline: `drift.detected` for any drift (ALR-01) and `routing.drift` beyond the threshold
   * (ALR-08), or that either is over; nothing without a baseline.
   */
  readonly events: readonly HydrationEvent[];
  readonly findings: readonly Finding[];
  /** What the baseline would be after a sync, as text to write. */
  readonly text: string;
}

// An alert tells how much and an example of what; the report has all of it.
const listed = 20;

/**
 * Compares effective routing with its baseline (RTE-04, B-32). Drift is an artifact of both that is routed otherwise, by changed rules
 * or changed metadata; new and removed artifacts are reported and count as none. Nothing is written: {@link planBaselineSync} says
 * what to do with the text.
 *
 * @throws RangeError when the threshold is not between 0 and 1.
 * @example A changed rule moves a document
 * ```ts
 * import assert from "node:assert/strict";
 * import { evaluateDrift, resolveEffectiveRouting } from "@gov/hydration/drift";
 * import { compileRoutes } from "@gov/hydration/routing";
 *
 * const routing = (to) => {
 *   const table = compileRoutes({ routes: [{ id: "plans", match: { kind: "plan" }, to, precedence: 0 }], overrides: [] });
 *   assert(table.ok);
 *   return resolveEffectiveRouting(table.value, [{ id: "PLN-1", kind: "plan", status: "draft", tags: [] }]);
 * };
 * const report = evaluateDrift({ baseline: routing("plans/{id}.md"), current: routing("archive/{id}.md"), threshold: 0.1 });
 * assert.equal(report.outcome, "beyond");
 * assert.deepEqual(report.events.map(({ name }) => name), ["drift.detected", "routing.drift"]);
 * assert.equal(report.diff?.changed[0]?.after.to, "archive/PLN-1.md");
 * ```
 */
export function evaluateDrift(options: EvaluateDriftOptions): DriftReport {
  const { baseline, current, threshold, path = routingBaselineFile } = options;
  if (!(threshold >= 0 && threshold <= 1))
    throw new RangeError(`Cannot judge drift: threshold must be between 0 and 1, and is ${threshold}`);
  const text = renderRoutingBaseline(current);
  if (baseline === null) return { outcome: "unknown", diff: null, ratio: 0, events: [], findings: [missing(path)], text };
  const diff = diffRouting({ baseline, current });
  const ratio = diff.compared === 0 ? 0 : diff.changed.length / diff.compared;
  const over = (name: "drift.resolved" | "routing.resolved"): HydrationEvent => ({ name, fields: { subject: path } });
  if (diff.changed.length === 0)
    return { outcome: "none", diff, ratio, events: [over("drift.resolved"), over("routing.resolved")], findings: [], text };
  const isBeyond = ratio > threshold;
  const fields = {
    subject: path,
    changed: diff.changed.length,
    compared: diff.compared,
    added: diff.added.length,
    removed: diff.removed.length,
    drift_percent: percent(ratio),
    threshold_percent: percent(threshold),
    rules_changed: diff.rulesChanged,
    baseline_rules: baseline.rules,
    current_rules: current.rules,
    examples: diff.changed.slice(0, listed).map(({ artifact, before, after }) => ({ artifact, before: before.to, after: after.to })),
  };
  return {
    outcome: isBeyond ? "beyond" : "within",
    diff,
    ratio,
    events: [{ name: "drift.detected", fields }, isBeyond ? { name: "routing.drift", fields } : over("routing.resolved")],
    findings: [driftFinding({ diff, isBeyond, threshold, path })],
    text,
  };
}

// 0.07 * 100 is 7.000000000000001.
function percent(part: number): number {
  return Number((part * 100).toFixed(6));
}

function missing(path: string): Finding {
  return {
    code: "HYDRATION_BASELINE_MISSING",
    severity: "error",
    message: `Cannot judge drift: there is no "${path}"`,
    path: null,
    line: null,
    column: null,
    hint: "Sync it by command once: gov route sync",
  };
}

function driftFinding(options: {
  readonly diff: RoutingDiff;
  readonly isBeyond: boolean;
  readonly threshold: number;
  readonly path: string;
}): Finding {
  const { diff, isBeyond, threshold, path } = options;
  const cause = diff.rulesChanged ? "the rules changed" : "their metadata changed under the same rules";
  const names = diff.changed.slice(0, 3).map(({ artifact }) => `"${artifact}"`);
  const more = diff.changed.length > names.length ? ` and ${diff.changed.length - names.length} more` : "";
  return {
    code: "HYDRATION_ROUTING_DRIFT",
    severity: isBeyond ? "error" : "note",
    message: `${diff.changed.length} of ${diff.compared} artifacts are routed otherwise than the baseline says (${names.join(", ")}${more}): ${cause}`,
    path,
    line: null,
    column: null,
    expected: `at most ${percent(threshold)} %`,
    hint: "Roll the rules back, or sync the baseline by command once the change is meant",
  };
}
