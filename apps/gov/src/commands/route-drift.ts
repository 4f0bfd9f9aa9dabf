import { planBaselineSync, type RoutingChange, routingBaselineFile } from "@gov/hydration/drift";
import { type Block, type Command, isDryRun, type Mark } from "../command.ts";
import { authorize } from "../root/authorize.ts";
import { judgeDrift, type JudgedDrift } from "../root/judge-drift.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/open-root.ts";
import { writeBaseline } from "../root/routing-baseline.ts";

/** Compares where documents are routed today with the baseline; a periodic run may take over what is within the threshold. */
export const routeDrift: Command = {
  usage: "[root]",
  maxPositionals: 1,
  flags: {
    ...rootFlags,
    threshold: {
      type: "string",
      value: "<percent>",
      description: "part of the documents that may be routed otherwise (default: that of the preset)",
    },
    sync: { type: "boolean", description: "take over a drift within the threshold as the new baseline, for periodic runs" },
  },
  examples: ["gov route drift", "gov route drift --threshold 0", "gov route drift --sync --format json"],
  async run(context, call) {
    const governed = await loadGoverned(context, call, call.positionals[0]);
    const judged = await judgeDrift(context, governed, call);
    const { report, baseline, findings } = judged;
    const plan = planBaselineSync(report, { trigger: "periodic", baseline });
    const mayWrite = call.flags["sync"] === true;
    if (mayWrite)
      await authorize(context, call, { place: governed, deed: { action: "routing:sync", subject: { id: routingBaselineFile } } });
    const isWritten = mayWrite && !isDryRun(call) && plan.action === "write";
    if (isWritten) await writeBaseline(context, governed.root, plan.text);
    return {
      data: {
        outcome: report.outcome,
        driftPercent: report.ratio * 100,
        diff: report.diff,
        events: report.events,
        synced: isWritten,
        baseline: routingBaselineFile,
      },
      findings,
      view: [
        headline(judged),
        { type: "lines", lines: (report.diff?.changed ?? []).map(describeChange) },
        ...(mayWrite ? [{ type: "line", mark: "none", text: `${isWritten ? "Synced" : "Not synced"}: ${plan.reason}` } as const] : []),
      ],
    };
  },
};

const marks: Readonly<Record<JudgedDrift["report"]["outcome"], Mark>> = { none: "pass", within: "warn", beyond: "fail", unknown: "fail" };

function headline({ report: { outcome, diff } }: JudgedDrift): Block {
  const mark = marks[outcome];
  if (diff === null) return { type: "line", mark, text: "No drift can be told without a baseline" };
  const counts = `${diff.changed.length} of ${diff.compared} documents are routed otherwise, ${diff.added.length} new, ${diff.removed.length} gone`;
  return { type: "line", mark, text: diff.rulesChanged ? `${counts}; the rules have changed` : counts };
}

/** One changed route, as a person reads it. */
export function describeChange({ artifact, before, after }: RoutingChange): string {
  return `${artifact}: ${before.to ?? before.outcome} → ${after.to ?? after.outcome}`;
}
