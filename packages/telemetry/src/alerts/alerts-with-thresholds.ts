import { type AlertRule, shippedAlerts } from "./alert-rules.ts";

/** Numbers of alerts that the sources leave open (B-42); the thresholds in force of `@gov/schema` fit. */
export interface AlertThresholds {
  /** Free space below which the disk counts as nearly full, 0 to 100. */
  readonly minimumFreeSpacePercent: number;
  /** Waits for a lock in an hour above which somebody is told. */
  readonly lockContentionPerHour: number;
}

const thresholdOf: Readonly<Record<string, (thresholds: AlertThresholds) => number>> = {
  DiskNearlyFull: ({ minimumFreeSpacePercent }) => (100 - minimumFreeSpacePercent) / 100,
  LockContention: ({ lockContentionPerHour }) => lockContentionPerHour,
};

/**
 * Returns the shipped alerts with the numbers given.
 *
 * @throws RangeError for a percentage that is none, or a negative number.
 * @example Say later that a disk is nearly full
 * ```ts
 * import assert from "node:assert/strict";
 * import { alertsWithThresholds, renderAlertRules } from "@gov/telemetry/alerts";
 *
 * const rules = alertsWithThresholds({ minimumFreeSpacePercent: 5, lockContentionPerHour: 60 });
 * assert.match(renderAlertRules({ mode: "solo", rules }), /gov_disk_used_ratio > 0\.95/);
 * ```
 */
export function alertsWithThresholds(thresholds: AlertThresholds): readonly AlertRule[] {
  const { minimumFreeSpacePercent, lockContentionPerHour } = thresholds;
  if (!(minimumFreeSpacePercent >= 0 && minimumFreeSpacePercent <= 100))
    throw new RangeError(`Cannot watch free space of ${String(minimumFreeSpacePercent)} %: it must be from 0 to 100`);
  if (!(lockContentionPerHour >= 0))
    throw new RangeError(`Cannot watch ${String(lockContentionPerHour)} waits for a lock: it must not be negative`);
  return shippedAlerts.map((rule) => {
    const threshold = Object.hasOwn(thresholdOf, rule.name) ? thresholdOf[rule.name]?.(thresholds) : undefined;
    const { trigger } = rule;
    return threshold === undefined || trigger.kind !== "metric" ? rule : { ...rule, trigger: { ...trigger, threshold } };
  });
}
