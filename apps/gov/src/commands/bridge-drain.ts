import { type Command, isDryRun } from "../command.ts";
import { readBridge } from "@gov/index-writer/bridge";
import { exitCodes } from "../exit-codes.ts";
import { authorize } from "../root/authorize.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/locate-root.ts";
import { bridgeFolder, drainQueue } from "../root/with-bridge.ts";

/** Delivers what waits in the queue to the record, in order; what the record refuses becomes a dead letter. */
export const bridgeDrain: Command = {
  usage: "",
  maxPositionals: 0,
  flags: rootFlags,
  examples: ["gov bridge drain", "gov bridge drain --dry-run"],
  async run(context, call) {
    const governed = await loadGoverned(context, call);
    await authorize(context, call, { place: governed, deed: { action: "bridge:drain", subject: { id: "bridge" } } });
    const { depth } = await readBridge(bridgeFolder(context, governed.root.directory), context);
    if (depth === 0 || isDryRun(call))
      return {
        data: { delivered: 0, dead: 0, waiting: depth },
        findings: [],
        view: [
          { type: "line", mark: depth === 0 ? "pass" : "none", text: depth === 0 ? "Nothing waits" : `Would deliver ${depth} entries` },
        ],
      };
    const { delivered, dead, failure } = await drainQueue(context, governed);
    const waiting = depth - delivered - dead;
    const isDone = dead === 0 && waiting === 0;
    return {
      data: { delivered, dead, waiting, failure },
      findings: [],
      exitCode: isDone ? undefined : exitCodes.io,
      view: [
        {
          type: "line",
          mark: isDone ? "pass" : "fail",
          text: `Delivered ${delivered} entries; ${dead} became dead letters, ${waiting} still wait${failure === null ? "" : `: ${failure}`}`,
        },
      ],
    };
  },
};
