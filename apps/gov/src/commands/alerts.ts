import { enforcementModes, renderAlertRules, shippedAlerts } from "@gov/telemetry/alerts";
import { type Command, stringFlag, UsageError } from "../command.ts";

/** Prints every alert as a rule file for Prometheus. */
export const alerts: Command = {
  usage: "",
  maxPositionals: 0,
  flags: {
    mode: {
      type: "string",
      value: "<mode>",
      description: `whose severities are written: ${enforcementModes.join(", ")} (default: hard_block)`,
      words: enforcementModes,
    },
  },
  examples: ["gov alerts", "gov alerts --mode shadow"],
  run(_context, call) {
    const given = stringFlag(call, "mode") ?? "hard_block";
    const mode = enforcementModes.find((one) => one === given);
    if (mode === undefined) throw new UsageError(`There is no mode "${given}"`, `choose from ${enforcementModes.join(", ")}`);
    const rules = shippedAlerts.map(({ name, requirement, summary, severity }) => ({
      name,
      requirement,
      summary,
      severity: severity[mode],
    }));
    return Promise.resolve({
      data: { mode, alerts: rules },
      findings: [],
      view: [{ type: "raw" as const, text: renderAlertRules({ mode }) }],
    });
  },
};
