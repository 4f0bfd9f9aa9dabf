import { resolve } from "node:path";
import { judgeRecovery, rehearseRecovery } from "@gov/manifest/snapshot";
import { formatUtc } from "@gov/telemetry";
import { type Command, isDryRun, UsageError } from "../command.ts";
import { authorize } from "../root/authorize.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/locate-root.ts";
import { promotionSite } from "../root/promotion-site.ts";
import { requireTrustPolicy } from "../root/trust-policy.ts";

const hourMs = 3_600_000;

/** Restores the newest signed snapshot into a scratch folder, twice, and holds how old it is and how long that took against what is promised. */
export const drRehearse: Command = {
  usage: "<scratch>",
  maxPositionals: 1,
  flags: rootFlags,
  examples: ["gov dr rehearse ../scratch"],
  async run(context, call) {
    const [scratch] = call.positionals;
    if (scratch === undefined) throw new UsageError("Missing the scratch folder to restore into");
    const governed = await loadGoverned(context, call);
    const { directory } = governed.root;
    const policy = await requireTrustPolicy(context, directory);
    await authorize(context, call, { place: governed, deed: { action: "dr:rehearse", subject: { id: "recovery" } } });
    if (isDryRun(call))
      return { data: { rehearsed: false }, findings: [], view: [{ type: "line", mark: "none", text: `Would restore into ${scratch}` }] };
    const { backend, store } = promotionSite(context, directory);
    const { clock, fs } = context;
    const folder = resolve(context.cwd, scratch);
    context.writesBelow(folder);
    const report = await rehearseRecovery(folder, { backend, store, policy, clock, fs, at: formatUtc(clock.now()) });
    const { artifacts, identical, recoveryPointMs, recoveryTimeMs, snapshot } = report;
    const { recoveryPointHours, recoveryTimeHours } = governed.rules.thresholds;
    const findings = judgeRecovery(report, {
      recoveryPointMs: recoveryPointHours * hourMs,
      recoveryTimeMs: recoveryTimeHours * hourMs,
    });
    const what = identical ? "with one result" : "with different results";
    return {
      data: { rehearsed: true, ...report },
      findings,
      view: [
        { type: "line", mark: findings.length === 0 ? "pass" : "fail", text: `Restored ${artifacts} documents twice ${what}` },
        {
          type: "values",
          rows: [
            ["snapshot", snapshot],
            ["recovery point", `${recoveryPointMs} ms, of ${recoveryPointHours} h promised`],
            ["recovery time", `${recoveryTimeMs} ms, of ${recoveryTimeHours} h promised`],
          ],
        },
      ],
    };
  },
};
