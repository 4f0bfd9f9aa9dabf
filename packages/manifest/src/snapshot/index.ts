/**
 * Snapshots of governed artifacts: taken whole, signed, verified object by object, restored so that a crash leaves the old state, the new one, or a marker.
 *
 * @example Take a snapshot, lose a file, and restore it
 * ```ts
 * import assert from "node:assert/strict";
 * import { generateKeyPairSync } from "node:crypto";
 * import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
 * import { createKeySigner } from "@gov/manifest/sign";
 * import { restoreSnapshot, selectSnapshot, takeSnapshot } from "@gov/manifest/snapshot";
 * import { createMemoryBackend, createObjectStore } from "@gov/manifest/storage";
 *
 * const now = Date.parse("2024-01-15T10:00:00Z");
 * const clock = { now: () => now, monotonicMs: () => 0 };
 * const backend = createMemoryBackend();
 * const store = createObjectStore(backend, { clock });
 * const ann = generateKeyPairSync("ed25519");
 * await mkdir("root");
 * await writeFile("root/plan.yaml", "status: approved\n");
 * const readArtifact = (path: string) => readFile(`root/${path}`);
 * const signers = [createKeySigner(ann.privateKey)];
 * await takeSnapshot({ trigger: "promotion", paths: ["plan.yaml"], readArtifact }, { store, backend, clock, signers });
 *
 * await rm("root/plan.yaml");
 * const publicKey = ann.publicKey.export({ type: "spki", format: "pem" }).toString();
 * const policy = { version: 1 as const, required: 1, keys: [{ person: "ann", role: "lead", publicKey }] };
 * const selected = await selectSnapshot(backend, { store, policy, at: "2024-01-15T10:00:00Z" });
 * await restoreSnapshot("root", selected, { store, clock });
 * assert.equal(await readFile("root/plan.yaml", "utf8"), "status: approved\n");
 * ```
 *
 * @packageDocumentation
 */
export type { Clock } from "../clock.ts";
export { archiveSnapshot, type ArchiveSnapshotOptions } from "./archive-snapshot.ts";
export { type ExpiredSnapshot, planSnapshotRetention, removeExpiredSnapshots, type SnapshotRetention } from "./expire-snapshots.ts";
export { judgeRecovery, type RecoveryObjectives } from "./judge-recovery.ts";
export type { Observer } from "./observer.ts";
export { type RecoveryRehearsal, rehearseRecovery, type RehearseRecoveryOptions } from "./rehearse-recovery.ts";
export { backUpSnapshots, repairSnapshots, type SnapshotBackupReport, type SnapshotRepairReport } from "./repair-snapshots.ts";
export {
  readRestoreMarker,
  type RestorableState,
  restoreMarkerName,
  type RestoreReport,
  restoreSnapshot,
  type RestoreSnapshotOptions,
} from "./restore-snapshot.ts";
export { decodeSnapshot, encodeSnapshot, type Snapshot, snapshotPredicate, type SnapshotTrigger, snapshotTriggers } from "./snapshot.ts";
export { listSnapshots, type SnapshotRecord } from "./snapshot-record.ts";
export { type TakenSnapshot, takeSnapshot, type TakeSnapshotInput, type TakeSnapshotOptions } from "./take-snapshot.ts";
export { selectSnapshot, type VerifiedSnapshot, verifySnapshot, type VerifySnapshotOptions } from "./verify-snapshot.ts";
