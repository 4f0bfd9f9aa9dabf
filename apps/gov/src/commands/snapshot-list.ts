import { listSnapshots } from "@gov/manifest/snapshot";
import type { Command } from "../command.ts";
import { rootFlags } from "../root/locate-root.ts";
import { openRoot } from "../root/open-root.ts";
import { promotionSite } from "../root/promotion-site.ts";

/** Lists the snapshots of a root, oldest first; verifies none. */
export const snapshotList: Command = {
  usage: "",
  maxPositionals: 0,
  flags: rootFlags,
  examples: ["gov snapshot list"],
  async run(context, call) {
    const { directory } = await openRoot(context, call);
    const records = await listSnapshots(promotionSite(context, directory).backend);
    const snapshots = records.map(({ sequence, snapshot, takenAt, envelope }) => ({
      sequence,
      digest: snapshot,
      takenAt,
      signatures: envelope?.signatures.length ?? 0,
    }));
    return {
      data: { snapshots },
      findings: [],
      view: [
        snapshots.length === 0
          ? { type: "line", mark: "warn", text: "There is no snapshot" }
          : {
              type: "table",
              head: ["snapshot", "taken at", "signatures", "digest"],
              rows: snapshots.map((one) => [String(one.sequence), one.takenAt, String(one.signatures), one.digest]),
            },
      ],
    };
  },
};
