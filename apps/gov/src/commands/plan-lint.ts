import { type LintedPlan, lintPlanText, type PlanField, planFields } from "@gov/gates/plan";
import { type Call, type Command, type Outcome, UsageError } from "../command.ts";
import type { Context } from "../context.ts";
import { readTextFile } from "../root/read-text-file.ts";

/** Lints a plan or a checklist in Markdown: sources, prerequisites, order, schedule, risks, traceability. */
export const planLint: Command = {
  usage: "<document>",
  maxPositionals: 1,
  flags: {
    require: {
      type: "string",
      value: "<field>",
      multiple: true,
      words: planFields,
      description: `fields that every task must have: ${planFields.join(", ")} (default: owner)`,
    },
    answer: { type: "string", value: "<id>", multiple: true, description: "a risk or gap of another document that a task must answer" },
  },
  examples: ["gov plan lint docs/plan.md", "gov plan lint docs/plan.md --require owner --require estimate --answer M-001"],
  async run(context, call) {
    const [linted, path] = await lintPlanFile(context, call);
    return planOutcome(linted, { path, findings: linted.findings });
  },
};

/** Reads and lints the document that a call names. */
export async function lintPlanFile(context: Context, call: Call): Promise<readonly [linted: LintedPlan, path: string]> {
  const [path] = call.positionals;
  if (path === undefined) throw new UsageError("Missing the plan to lint");
  const text = await readTextFile(context, path);
  const [require, mustAnswer] = [call.flags["require"], call.flags["answer"]] as readonly (readonly string[] | undefined)[];
  const fields = require as readonly PlanField[] | undefined;
  const unknown = (fields ?? []).filter((field) => !planFields.includes(field));
  if (unknown.length > 0) throw new UsageError(`Unknown field "${unknown.join('", "')}": expected ${planFields.join(", ")}`);
  return [lintPlanText(text, { path, require: fields, mustAnswer }), path];
}

/** What was found, as a person and a program read it. */
export function planOutcome(
  { kind, count }: LintedPlan,
  { path, findings }: { readonly path: string; readonly findings: LintedPlan["findings"] },
): Outcome {
  const what = kind === "plan" ? `${String(count)} tasks` : kind === "checklist" ? `${String(count)} items` : "no plan";
  return {
    data: { document: path, kind, count },
    findings,
    view: [{ type: "line", mark: findings.length === 0 ? "pass" : "fail", text: `${path}: ${what}, ${String(findings.length)} findings` }],
  };
}
