import type { Finding } from "@gov/schema";
import { finding } from "../finding-codes.ts";
import type { RecoveryRehearsal } from "./rehearse-recovery.ts";

/** What a recovery is promised to keep to. */
export interface RecoveryObjectives {
  /** How much work, in milliseconds, may be lost at most (RPO). */
  readonly recoveryPointMs: number;
  /** How long, in milliseconds, a restore may take at most (RTO). */
  readonly recoveryTimeMs: number;
}

/**
 * Holds a rehearsal of disaster recovery against what is promised (PRO-09); without a finding it has passed. `MANIFEST_RECOVERY_DIFFERS` when the two restores or what
 * the snapshot lists are not the same; `MANIFEST_RECOVERY_POINT_MISSED` and `MANIFEST_RECOVERY_TIME_MISSED` when it is over its objective, or was not measured.
 *
 * @example A restore that takes too long
 * ```ts
 * import assert from "node:assert/strict";
 * import { judgeRecovery } from "@gov/manifest/snapshot";
 *
 * const measured = { identical: true, recoveryPointMs: 60_000, recoveryTimeMs: 9_000 };
 * const findings = judgeRecovery(measured, { recoveryPointMs: 3_600_000, recoveryTimeMs: 5_000 });
 * assert.deepEqual(findings.map(({ code }) => code), ["MANIFEST_RECOVERY_TIME_MISSED"]);
 * ```
 */
export function judgeRecovery(
  { identical, recoveryPointMs, recoveryTimeMs }: Pick<RecoveryRehearsal, "identical" | "recoveryPointMs" | "recoveryTimeMs">,
  objectives: RecoveryObjectives,
): readonly Finding[] {
  // Not "greater than": what is no number keeps to no objective.
  const isKept = (measuredMs: number, limitMs: number): boolean => measuredMs <= limitMs;
  return [
    ...(identical
      ? []
      : [
          finding("MANIFEST_RECOVERY_DIFFERS", "Two restores of one snapshot do not both give what it lists", {
            hint: "rehearse in a folder that nobody else writes to, on a disk that keeps names as they are",
          }),
        ]),
    ...(isKept(recoveryPointMs, objectives.recoveryPointMs)
      ? []
      : [
          finding("MANIFEST_RECOVERY_POINT_MISSED", `A disaster now would lose what was done in the last ${String(recoveryPointMs)} ms`, {
            expected: `a recovery point of at most ${String(objectives.recoveryPointMs)} ms`,
            hint: "take snapshots more often",
          }),
        ]),
    ...(isKept(recoveryTimeMs, objectives.recoveryTimeMs)
      ? []
      : [
          finding("MANIFEST_RECOVERY_TIME_MISSED", `The recovery took ${String(recoveryTimeMs)} ms`, {
            expected: `a recovery time of at most ${String(objectives.recoveryTimeMs)} ms`,
            hint: "restore to a faster disk, or agree on another objective",
          }),
        ]),
  ];
}
