import type { Finding } from "@gov/schema";
import { type Command, isDryRun, stringFlag } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { authorize } from "../root/authorize.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/locate-root.ts";
import { openLog } from "../root/open-log.ts";
import { readCheckpoint } from "../root/read-checkpoint.ts";

/** Cuts off a tail of the chained log that a crash has left and nobody was told of; its bytes are kept beside the log. Mends nothing else. */
export const auditRepair: Command = {
  usage: "",
  maxPositionals: 0,
  flags: {
    ...rootFlags,
    checkpoint: {
      type: "string",
      value: "<file>",
      description: "what gov audit checkpoint said earlier: nothing that it covers is cut off",
    },
    policy: { type: "string", value: "<file>", description: "whose signatures of it are enough (default: trust_policy.yaml in the root)" },
  },
  examples: ["gov audit repair --dry-run", "gov audit repair --checkpoint ~/checkpoint.json"],
  async run(context, call) {
    const kept = stringFlag(call, "checkpoint");
    const checkpoint = kept === undefined ? undefined : await readCheckpoint(context, call, kept);
    const governed = await loadGoverned(context, call);
    const store = await openLog(context, governed.root.directory);
    await authorize(context, call, { place: governed, deed: { action: "audit:repair", subject: { id: store.shown } }, isUnsettled: true });
    const read = await store.read(checkpoint);
    const findings = read?.report.findings ?? [];
    const isTail = ({ code }: Finding): boolean => code === "TELEMETRY_AUDIT_TAIL_UNVERIFIED";
    // Unjoined branches are not for this command to mend, and do not keep it from what is.
    const isTorn = findings.some(isTail) && findings.every((one) => isTail(one) || one.code === "TELEMETRY_AUDIT_FORK_UNJOINED");
    if (!isTorn)
      return {
        data: { cut: false },
        findings,
        exitCode: findings.length === 0 ? undefined : exitCodes.integrity,
        view: [
          findings.length === 0
            ? { type: "line", mark: "pass", text: "Nothing to repair: every entry holds" }
            : { type: "line", mark: "fail", text: "No crash leaves a log so: nothing was changed" },
        ],
      };
    if (!isDryRun(call)) await store.setTailAside(checkpoint);
    const text = isDryRun(call)
      ? "Would set aside the tail that does not hold"
      : `Set aside the tail that did not hold, as ${store.shown}.torn-…; next: gov audit verify`;
    return { data: { cut: !isDryRun(call) }, findings: [], view: [{ type: "line", mark: isDryRun(call) ? "none" : "pass", text }] };
  },
};
