import { readBridge } from "@gov/index-writer/bridge";
import { type Command, isDryRun, UsageError } from "../command.ts";
import { authorize } from "../root/authorize.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/locate-root.ts";
import { bridgeFolder, withQueue } from "../root/with-bridge.ts";

/** Puts dead letters back in the queue, at their old place in the order. */
export const bridgeRedrive: Command = {
  usage: "[seq]",
  maxPositionals: 1,
  flags: rootFlags,
  examples: ["gov bridge redrive", "gov bridge redrive 17"],
  async run(context, call) {
    const [given] = call.positionals;
    if (given !== undefined && !/^[1-9]\d{0,14}$/.test(given))
      throw new UsageError(`"${given}" is no number of an entry`, "gov bridge lists dead letters");
    const governed = await loadGoverned(context, call);
    await authorize(context, call, { place: governed, deed: { action: "bridge:redrive", subject: { id: "bridge" } } });
    const { deadLetters } = await readBridge(bridgeFolder(context, governed.root.directory), context);
    const wanted = deadLetters.filter(({ seq }) => given === undefined || seq === Number(given)).map(({ seq }) => seq);
    if (wanted.length > 0 && !isDryRun(call)) await withQueue(context, governed, (bridge) => bridge.redrive(wanted));
    const text =
      wanted.length === 0
        ? "No dead letter"
        : `${isDryRun(call) ? "Would put" : "Put"} ${wanted.length} dead letters back; next: gov bridge drain`;
    return { data: { redriven: wanted, dryRun: isDryRun(call) }, findings: [], view: [{ type: "line", mark: "pass", text }] };
  },
};
