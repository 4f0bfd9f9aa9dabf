import type { Finding } from "@gov/schema";
import { diagnoseRules } from "./diagnose-rules.ts";
import { dryRunHydration, type HydrationDryRun, type HydrationInput, type RuleVersion } from "./dry-run.ts";
import { planReapplication, type Reapplication } from "./plan-reapplication.ts";

/** One step of the playbook for routing and schema changes, to be applied by the caller in the order given. */
export type RuleRollbackStep =
  | { readonly step: "revert"; readonly from: string | null; readonly to: RuleVersion }
  | { readonly step: "dry_run"; readonly report: HydrationDryRun }
  | { readonly step: "reapply"; readonly plan: Reapplication };

/** Whether rules must be rolled back, and how. */
export interface RuleRollback {
  /** `not_needed`: the rules are sound; `planned`: follow the steps; `impossible`: no earlier version is sound. */
  readonly outcome: "not_needed" | "planned" | "impossible";
  /** The errors that call for it. */
  readonly cause: readonly Finding[];
  readonly steps: readonly RuleRollbackStep[];
  readonly findings: readonly Finding[];
}

/**
 * Plans the way back from rules that conflict, cannot be used at all, or under which documents fail their schemas (RTE-03): revert to
 * the newest earlier version that is sound today, run hydration dry over everything, then re-apply what was not at fault. Where
 * documents fail their schemas, that is the newest one of another schema version; where there is none, and the rules themselves are
 * at fault, the newest sound one. Nothing is written.
 *
 * @example A conflicting route is left out, the rest is kept
 * ```ts
 * import assert from "node:assert/strict";
 * import { planRuleRollback } from "@gov/hydration/routing";
 *
 * const hydration = { precedence: ["approved", "latest_non_draft", "solo"], tie_breakers: ["commit_time"], uncommitted: "oldest" };
 * const route = (id, kind, to) => ({ id, match: { kind }, to, precedence: 0 });
 * const version = (name, ...routes) => ({ version: name, schemaVersion: "1", hydration, routing: { routes, overrides: [] } });
 * const plans = route("plans", "plan", "plans/{id}.md");
 * const rollback = planRuleRollback({
 *   current: version("1.1.0", plans, route("again", "plan", "other/{id}.md"), route("notes", "note", "notes/{id}.md")),
 *   history: [version("1.0.0", plans)],
 *   inputs: [],
 * });
 * assert.equal(rollback.outcome, "planned");
 * const reapply = rollback.steps.find(({ step }) => step === "reapply");
 * assert.deepEqual(reapply.plan.rules.routing.routes.map(({ id }) => id), ["plans", "notes"]);
 * ```
 */
export function planRuleRollback(options: {
  /** Null when the rule documents cannot be used: then {@link schemaFindings} says why, and nothing is re-applied. */
  readonly current: RuleVersion | null;
  /** Earlier versions, the oldest first. */
  readonly history: readonly RuleVersion[];
  readonly inputs: readonly HydrationInput[];
  /** What validating the documents, those of the rules among them, found under the current schemas; its errors call for a rollback. @default [] */
  readonly schemaFindings?: readonly Finding[] | undefined;
}): RuleRollback {
  const { current, history, inputs, schemaFindings = [] } = options;
  const schemaErrors = schemaFindings.filter(({ severity }) => severity === "error");
  const ruleErrors = current === null ? [] : diagnoseRules(current);
  const cause = [...ruleErrors, ...schemaErrors];
  if (cause.length === 0 && current !== null) return { outcome: "not_needed", cause, steps: [], findings: [] };
  // Judging a version costs much, so none is judged that is older than the one to go back to.
  const isSound = (version: RuleVersion): boolean => diagnoseRules(version).length === 0;
  const isOther = (version: RuleVersion): boolean => version.schemaVersion !== current?.schemaVersion;
  const otherSchema = schemaErrors.length === 0 ? undefined : history.findLast((version) => isOther(version) && isSound(version));
  const areRulesAtFault = current === null || ruleErrors.length > 0;
  const good = otherSchema ?? (areRulesAtFault ? history.findLast(isSound) : undefined);
  if (good === undefined) return { outcome: "impossible", cause, steps: [], findings: [impossible(current)] };
  const report = dryRunHydration(inputs, good);
  const reapply = current === null ? [] : [{ step: "reapply" as const, plan: planReapplication({ good, refused: current, inputs }) }];
  return {
    outcome: "planned",
    cause,
    steps: [{ step: "revert", from: current?.version ?? null, to: good }, { step: "dry_run", report }, ...reapply],
    findings: report.findings,
  };
}

function impossible(current: RuleVersion | null): Finding {
  const from = current === null ? "rules that cannot be used" : `version "${current.version}" of the rules`;
  return {
    code: "HYDRATION_ROLLBACK_IMPOSSIBLE",
    severity: "error",
    message: `Cannot roll back from ${from}: no earlier version is sound`,
    path: null,
    line: null,
    column: null,
    hint: "Mend the rules by hand; gov route check shows what conflicts",
  };
}
