import type { CommandEntry } from "../command.ts";

/** What is done with what was sealed: promotions, verification reports, snapshots, rollbacks and what others may verify. */
export const releaseCommands: readonly CommandEntry[] = [
  {
    name: "promotion status",
    summary: "Show what stands in each environment, and what freezes",
    action: null,
    load: async () => (await import("../commands/promotion-status.ts")).promotionStatus,
  },
  {
    name: "promotion review",
    summary: "Hand a sealed manifest over for review",
    action: "promotion:review",
    load: async () => (await import("../commands/promotion-mark.ts")).promotionReview,
  },
  {
    name: "promotion approve",
    summary: "Approve a reviewed manifest that others than its author signed",
    action: "promotion:approve",
    load: async () => (await import("../commands/promotion-mark.ts")).promotionApprove,
  },
  {
    name: "promotion withdraw",
    summary: "Take a manifest back to draft: it goes no further",
    action: "promotion:withdraw",
    load: async () => (await import("../commands/promotion-mark.ts")).promotionWithdraw,
  },
  {
    name: "promotion run",
    summary: "Promote an approved manifest to its next environment",
    action: "promotion:run",
    load: async () => (await import("../commands/promotion-run.ts")).promotionRun,
  },
  {
    name: "promotion freeze",
    summary: "Freeze promotions for everybody who reads the log",
    action: "promotion:freeze",
    load: async () => (await import("../commands/promotion-freeze.ts")).promotionFreeze,
  },
  {
    name: "promotion unfreeze",
    summary: "Lift a freeze once the documents check without an error",
    action: "promotion:unfreeze",
    load: async () => (await import("../commands/promotion-unfreeze.ts")).promotionUnfreeze,
  },
  {
    name: "reports close",
    summary: "Verify a vertical again and report what came of it",
    action: "reports:write",
    load: async () => (await import("../commands/reports-close.ts")).reportsClose,
  },
  {
    name: "reports refresh",
    summary: "Write the summary and the master report again",
    action: "reports:write",
    load: async () => (await import("../commands/reports-refresh.ts")).reportsRefresh,
  },
  {
    name: "reports freeze",
    summary: "Freeze the reports once all pass; decisions go to the log",
    action: "reports:freeze",
    load: async () => (await import("../commands/reports-freeze.ts")).reportsFreeze,
  },
  {
    name: "snapshot take",
    summary: "Keep the governed documents as they are, signed",
    action: "snapshot:take",
    load: async () => (await import("../commands/snapshot-take.ts")).snapshotTake,
  },
  {
    name: "snapshot list",
    summary: "List the snapshots, oldest first",
    action: null,
    load: async () => (await import("../commands/snapshot-list.ts")).snapshotList,
  },
  {
    name: "snapshot backup",
    summary: "Copy the store of snapshots to a backup; damage is never copied",
    action: "snapshot:backup",
    load: async () => (await import("../commands/snapshot-backup.ts")).snapshotBackup,
  },
  {
    name: "snapshot repair",
    summary: "Bring back from a backup what the store of snapshots lacks",
    action: "snapshot:repair",
    load: async () => (await import("../commands/snapshot-backup.ts")).snapshotRepair,
  },
  {
    name: "snapshot archive",
    summary: "Write the newest signed snapshot as a tar archive",
    action: "snapshot:archive",
    load: async () => (await import("../commands/snapshot-archive.ts")).snapshotArchive,
  },
  {
    name: "snapshot rekey",
    summary: "Encrypt the store of snapshots with the current key",
    action: "snapshot:rekey",
    load: async () => (await import("../commands/snapshot-rekey.ts")).snapshotRekey,
  },
  {
    name: "playbook run",
    summary: "Roll back by a playbook, or go on with such a run",
    action: "playbook:run",
    load: async () => (await import("../commands/playbook-run.ts")).playbookRun,
  },
  {
    name: "dr rehearse",
    summary: "Restore the newest snapshot elsewhere, twice, and measure",
    action: "dr:rehearse",
    load: async () => (await import("../commands/dr-rehearse.ts")).drRehearse,
  },
  {
    name: "sbom",
    summary: "Print the SPDX bill of materials of a workspace",
    action: null,
    load: async () => (await import("../commands/sbom.ts")).sbom,
  },
  {
    name: "digests",
    summary: "Print what was built from a commit, by digest, or check it",
    action: null,
    load: async () => (await import("../commands/digests.ts")).digests,
  },
  {
    name: "attest",
    summary: "Print a signed attestation of a file",
    action: null,
    load: async () => (await import("../commands/attest.ts")).attest,
  },
  {
    name: "attest build",
    summary: "Print a signed provenance of what was built",
    action: null,
    load: async () => (await import("../commands/attest.ts")).attestBuild,
  },
  {
    name: "attest verify",
    summary: "Verify an attestation of a file, without any network",
    action: null,
    load: async () => (await import("../commands/attest.ts")).attestVerify,
  },
];
