import { planBaselineSync, routingBaselineFile } from "@gov/hydration/drift";
import type { Command } from "../command.ts";
import { judgeDrift } from "../root/judge-drift.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/open-root.ts";
import { writeBaseline } from "../root/routing-baseline.ts";
import { describeChange } from "./route-drift.ts";

/** Takes over the routing of today as the baseline that drift is told from, whatever it was. */
export const routeSync: Command = {
  name: "route sync",
  summary: "Take over the routing of today as the baseline, whatever it was",
  usage: "[root]",
  maxPositionals: 1,
  flags: { ...rootFlags, "dry-run": { type: "boolean", description: "show what would change and write nothing" } },
  examples: ["gov route sync", "gov route sync --dry-run"],
  async run(context, call) {
    const governed = await loadGoverned(context, call, call.positionals[0]);
    const { report, baseline } = await judgeDrift(context, governed, call);
    const plan = planBaselineSync(report, { trigger: "command", baseline });
    const isWritten = plan.action === "write" && call.flags["dry-run"] !== true;
    if (isWritten) await writeBaseline(context, governed.root, plan.text ?? "");
    const changed = report.diff?.changed ?? [];
    return {
      data: { baseline: routingBaselineFile, action: plan.action, reason: plan.reason, written: isWritten, changed },
      findings: [],
      view: [
        {
          type: "line",
          mark: "pass",
          text:
            plan.action === "keep"
              ? `${routingBaselineFile}: ${plan.reason}`
              : `${isWritten ? "Wrote" : "Would write"} ${routingBaselineFile}`,
        },
        { type: "lines", lines: changed.map(describeChange) },
      ],
    };
  },
};
