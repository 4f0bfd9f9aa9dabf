import { backUpSnapshots, repairSnapshots } from "@gov/manifest/snapshot";
import { type Command, isDryRun, UsageError } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { authorize } from "../root/authorize.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/locate-root.ts";
import { promotionSite, storeAt } from "../root/promotion-site.ts";

/** Copies the store of snapshots to a backup; damage is never copied. */
export const snapshotBackup: Command = {
  usage: "<folder>",
  maxPositionals: 1,
  flags: rootFlags,
  examples: ["gov snapshot backup /mnt/backup/gov-store"],
  async run(context, call) {
    const [folder] = call.positionals;
    if (folder === undefined) throw new UsageError("Missing the folder of the backup");
    const governed = await loadGoverned(context, call);
    await authorize(context, call, { place: governed, deed: { action: "snapshot:backup", subject: { id: "snapshots" } } });
    if (isDryRun(call))
      return { data: { done: false }, findings: [], view: [{ type: "line", mark: "none", text: `Would back up to ${folder}` }] };
    const report = await backUpSnapshots(promotionSite(context, governed.root.directory), storeAt(context, folder));
    const { copied, damaged, snapshots } = report;
    return {
      data: { done: true, ...report },
      findings: [],
      exitCode: damaged.length > 0 ? exitCodes.integrity : exitCodes.ok,
      view: [
        { type: "line", mark: "pass", text: `Copied ${copied.length} objects and ${snapshots} snapshots to ${folder}` },
        ...(damaged.length === 0
          ? []
          : [{ type: "line", mark: "fail", text: `${damaged.length} objects are damaged: gov snapshot repair brings them back` } as const]),
      ],
    };
  },
};

/** Brings back from a backup what is damaged or missing in the store of snapshots. */
export const snapshotRepair: Command = {
  usage: "<folder>",
  maxPositionals: 1,
  flags: rootFlags,
  examples: ["gov snapshot repair /mnt/backup/gov-store"],
  async run(context, call) {
    const [folder] = call.positionals;
    if (folder === undefined) throw new UsageError("Missing the folder of the backup");
    const governed = await loadGoverned(context, call);
    await authorize(context, call, { place: governed, deed: { action: "snapshot:repair", subject: { id: "snapshots" } } });
    if (isDryRun(call))
      return { data: { done: false }, findings: [], view: [{ type: "line", mark: "none", text: `Would repair from ${folder}` }] };
    const report = await repairSnapshots(promotionSite(context, governed.root.directory), storeAt(context, folder));
    const { checked, repaired, lost, snapshots } = report;
    return {
      data: { done: true, ...report },
      findings: [],
      exitCode: lost.length > 0 ? exitCodes.integrity : exitCodes.ok,
      view: [
        { type: "line", mark: "pass", text: `Brought back ${repaired.length} of ${checked} objects and ${snapshots.length} snapshots` },
        ...(lost.length === 0 ? [] : [{ type: "line", mark: "fail", text: `${lost.length} objects are whole in neither place` } as const]),
      ],
    };
  },
};
