import type { Finding } from "@gov/schema";
import { diagnoseRules } from "./diagnose-rules.ts";
import { dryRunHydration, type HydrationDryRun, type HydrationInput, type RuleVersion } from "./dry-run.ts";
import { planReapplication, type Reapplication } from "./plan-reapplication.ts";

/** One step of the playbook for routing and schema changes, to be applied by the caller in the order given. */
export type RuleRollbackStep =
  | { readonly step: "revert"; readonly from: string; readonly to: RuleVersion }
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
 * Plans the way back from rules that conflict or under which documents fail their schemas (RTE-03): revert to the newest earlier
 * version that is sound today, run hydration dry over everything, then re-apply what was not at fault. Nothing is written.
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
  readonly current: RuleVersion;
  /** Earlier versions, the oldest first. */
  readonly history: readonly RuleVersion[];
  readonly inputs: readonly HydrationInput[];
  /** What validating the documents found under the current schemas; its errors call for a rollback. @default [] */
  readonly schemaFindings?: readonly Finding[] | undefined;
}): RuleRollback {
  const { current, history, inputs, schemaFindings = [] } = options;
  const isSchemaAtFault = schemaFindings.some(({ severity }) => severity === "error");
  const cause = [...diagnoseRules(current), ...schemaFindings.filter(({ severity }) => severity === "error")];
  if (cause.length === 0) return { outcome: "not_needed", cause, steps: [], findings: [] };
  const good = history.findLast(
    (version) => diagnoseRules(version).length === 0 && !(isSchemaAtFault && version.schemaVersion === current.schemaVersion),
  );
  if (good === undefined) return { outcome: "impossible", cause, steps: [], findings: [impossible(current)] };
  const report = dryRunHydration(inputs, good);
  const plan = planReapplication({ good, refused: current, inputs });
  return {
    outcome: "planned",
    cause,
    steps: [
      { step: "revert", from: current.version, to: good },
      { step: "dry_run", report },
      { step: "reapply", plan },
    ],
    findings: report.findings,
  };
}

function impossible({ version }: RuleVersion): Finding {
  return {
    code: "HYDRATION_ROLLBACK_IMPOSSIBLE",
    severity: "error",
    message: `Cannot roll back from version "${version}" of the rules: no earlier version is sound`,
    path: null,
    line: null,
    column: null,
    hint: "Mend the rules by hand; gov route shows what conflicts",
  };
}
