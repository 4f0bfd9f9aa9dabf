import type { Preset, PresetThresholds } from "../presets/preset.ts";
import type { Rulebook } from "./rulebook.ts";

/**
 * Returns the numbers that the sources leave open as they are in force: those of the rulebook, and where it gives none those of its preset (B-42).
 *
 * @example Set one number otherwise
 * ```ts
 * import assert from "node:assert/strict";
 * import { thresholdsInForce } from "@gov/schema";
 * import { presets } from "@gov/schema/presets";
 *
 * const { recoveryPointHours, recoveryTimeHours } = thresholdsInForce({ thresholds: { recovery_point_hours: 1 } }, presets.be);
 * assert.deepEqual([recoveryPointHours, recoveryTimeHours], [1, 4]);
 * ```
 */
export function thresholdsInForce({ thresholds = {} }: Pick<Rulebook, "thresholds">, preset: Pick<Preset, "thresholds">): PresetThresholds {
  const given = preset.thresholds;
  return {
    ...given,
    coverageMinimumPercent: thresholds.coverage_minimum_percent ?? given.coverageMinimumPercent,
    routingDriftPercent: thresholds.routing_drift_percent ?? given.routingDriftPercent,
    minimumFreeSpacePercent: thresholds.minimum_free_space_percent ?? given.minimumFreeSpacePercent,
    recoveryPointHours: thresholds.recovery_point_hours ?? given.recoveryPointHours,
    recoveryTimeHours: thresholds.recovery_time_hours ?? given.recoveryTimeHours,
    meanTimeToRecoverHours: thresholds.mean_time_to_recover_hours ?? given.meanTimeToRecoverHours,
    lockContentionPerHour: thresholds.lock_contention_per_hour ?? given.lockContentionPerHour,
  };
}
