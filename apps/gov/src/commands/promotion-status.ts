import { readPromotionBoard, readPromotionState } from "@gov/manifest/promotion";
import type { Command } from "../command.ts";
import { rootFlags } from "../root/locate-root.ts";
import { openRoot } from "../root/open-root.ts";
import { promotionSite } from "../root/promotion-site.ts";

/** Says what stands in each environment, which manifests are approved, and what freezes promotions. */
export const promotionStatus: Command = {
  usage: "",
  maxPositionals: 0,
  flags: rootFlags,
  examples: ["gov promotion status", "gov promotion status --format json"],
  async run(context, call) {
    const { directory } = await openRoot(context, call);
    const { journal, log } = promotionSite(context, directory);
    const { statuses, environments, frozenBy } = await readPromotionBoard(log);
    const { run, done } = await readPromotionState(journal, { fs: context.fs });
    const held = [...new Set([...frozenBy, ...(run === null ? [] : [run.name])])];
    return {
      data: { frozenBy: held, run, done, statuses: Object.fromEntries(statuses), environments: Object.fromEntries(environments) },
      findings: [],
      view: [
        held.length === 0
          ? { type: "line", mark: "pass", text: "Promotions are open" }
          : { type: "line", mark: "warn", text: `Promotions are frozen by ${held.join(", ")}` },
        { type: "values", rows: [...environments].map(([name, { digest, since }]) => [name, `${digest ?? "no manifest"} since ${since}`]) },
        { type: "values", rows: [...statuses].map(([digest, status]) => [status, digest]) },
      ],
    };
  },
};
