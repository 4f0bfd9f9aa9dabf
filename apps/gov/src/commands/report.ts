import { basename } from "node:path";
import { type Command, UsageError } from "../command.ts";
import { openRoot, rootFlags } from "../root/open-root.ts";
import { createAsk } from "../serve/ask.ts";
import { renderReportPage } from "../serve/report-page.ts";
import { allSections } from "../serve/sections/all-sections.ts";

/** Prints the dashboard of a governed root as one file that needs nothing else. */
export const report: Command = {
  usage: "[root]",
  maxPositionals: 1,
  flags: { ...rootFlags, html: { type: "boolean", description: "print a web page; it loads nothing from elsewhere" } },
  examples: ["gov report --html", "gov report governance --html"],
  async run(context, call) {
    if (call.flags["html"] !== true) throw new UsageError("A report is a web page", "gov report --html > gov-report.html");
    const root = await openRoot(context, call, call.positionals[0]);
    context.progress("asking every command");
    const ask = createAsk(context, { commands: call.commands, keepMs: Number.POSITIVE_INFINITY, place: root });
    const madeAt = new Date(context.clock.now()).toISOString();
    const page = await renderReportPage(ask, allSections, { title: basename(root.directory), version: context.version, madeAt });
    return { data: { bytes: Buffer.byteLength(page) }, findings: [], view: [{ type: "raw", text: page }] };
  },
};
