import { complianceChecklist, renderComplianceChecklist } from "@gov/gates/governance";
import type { Command } from "../command.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/open-root.ts";

/** Shows the compliance checklist of the rules in force; it lists what is configured, and certifies nothing. */
export const policyReport: Command = {
  usage: "",
  maxPositionals: 0,
  flags: rootFlags,
  examples: ["gov policy report"],
  async run(context, call) {
    const { rules } = await loadGoverned(context, call);
    const areas = complianceChecklist(rules.rulebook.governance);
    return { data: { rulebook: rules.hash, areas }, findings: [], view: [{ type: "raw", text: renderComplianceChecklist(areas) }] };
  },
};
