import { planDue } from "@gov/gates/governance";
import { planBaselineSync } from "@gov/hydration/drift";
import { removeExpiredSnapshots } from "@gov/manifest/snapshot";
import type { Finding } from "@gov/schema";
import { formatUtc } from "@gov/telemetry";
import { type Block, type Call, type Command, isDryRun, type Mark } from "../command.ts";
import type { Context } from "../context.ts";
import { recordedActor } from "../root/actor.ts";
import { authorize } from "../root/authorize.ts";
import { dueFacts } from "../root/due-facts.ts";
import { snapshotsDue, takePeriodic } from "../root/due-snapshot.ts";
import { judgeDrift } from "../root/judge-drift.ts";
import { type Governed, loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/locate-root.ts";
import { promotionSite } from "../root/promotion-site.ts";
import { appendToLog, eventsOf, readLog } from "../root/root-log.ts";
import { writeBaseline } from "../root/routing-baseline.ts";
import { environmentSigner } from "../root/signing-key.ts";
import { waiverSite, writeWaiverDatabase } from "../root/waiver-site.ts";
import { waiverDatabasePath } from "../root/waivers.ts";

/** Does whatever is due by the passing of time, and nothing a second time; for cron and scheduled jobs. */
export const runDue: Command = {
  usage: "[root]",
  maxPositionals: 1,
  flags: rootFlags,
  examples: ["gov run-due", "gov run-due --dry-run", "gov run-due governance --format json"],
  async run(context, call) {
    const governed = await loadGoverned(context, call, call.positionals[0]);
    const actor = recordedActor(
      await authorize(context, call, { place: governed, deed: { action: "due:run", subject: { id: "run-due" } } }),
    );
    const done = [
      await runDrift(context, governed, call),
      await runSnapshot(context, governed, call),
      await runTimes(context, governed, { call, actor }),
      await runWaivers(context, governed, call),
    ].flat();
    return {
      data: { tasks: done.map(({ task, changed, says }) => ({ task, changed, says })), dryRun: isDryRun(call) },
      findings: done.flatMap(({ findings }) => findings),
      view: done.map(({ task, mark, says }): Block => ({ type: "line", mark, text: `${task}: ${says}` })),
    };
  },
};

/** What became of one thing that may be due. */
interface Done {
  readonly task: string;
  /** How much was changed, or would be in a dry run. */
  readonly changed: number;
  readonly mark: Mark;
  readonly says: string;
  readonly findings: readonly Finding[];
}

async function runDrift(context: Context, governed: Governed, call: Call): Promise<Done> {
  const task = "routing drift";
  if (governed.rules.routes === null && governed.rules.routeErrors.length === 0)
    return { task, changed: 0, mark: "none", says: "no approved routes", findings: [] };
  const { report, baseline, findings } = await judgeDrift(context, governed, call);
  const plan = planBaselineSync(report, { trigger: "periodic", baseline });
  const changed = plan.action === "write" ? 1 : 0;
  if (plan.action === "write" && !isDryRun(call)) await writeBaseline(context, governed.root, plan.text);
  const verb = isDryRun(call) ? "would sync the baseline" : "synced the baseline";
  const says = changed === 1 ? `${verb}: ${plan.reason}` : plan.reason;
  return { task, changed, mark: markOf(findings), says, findings };
}

async function runSnapshot(context: Context, governed: Governed, call: Call): Promise<readonly Done[]> {
  const site = promotionSite(context, governed.root.directory);
  const { isDue, reason, expired } = await snapshotsDue(context, governed, site);
  const signer = isDue ? await environmentSigner(context, governed.root.directory) : null;
  const dry = isDryRun(call);
  const snapshot: Omit<Done, "says" | "changed"> = { task: "snapshot", mark: "pass", findings: [] };
  const removed = dry ? expired.length : await removeExpiredSnapshots(expired, site);
  const retention: Done = {
    ...{ task: "retention", changed: removed, mark: "pass", findings: [] },
    says:
      expired.length === 0
        ? "every snapshot is to be kept"
        : `${dry ? "would remove" : "removed"} ${removed} of ${expired.length} snapshots whose time is over`,
  };
  if (!isDue) return [{ ...snapshot, changed: 0, says: `not due: ${reason}` }, retention];
  if (signer === null) return [{ ...snapshot, ...unsigned(reason), changed: 0 }, retention];
  const says = dry ? `would take one: ${reason}` : `took snapshot ${await takePeriodic(context, governed, { site, signer })}: ${reason}`;
  return [{ ...snapshot, changed: 1, says }, retention];
}

/** Nothing restores what nobody has signed, so that such a snapshot would only look like one. */
function unsigned(reason: string): Pick<Done, "says" | "mark" | "findings"> {
  const finding: Finding = {
    ...{ code: "CLI_SNAPSHOT_NOT_TAKEN", severity: "warning", path: null, line: null, column: null },
    message: `A snapshot is due (${reason}), and there is no key to sign it`,
    hint: "set GOV_SIGNING_KEY where gov run-due runs",
  };
  return { says: "due, but there is no key to sign it", mark: "warn", findings: [finding] };
}

/** Reviews, waivers and documentation: what is new goes to the log. */
async function runTimes(
  context: Context,
  governed: Governed,
  { call, actor }: { readonly call: Call; readonly actor: string },
): Promise<Done> {
  const { directory } = governed.root;
  const log = await readLog(context, directory);
  const facts = await dueFacts(context, governed, log);
  const { entries, findings } = planDue(facts, { recorded: eventsOf(log), asOf: formatUtc(context.clock.now()) });
  if (!isDryRun(call)) await appendToLog(context, directory, { entries, subject: "run-due", expectedSeq: log.seq, actor });
  const counts = new Map<string, number>();
  for (const { type } of entries) counts.set(type, (counts.get(type) ?? 0) + 1);
  const told = [...counts].map(([type, count]) => `${count} ${type}`).join(", ");
  const looked = `${facts.reviews.length} review dates, ${facts.waivers.length} waivers, ${facts.pages.length} described interfaces`;
  return {
    task: "reviews, waivers and documentation",
    changed: entries.length,
    mark: markOf(findings),
    says: entries.length === 0 ? `nothing new (${looked})` : `${isDryRun(call) ? "would tell" : "told"} the log: ${told}`,
    findings,
  };
}

/** The list of waivers for people and tools says of each how it stands now. */
async function runWaivers(context: Context, governed: Governed, call: Call): Promise<readonly Done[]> {
  const site = await waiverSite(context, governed);
  if (site.entries.length === 0) return [];
  const isDry = isDryRun(call);
  const isNew = await writeWaiverDatabase(context, governed.root.directory, { ...site, isDry });
  const says = isNew ? `${isDry ? "would write" : "wrote"} ${waiverDatabasePath} anew` : `${waiverDatabasePath} says how each stands`;
  return [{ task: "list of waivers", changed: isNew ? 1 : 0, mark: "pass", says, findings: [] }];
}

function markOf(findings: readonly Finding[]): Mark {
  if (findings.some(({ severity }) => severity === "error")) return "fail";
  return findings.some(({ severity }) => severity === "warning") ? "warn" : "pass";
}
