import { alertsWithThresholds, enforcementModes, renderAlertRules } from "@gov/telemetry/alerts";
import { type Command, stringFlag, UsageError } from "../command.ts";
import { rootFlags } from "../root/locate-root.ts";
import { thresholdsHere } from "../root/thresholds-here.ts";

/** Prints every alert as a rule file for Prometheus, with the thresholds of the root. */
export const alerts: Command = {
  usage: "",
  maxPositionals: 0,
  flags: {
    ...rootFlags,
    mode: {
      type: "string",
      value: "<mode>",
      description: `whose severities are written: ${enforcementModes.join(", ")} (default: hard_block)`,
      words: enforcementModes,
    },
  },
  examples: ["gov alerts", "gov alerts --mode shadow"],
  async run(context, call) {
    const given = stringFlag(call, "mode") ?? "hard_block";
    const mode = enforcementModes.find((one) => one === given);
    if (mode === undefined) throw new UsageError(`There is no mode "${given}"`, `choose from ${enforcementModes.join(", ")}`);
    const rules = alertsWithThresholds(await thresholdsHere(context, call));
    const alerts = rules.map(({ name, requirement, summary, severity }) => ({ name, requirement, summary, severity: severity[mode] }));
    return { data: { mode, alerts }, findings: [], view: [{ type: "raw", text: renderAlertRules({ mode, rules }) }] };
  },
};
