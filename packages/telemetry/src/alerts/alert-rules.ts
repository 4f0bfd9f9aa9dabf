// module-size: every alert there is, read as a list
/** How strictly rules are enforced, mildest first (seed 2, 7.1). */
export const enforcementModes = ["solo", "shadow", "soft_block", "hard_block"] as const;

/** How strictly rules are enforced: the value of `AI_ENFORCEMENT_MODE`. */
export type EnforcementMode = (typeof enforcementModes)[number];

/** How much an alert weighs. */
export type AlertSeverity = "critical" | "info" | "warning";

/** A condition on one member of an event's payload. */
export interface FieldCondition {
  readonly field: string;
  /** `missing`: absent, null or empty. `above`: a number greater than `value`. `in`: a text among `values`. */
  readonly test:
    | { readonly is: "missing" }
    | { readonly is: "above"; readonly value: number }
    | { readonly is: "in"; readonly values: readonly string[] };
}

/** How a metric is read. */
export type MetricReading = "hourly" | "increase" | "p95" | "value";

/** What makes an alert fire. */
export type AlertTrigger =
  | {
      readonly kind: "event";
      /** Type of the event. */
      readonly type: string;
      readonly where?: FieldCondition | undefined;
      /** Type of the event about the same subject that ends it before `holdMs`. */
      readonly endedBy?: string | undefined;
    }
  | {
      readonly kind: "metric";
      readonly metric: string;
      /** `value`: as it stands. `increase`: since the evaluation before. `hourly`: since an hour ago. `p95`: of a histogram, over all it has seen. */
      readonly of: MetricReading;
      readonly comparison: "above" | "below";
      readonly threshold: number;
    };

/** One alert: what fires it, for how long, and what it weighs in each mode. */
export interface AlertRule {
  /** Name in CamelCase, unique. */
  readonly name: string;
  /** Requirement it implements. */
  readonly requirement: string;
  readonly summary: string;
  readonly trigger: AlertTrigger;
  /** How long a metric's condition must last before it fires. @default 0 */
  readonly forMs?: number | undefined;
  /** How long it keeps firing after the last event or increase. @default {@link defaultHoldMs} */
  readonly holdMs?: number | undefined;
  readonly severity: Readonly<Record<EnforcementMode, AlertSeverity>>;
  /** True when a firing calls the breach hook, which opens a ticket (ALR-13). @default false */
  readonly isBreach?: boolean | undefined;
}

/** How long an event's alert fires when nothing ends it: one day. */
export const defaultHoldMs = 86_400_000;

/** What blocks a hand-off weighs as much as the mode blocks. */
const blocking = { solo: "info", shadow: "info", soft_block: "warning", hard_block: "critical" } as const;
/** What undermines trust in the record is never a mere note. */
const integrity = { solo: "warning", shadow: "warning", soft_block: "critical", hard_block: "critical" } as const;
/** What only slows things down never weighs most. */
const operational = { solo: "info", shadow: "info", soft_block: "warning", hard_block: "warning" } as const;

/** Changes of a toggle, waiver or enforcement mode: as events of old name them, and as areas and verbs of permissions. */
const guardedActions: readonly string[] = [
  ...["enforcement.change", "toggle.change", "waiver.grant"],
  ...["mode:set", "waiver:approve", "waiver:grant", "waiver:revoke", "flag:set", "promotion:freeze", "promotion:unfreeze"],
];

