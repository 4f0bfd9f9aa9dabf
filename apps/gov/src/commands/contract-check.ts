import type { Command } from "../command.ts";
import { frameworkReport } from "../root/framework-report.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/open-root.ts";

/** Judges the documents, states and gates of a framework by its contract. */
export const contractCheck: Command = {
  usage: "[framework]",
  maxPositionals: 1,
  flags: rootFlags,
  examples: ["gov contract check", "gov contract check framework1", "gov contract check fwk-001 --root governance"],
  async run(context, call) {
    const governed = await loadGoverned(context, call);
    const { framework, artifacts, findings } = await frameworkReport(governed, call.positionals[0]);
    const text = `${framework}: ${artifacts} documents, ${findings.length} violations of its contract`;
    return {
      data: { framework, artifacts, violations: findings },
      findings,
      view: [{ type: "line", mark: findings.length === 0 ? "pass" : "fail", text }],
    };
  },
};
