import { formatUtc } from "@gov/telemetry";
import { type Command, isDryRun } from "../command.ts";
import { recordedActor } from "../root/actor.ts";
import { authorize } from "../root/authorize.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/locate-root.ts";
import { openLog } from "../root/open-log.ts";

/** Joins the ends that a merge of branches has left in the chained log, so that it holds again; the entries of all branches stay. */
export const auditJoin: Command = {
  usage: "",
  maxPositionals: 0,
  flags: rootFlags,
  examples: ["gov audit join", "gov audit join --dry-run"],
  async run(context, call) {
    const governed = await loadGoverned(context, call);
    const { directory } = governed.root;
    const store = await openLog(context, directory);
    const deed = { action: "audit:join", subject: { id: store.shown } };
    const actor = await authorize(context, call, { place: governed, deed, isUnsettled: true });
    const heads = await store.heads();
    if (isDryRun(call))
      return {
        data: { heads, entry: null },
        findings: [],
        view: [{ type: "line", mark: "none", text: heads.length > 1 ? `Would join ${heads.length} ends` : "Nothing to join" }],
      };
    const entry = await store.join({ time: formatUtc(context.clock.now()), actor: recordedActor(actor) });
    return {
      data: { heads, entry },
      findings: [],
      view: [
        entry === null
          ? { type: "line", mark: "pass", text: "Nothing to join: the log has one end" }
          : { type: "line", mark: "pass", text: `Joined ${heads.length} ends in entry ${entry.seq}; next: gov audit verify` },
      ],
    };
  },
};
