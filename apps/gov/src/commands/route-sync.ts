import { planBaselineSync, routingBaselineFile } from "@gov/hydration/drift";
import { type Command, isDryRun } from "../command.ts";
import { authorize } from "../root/authorize.ts";
import { judgeDrift } from "../root/judge-drift.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/open-root.ts";
import { writeBaseline } from "../root/routing-baseline.ts";
import { describeChange } from "./route-drift.ts";

/** Takes over the routing of today as the baseline that drift is told from, whatever it was. */
export const routeSync: Command = {
  usage: "[root]",
  maxPositionals: 1,
  flags: rootFlags,
  examples: ["gov route sync", "gov route sync --dry-run"],
  async run(context, call) {
    const governed = await loadGoverned(context, call, call.positionals[0]);
    const { report, baseline } = await judgeDrift(context, governed, call);
    const plan = planBaselineSync(report, { trigger: "command", baseline });
    await authorize(context, call, { place: governed, deed: { action: "routing:sync", subject: { id: routingBaselineFile } } });
    const isWritten = plan.action === "write" && !isDryRun(call);
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
