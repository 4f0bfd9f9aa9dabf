import { join } from "node:path";
import { type Command, InputError, isDryRun, requiredFlag, UsageError } from "../command.ts";
import { orRefuse } from "../or-refuse.ts";
import { authorize } from "../root/authorize.ts";
import { decisionArchives } from "../root/decision-log.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/locate-root.ts";
import { openLog } from "../root/open-log.ts";

/** Moves the first entries of the chained log into an archive beside it; archives and log go on being one log. */
export const auditArchive: Command = {
  usage: "",
  maxPositionals: 0,
  flags: { ...rootFlags, through: { type: "string", value: "<seq>", description: "the last entry that goes into the archive" } },
  examples: ["gov audit archive --through 1000 --dry-run", "gov audit archive --through 1000"],
  async run(context, call) {
    const through = requiredFlag(call, "through");
    if (!/^[1-9]\d{0,14}$/.test(through))
      throw new UsageError(`--through ${through} is no number of an entry`, "gov audit query lists them");
    const governed = await loadGoverned(context, call);
    const store = await openLog(context, governed.root.directory);
    await authorize(context, call, { place: governed, deed: { action: "audit:archive", subject: { id: store.shown } } });
    const isPlanned = isDryRun(call);
    const plan = await orRefuse(
      () => store.archive(Number(through), { isDryRun: isPlanned }),
      // Where the log can be cut depends on what stands in it.
      (message) => new InputError("CLI_NO_CUT", message, { hint: "gov audit query lists the entries" }),
    );
    if (plan === null) throw new InputError("CLI_NO_LOG", "There is no log to archive anything of");
    const path = plan.archive === null ? null : join(decisionArchives, plan.archive.name);
    const entries = plan.archive?.entries ?? 0;
    const text =
      path === null
        ? `Entry ${through} and all before it are in an archive already`
        : `${isPlanned ? "Would move" : "Moved"} ${entries} entr${entries === 1 ? "y" : "ies"} to ${path}${isPlanned ? "" : ": commit it with the log"}`;
    return {
      data: { archive: path, entries, archived: !isPlanned && path !== null },
      findings: [],
      view: [{ type: "line", mark: isPlanned ? "none" : "pass", text }],
    };
  },
};
