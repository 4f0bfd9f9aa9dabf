import { type Command, isDryRun } from "../command.ts";
import { authorize } from "../root/authorize.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/locate-root.ts";
import { withReports } from "../root/verification-reports.ts";

/** Writes `summary.json` and `master_report.md` again from the findings of all verticals, both or neither. */
export const reportsRefresh: Command = {
  usage: "",
  maxPositionals: 0,
  flags: rootFlags,
  examples: ["gov reports refresh"],
  async run(context, call) {
    const governed = await loadGoverned(context, call);
    await authorize(context, call, { place: governed, deed: { action: "reports:write", subject: { id: "VERIFICATION/summary.json" } } });
    if (isDryRun(call))
      return {
        data: { written: false },
        findings: [],
        view: [{ type: "line", mark: "none", text: "Would write summary and master report" }],
      };
    return withReports(context, governed.root, async (reports) => {
      await reports.refresh();
      const { status, verticals } = reports.state();
      return {
        data: { written: true, status, verticals: Object.fromEntries(verticals.map((each) => [each.vertical, each.status])) },
        findings: [],
        view: [
          { type: "line", mark: status === "PASS" ? "pass" : "warn", text: `VERIFICATION/summary.json: ${status}` },
          { type: "values", rows: verticals.map((each) => [each.vertical, each.status] as const) },
        ],
      };
    });
  },
};