/** The alerts of the sources (ALR-01 to ALR-13); numbers they leave open are defaults here, to be replaced by configuration (B-42). */
export const shippedAlerts: readonly AlertRule[] = [
  onEvent("DriftDetected", {
    requirement: "ALR-01",
    type: "drift.detected",
    endedBy: "drift.resolved",
    severity: blocking,
    summary: "Artifacts have drifted from what was approved",
  }),
  onEvent("RoutingConflict", {
    requirement: "ALR-02",
    type: "routing.conflict",
    endedBy: "routing.resolved",
    severity: blocking,
    summary: "Two routing entries claim the same path",
  }),
  onEvent("HydrationNondeterministic", {
    requirement: "ALR-03",
    type: "hydration.nondeterministic",
    severity: integrity,
    summary: "The same candidates gave different artifacts",
  }),
  onEvent("UnsignedSnapshotUsed", {
    requirement: "ALR-04",
    type: "snapshot.unsigned_use",
    severity: integrity,
    summary: "A snapshot without a valid signature was used",
  }),
  onEvent("GateFailedWithoutCheckpoint", {
    ...{ requirement: "ALR-05", type: "gate.failed", where: { field: "rollback_checkpoint", test: { is: "missing" } } },
    ...{ endedBy: "gate.passed", severity: blocking, summary: "A gate failed, and there is no checkpoint to go back to" },
  }),
  onEvent("SecurityBlockWithoutWaiver", {
    ...{ requirement: "ALR-06", type: "security.blocked", where: { field: "waiver_id", test: { is: "missing" } } },
    ...{ endedBy: "security.cleared", severity: blocking, summary: "A security rule blocks, and no waiver covers it" },
  }),
  onEvent("PlannerConfirmationRequired", {
    requirement: "ALR-07",
    type: "ci.planner_unconfirmed",
    endedBy: "ci.planner_confirmed",
    severity: blocking,
    summary: "CI waits for the planner's confirmation",
  }),
  // Whoever tells of it has compared it with the threshold in force; another one here would hide what is beyond the first.
  onEvent("RoutingDriftBeyondThreshold", {
    ...{ requirement: "ALR-08", type: "routing.drift", where: { field: "drift_percent", test: { is: "above", value: 0 } } },
    ...{ endedBy: "routing.resolved", severity: blocking, summary: "More routes have drifted than the threshold allows" },
  }),
  onMetric("DualWriteDivergence", {
    requirement: "ALR-09",
    metric: "gov_dual_write_mismatches_total",
    of: "increase",
    above: 0,
    severity: integrity,
    summary: "The two sides of a dual write differ",
  }),
  onMetric("DirectReadStragglers", {
    requirement: "ALR-10",
    metric: "gov_direct_reads_total",
    of: "increase",
    above: 0,
    severity: operational,
    summary: "Readers still go around the index",
  }),
  onEvent("UnauthorisedAttempt", {
    ...{
      requirement: "ALR-11",
      type: "access.denied",
      where: { field: "action", test: { is: "in", values: guardedActions } },
    },
    ...{ severity: integrity, summary: "Somebody tried to change a toggle, waiver or enforcement mode without the right to" },
  }),
  onMetric("BridgeQueueDeep", {
    requirement: "ALR-12",
    metric: "gov_bridge_queue_depth",
    of: "value",
    above: 1000,
    forMs: 60_000,
    severity: operational,
    summary: "Writes pile up in the bridge",
  }),
  onMetric("BridgeLagging", {
    requirement: "ALR-12",
    metric: "gov_bridge_lag_seconds",
    of: "value",
    above: 60,
    forMs: 60_000,
    severity: operational,
    summary: "The bridge is behind",
  }),
  onMetric("BridgeErrors", {
    requirement: "ALR-12",
    metric: "gov_bridge_errors_total",
    of: "increase",
    above: 0,
    severity: blocking,
    summary: "Writes of the bridge fail",
  }),
  onMetric("AtomicWriteFailures", {
    requirement: "ALR-12",
    metric: "gov_atomic_write_failures_total",
    of: "increase",
    above: 0,
    severity: blocking,
    summary: "Atomic writes fail",
  }),
  onMetric("ReportUpdateSlow", {
    requirement: "ALR-12",
    metric: "gov_report_update_duration_seconds",
    of: "p95",
    above: 5,
    severity: operational,
    summary: "Reports are updated slowly",
  }),
  onMetric("DiskNearlyFull", {
    requirement: "ALR-12",
    metric: "gov_disk_used_ratio",
    of: "value",
    above: 0.9,
    forMs: 60_000,
    severity: operational,
    summary: "The disk is nearly full",
  }),
  onMetric("DiskSpaceLow", {
    requirement: "ALR-12",
    metric: "gov_disk_free_bytes",
    of: "value",
    below: 1_073_741_824,
    severity: blocking,
    summary: "Less than 1 GiB is free",
  }),
  onMetric("LockContention", {
    requirement: "AIO-12",
    metric: "gov_lock_contention_total",
    of: "hourly",
    above: 60,
    severity: operational,
    summary: "Writers wait for a lock more often than they may in an hour",
  }),
  onEvent("DocsStale", {
    requirement: "ALR-13",
    type: "docs.stale",
    endedBy: "docs.refreshed",
    isBreach: true,
    severity: operational,
    summary: "Documentation is older than its freshness allows",
  }),
];

type EventRest = Omit<AlertRule, "name" | "trigger"> & {
  readonly type: string;
  readonly where?: FieldCondition;
  readonly endedBy?: string;
};

function onEvent(name: string, { type, where, endedBy, ...rest }: EventRest): AlertRule {
  return { name, trigger: { kind: "event", type, where, endedBy }, ...rest };
}

type MetricRest = Omit<AlertRule, "name" | "trigger"> & { readonly metric: string; readonly of: MetricReading } & (
    { readonly above: number; readonly below?: never } | { readonly below: number; readonly above?: never }
  );

function onMetric(name: string, { metric, of, above, below, ...rest }: MetricRest): AlertRule {
  const limit =
    above === undefined ? ({ comparison: "below", threshold: below } as const) : ({ comparison: "above", threshold: above } as const);
  return { name, trigger: { kind: "metric", metric, of, ...limit }, ...rest };
}
