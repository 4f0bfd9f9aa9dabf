import { isIndexError } from "@gov/index-writer";
import type { Runbook } from "@gov/index-writer/verification";
import { foldWaivers, isWaiverEntry } from "@gov/gates/waivers";
import type { Rulebook } from "@gov/schema";
import { type Command, isDryRun, type Outcome } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { recordedActor } from "../root/actor.ts";
import { authorize } from "../root/authorize.ts";
import { requireEnvironment } from "../root/environment.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/locate-root.ts";
import { promotionSite } from "../root/promotion-site.ts";
import { eventsOf, readLog, type RootLog } from "../root/root-log.ts";
import { withReports } from "../root/verification-reports.ts";

/** Freezes the verification reports: every vertical has passed and the mode is `hard_block`, or it says what is missing. */
export const reportsFreeze: Command = {
  usage: "",
  maxPositionals: 0,
  flags: rootFlags,
  examples: ["gov reports freeze"],
  async run(context, call) {
    const governed = await loadGoverned(context, call);
    const { root, rules } = governed;
    const { directory } = root;
    const actor = await authorize(context, call, { place: governed, deed: { action: "reports:freeze", subject: { id: "VERIFICATION" } } });
    if (isDryRun(call))
      return {
        data: { frozen: false },
        findings: [],
        view: [{ type: "line", mark: "none", text: "Would freeze the verification reports" }],
      };
    const log = await readLog(context, directory);
    const { enforcement } = await requireEnvironment(context, { directory, log, rules });
    const at = new Date(context.clock.now()).toISOString();
    const runbook = runbookOf({ rulebook: rules.rulebook, log, at });
    try {
      const { frozen, verticals } = await withReports(context, root, (reports) =>
        reports.freeze({ mode: enforcement.mode, actor: recordedActor(actor), at, log: promotionSite(context, directory).log, runbook }),
      );
      return {
        data: { frozen, verticals: verticals.map(({ vertical }) => vertical) },
        findings: [],
        view: [{ type: "line", mark: "pass", text: `Froze the reports of ${verticals.length} verticals; the runbook stands in README.md` }],
      };
    } catch (error) {
      if (isIndexError(error) && error.code === "INDEX_VERIFICATION_REFUSED") return notDue(error.details["reasons"] as readonly string[]);
      throw error;
    }
  },
};

function notDue(reasons: readonly string[]): Outcome {
  return {
    data: { frozen: false, reasons },
    findings: [],
    exitCode: exitCodes.findings,
    view: [
      { type: "line", mark: "fail", text: "The reports cannot be frozen yet" },
      { type: "lines", lines: reasons },
    ],
  };
}

/** What whoever is on call needs, from what is in force. */
function runbookOf(from: { readonly rulebook: Pick<Rulebook, "rbac">; readonly log: RootLog; readonly at: string }): Runbook {
  const { rulebook, log, at } = from;
  const waivers = foldWaivers(eventsOf(log).filter(isWaiverEntry)).map(({ waiver }) => waiver);
  return {
    commands: ["gov check", "gov index --check", "gov manifest verify", "gov audit verify"],
    rollbacks: ["gov route rollback --write", "gov playbook run promotion --run <id>", "gov index --rebuild"],
    waivers: waivers
      .filter(({ not_before: from, expires }) => Date.parse(from) <= Date.parse(at) && Date.parse(at) < Date.parse(expires))
      .map(({ id, rule, expires, reason }) => `${id}: ${rule} until ${expires}, ${reason}`),
    contacts: Object.entries(rulebook.rbac?.actors ?? {}).map(([name, roles]) => `${name}: ${roles.join(", ")}`),
  };
}
