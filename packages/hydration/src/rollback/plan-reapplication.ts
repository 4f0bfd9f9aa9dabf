import type { Finding } from "@gov/schema";
import { diagnoseRules } from "./diagnose-rules.ts";
import { dryRunHydration, type HydrationInput, type RuleVersion } from "./dry-run.ts";
import { applyRuleChange, type RuleChange, ruleChanges } from "./rule-changes.ts";

/** What becomes of one change. */
export interface ReapplicationStep {
  readonly change: RuleChange;
  readonly verdict: "apply" | "refuse";
  /** The errors it would bring; empty when it is applied. */
  readonly findings: readonly Finding[];
}

/** Which changes of refused rules can be kept, one by one. */
export interface Reapplication {
  /** The changes to apply in the order of application, then the refused ones. */
  readonly steps: readonly ReapplicationStep[];
  /** The good rules with every change to apply, and nothing else; version and schema version are those of the good rules. */
  readonly rules: RuleVersion;
}

/**
 * Re-applies refused rules incrementally (RTE-03): each change alone, on top of the good rules and the changes kept so far, and only
 * when neither the static analysis nor a full dry run finds an error that the good rules do not have. A change that needs another
 * one first is tried again after it. What is kept never depends on the order of the rules in their document.
 */
export function planReapplication(options: {
  readonly good: RuleVersion;
  readonly refused: RuleVersion;
  readonly inputs: readonly HydrationInput[];
}): Reapplication {
  const { good, refused, inputs } = options;
  const tolerated = new Set(errorsOf(good, inputs).map(keyOf));
  const repeated = repeatedNames(refused);
  const applied: ReapplicationStep[] = [];
  let rules = good;
  let open = ruleChanges(good, refused).map((change): ReapplicationStep => ({ change, verdict: "refuse", findings: [] }));
  for (let progress = true; progress;) {
    progress = false;
    const left: ReapplicationStep[] = [];
    for (const { change } of open) {
      const trial = applyRuleChange(rules, change);
      const findings = repeated.has(`${change.part} ${change.name}`)
        ? diagnoseRules(refused)
        : errorsOf(trial, inputs).filter((finding) => !tolerated.has(keyOf(finding)));
      if (findings.length > 0) {
        left.push({ change, verdict: "refuse", findings });
        continue;
      }
      applied.push({ change, verdict: "apply", findings: [] });
      rules = trial;
      progress = true;
    }
    open = left;
  }
  return { steps: [...applied, ...open], rules };
}

function errorsOf(rules: RuleVersion, inputs: readonly HydrationInput[]): readonly Finding[] {
  const errors = diagnoseRules(rules);
  return errors.length > 0 ? errors : dryRunHydration(inputs, rules).findings.filter(({ severity }) => severity === "error");
}

function keyOf({ code, message }: Finding): string {
  return `${code} ${message}`;
}

/** Rules that share a name say two things at once; none of them is picked. */
function repeatedNames({ routing }: RuleVersion): ReadonlySet<string> {
  const names = [...routing.routes.map(({ id }) => `route ${id}`), ...routing.overrides.map(({ artifact }) => `override ${artifact}`)];
  return new Set(names.filter((name, index) => names.indexOf(name) !== index));
}
