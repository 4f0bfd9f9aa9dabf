import { foldWaivers, judgeWaiver } from "@gov/gates/waivers";
import type { Block, Command } from "../command.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/locate-root.ts";
import { waiverSite } from "../root/waiver-site.ts";

/** Lists the waivers that the log has granted and not revoked, with the state of each now; `gov gate` says which are used. */
export const waiverList: Command = {
  usage: "",
  maxPositionals: 0,
  flags: rootFlags,
  examples: ["gov waiver list", "gov waiver list --as-of 2026-12-31T00:00:00Z"],
  async run(context, call) {
    const { entries, policy } = await waiverSite(context, await loadGoverned(context, call));
    const asOf = context.clock.now();
    const waivers = foldWaivers(entries).map((signed) => {
      const { state, reason } = judgeWaiver(signed, { policy, asOf });
      return { ...signed.waiver, signers: signed.signers, state, state_reason: reason };
    });
    const rows = waivers.map(({ id, rule, path, fingerprint, expires, signers, state, state_reason: reason }) => [
      id,
      reason === null ? "in force" : `${state}: ${reason}`,
      rule,
      path ?? (fingerprint === null ? "everywhere" : "one finding"),
      expires,
      signers.map(({ person, role }) => `${person} (${role})`).join(", "),
    ]);
    const none: Block = { type: "line", mark: "none", text: "No waiver; gov waiver grant gives one" };
    const table: Block = { type: "table", head: ["id", "state", "rule", "scope", "expires", "signed by"], rows };
    return { data: { policy, waivers }, findings: [], view: [waivers.length === 0 ? none : table] };
  },
};
