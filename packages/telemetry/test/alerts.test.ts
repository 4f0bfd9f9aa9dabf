import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDocument } from "@gov/schema";
import {
  type AlertEvent,
  type AlertNotice,
  type Alerts,
  type AlertsOptions,
  alertsWithThresholds,
  createAlerts,
  type EnforcementMode,
  enforcementModes,
  renderAlertRules,
  shippedAlerts,
} from "@gov/telemetry/alerts";
import { createMetrics, type Metrics, metricSets, shippedMetrics } from "@gov/telemetry/metrics";
import { describe, expect, it } from "vitest";
import { fakeClock } from "./telemetry-fakes.ts";

interface Watch {
  readonly alerts: Alerts;
  readonly notices: AlertNotice[];
  readonly move: (ms: number) => void;
  readonly set: (ms: number) => void;
  readonly metrics: Metrics;
  readonly evaluate: () => void;
}

function watch(more: Partial<AlertsOptions> = {}): Watch {
  const clock = fakeClock(1_000_000);
  const notices: AlertNotice[] = [];
  const metrics = createMetrics();
  for (const set of metricSets) metrics.register(...shippedMetrics[set]);
  const alerts = createAlerts({ clock, mode: () => "hard_block", sink: { notify: (notice) => void notices.push(notice) }, ...more });
  return { alerts, notices, metrics, move: clock.move, set: clock.set, evaluate: () => alerts.evaluate(metrics.snapshot()) };
}

const event = (type: string, payload: AlertEvent["payload"] = {}): AlertEvent => ({ type, subject: "s", payload });

const cases: readonly (readonly [requirement: string, name: string, fires: AlertEvent, quiet: AlertEvent])[] = [
  ["ALR-01", "DriftDetected", event("drift.detected"), event("drift.checked")],
  ["ALR-02", "RoutingConflict", event("routing.conflict"), event("routing.routed")],
  ["ALR-03", "HydrationNondeterministic", event("hydration.nondeterministic"), event("hydration.selected")],
  ["ALR-04", "UnsignedSnapshotUsed", event("snapshot.unsigned_use"), event("snapshot.used")],
  [
    "ALR-05",
    "GateFailedWithoutCheckpoint",
    event("gate.failed", { rollback_checkpoint: null }),
    event("gate.failed", { rollback_checkpoint: "c1" }),
  ],
  ["ALR-06", "SecurityBlockWithoutWaiver", event("security.blocked"), event("security.blocked", { waiver_id: "w1" })],
  ["ALR-07", "PlannerConfirmationRequired", event("ci.planner_unconfirmed"), event("ci.planner_confirmed")],
  ["ALR-08", "RoutingDriftBeyondThreshold", event("routing.drift", { drift_percent: 0.1 }), event("routing.drift", { drift_percent: 0 })],
  ["ALR-11", "UnauthorisedAttempt", event("access.denied", { action: "waiver.grant" }), event("access.denied", { action: "read" })],
  ["ALR-13", "DocsStale", event("docs.stale"), event("docs.refreshed")],
];

describe("createAlerts(), by events (ALR-01, ALR-02, ALR-03, ALR-04, ALR-05, ALR-06, ALR-07, ALR-08, ALR-11, ALR-13)", () => {
  for (const [requirement, name, fires, quiet] of cases)
    it(`fires ${name} on its event and on no other`, () => {
      const { alerts, notices, move, evaluate } = watch();
      alerts.observe(quiet);
      expect(notices).toEqual([]);
      alerts.observe(fires);
      alerts.observe(fires);
      const told = () => notices.map((notice) => [notice.name, notice.requirement, notice.state]);
      expect(told()).toEqual([[name, requirement, "firing"]]);
      move(86_400_000);
      evaluate();
      expect(told().slice(1)).toEqual([[name, requirement, "resolved"]]);
    });
});

const increases: readonly (readonly [requirement: string, name: string, metric: string, labels: Readonly<Record<string, string>>])[] = [
  ["ALR-09", "DualWriteDivergence", "gov_dual_write_mismatches_total", {}],
  ["ALR-10", "DirectReadStragglers", "gov_direct_reads_total", { reader: "old" }],
  ["ALR-12", "BridgeErrors", "gov_bridge_errors_total", { reason: "timeout" }],
  ["ALR-12", "AtomicWriteFailures", "gov_atomic_write_failures_total", { code: "ENOSPC" }],
];

describe("createAlerts(), by what grows (ALR-09, ALR-10, ALR-12)", () => {
  for (const [requirement, name, metric, labels] of increases)
    it(`fires when ${metric} grows, and resolves when it has not for a day`, () => {
      const { metrics, notices, move, evaluate } = watch();
      const series = metrics.series(metric, labels);
      series.add(3);
      evaluate();
      expect(notices).toEqual([]);
      series.add();
      evaluate();
      evaluate();
      expect(notices.map((notice) => [notice.requirement, notice.name, notice.state])).toEqual([[requirement, name, "firing"]]);
      move(86_400_000);
      evaluate();
      expect(notices.at(-1)?.state).toBe("resolved");
    });
});

describe("createAlerts(), by the first failure of its kind (ALR-10, ALR-12)", () => {
  for (const [requirement, name, metric, labels] of increases)
    it(`fires when a series of ${metric} begins while it is watched`, () => {
      const { metrics, notices, evaluate } = watch();
      evaluate();
      metrics.series(metric, labels).add();
      evaluate();
      expect(notices.map((notice) => [notice.requirement, notice.name, notice.state])).toEqual([[requirement, name, "firing"]]);
    });

  it("counts a lock's first waits since the look before into its hour", () => {
    const { metrics, notices, evaluate } = watch();
    evaluate();
    metrics.series("gov_lock_contention_total", { lock: "index" }).add(61);
    evaluate();
    expect(notices.map(({ name, state }) => [name, state])).toEqual([["LockContention", "firing"]]);
  });

  it("takes a gauge's first value for no increase", () => {
    const rule = {
      ...{ name: "QueueGrows", requirement: "ALR-12", summary: "It grows", severity: shippedAlerts[0]?.severity ?? expect.fail() },
      trigger: { kind: "metric", metric: "gov_bridge_queue_depth", of: "increase", comparison: "above", threshold: 0 },
    } as const;
    const { metrics, notices, evaluate } = watch({ rules: [rule] });
    evaluate();
    metrics.series("gov_bridge_queue_depth").set(7);
    evaluate();
    expect(notices).toEqual([]);
  });
});

/** Alerts that the monitors below are for. */
const monitored = ["BridgeLagging", "BridgeQueueDeep", "DiskNearlyFull", "DiskSpaceLow", "LockContention", "ReportUpdateSlow"];

describe("createAlerts()", () => {
  it("is tried here for every alert of the sources", () => {
    const tried = [...[...cases, ...increases].map(([, name]) => name), ...monitored];
    expect(tried.sort()).toEqual(shippedAlerts.map(({ name }) => name).sort());
  });

  it("fires a monitor once its condition has lasted, and resolves it at once (ALR-12)", () => {
    const { metrics, notices, move, evaluate } = watch();
    metrics.series("gov_disk_free_bytes").set(1e12);
    metrics.series("gov_bridge_queue_depth").set(2000);
    metrics.series("gov_bridge_lag_seconds").set(61);
    metrics.series("gov_disk_used_ratio").set(0.95);
    evaluate();
    move(59_999);
    evaluate();
    expect(notices).toEqual([]);
    move(1);
    evaluate();
    expect(notices.map(({ name }) => name).sort()).toEqual(["BridgeLagging", "BridgeQueueDeep", "DiskNearlyFull"]);
    metrics.series("gov_bridge_queue_depth").set(10);
    evaluate();
    expect(notices.at(-1)).toMatchObject({ name: "BridgeQueueDeep", state: "resolved" });
    metrics.series("gov_disk_free_bytes").set(5);
    for (let n = 0; n < 20; n++) metrics.series("gov_report_update_duration_seconds").observe(n < 18 ? 0.01 : 8);
    evaluate();
    expect(notices.slice(-2).map(({ name }) => name)).toEqual(["ReportUpdateSlow", "DiskSpaceLow"]);
    for (let n = 0; n < 999; n++) metrics.series("gov_report_update_duration_seconds").observe(99);
    evaluate();
  });

  it("fires when a lock has been waited for more often than allowed within an hour, and resolves as the hour goes on (AIO-12)", () => {
    const { metrics, notices, move, evaluate } = watch({
      rules: alertsWithThresholds({ minimumFreeSpacePercent: 10, lockContentionPerHour: 3 }),
    });
    const waits = metrics.series("gov_lock_contention_total", { lock: "index" });
    waits.add(1000);
    evaluate();
    for (let minute = 0; minute < 120; minute += 30) {
      waits.add(1);
      move(30 * 60_000);
      evaluate();
    }
    expect(notices).toEqual([]);
    waits.add(3);
    evaluate();
    expect(notices.map(({ name, subject, state }) => [name, subject, state])).toEqual([["LockContention", "lock=index", "firing"]]);
    move(30 * 60_000);
    evaluate();
    expect(notices).toHaveLength(1);
    move(30 * 60_000);
    evaluate();
    expect(notices.map(({ state }) => state)).toEqual(["firing", "resolved"]);
  });

  it("measures how long a condition lasts, an alert holds and an hour is also when the clock is set (ALR-12)", () => {
    const { alerts, metrics, notices, move, set, evaluate } = watch();
    const told = () => notices.map(({ name, state }) => `${name} ${state}`);
    metrics.series("gov_bridge_queue_depth").set(2000);
    alerts.observe(event("drift.detected"));
    evaluate();
    set(-3_600_000);
    move(60_000);
    evaluate();
    expect(told()).toEqual(["DriftDetected firing", "BridgeQueueDeep firing"]);
    expect(notices.at(-1)?.at).toBe(1_000_000 - 3_600_000 + 60_000);
    set(86_400_000);
    evaluate();
    expect(notices).toHaveLength(2);
    move(86_340_000);
    evaluate();
    expect(told().slice(2)).toEqual(["DriftDetected resolved"]);
    const waits = metrics.series("gov_lock_contention_total", { lock: "index" });
    waits.add(61);
    evaluate();
    set(-3_600_000);
    move(3_600_000);
    evaluate();
    expect(told().slice(3)).toEqual(["LockContention firing", "LockContention resolved"]);
  });

  it("takes the numbers that the sources leave open, and refuses numbers that cannot be (B-42)", () => {
    expect(alertsWithThresholds({ minimumFreeSpacePercent: 10, lockContentionPerHour: 60 })).toEqual(shippedAlerts);
    const { metrics, notices, move, evaluate } = watch({
      rules: alertsWithThresholds({ minimumFreeSpacePercent: 30, lockContentionPerHour: 60 }),
    });
    metrics.series("gov_disk_used_ratio").set(0.71);
    evaluate();
    move(60_000);
    evaluate();
    expect(notices.map(({ name }) => name)).toEqual(["DiskNearlyFull"]);
    for (const wrong of [-1, 101, Number.NaN]) {
      expect(() => alertsWithThresholds({ minimumFreeSpacePercent: wrong, lockContentionPerHour: 1 })).toThrow(RangeError);
    }
    for (const wrong of [-1, Number.NaN]) {
      expect(() => alertsWithThresholds({ minimumFreeSpacePercent: 1, lockContentionPerHour: wrong })).toThrow(RangeError);
    }
  });

  it("gives a severity that follows the enforcement mode (ALR-12)", () => {
    const severities = (type: string): readonly string[] =>
      enforcementModes.map((mode: EnforcementMode) => {
        const { alerts, notices } = watch({ mode: () => mode });
        alerts.observe(event(type));
        return notices[0]?.severity ?? "";
      });
    expect(severities("drift.detected")).toEqual(["info", "info", "warning", "critical"]);
    expect(severities("snapshot.unsigned_use")).toEqual(["warning", "warning", "critical", "critical"]);
    expect(severities("docs.stale")).toEqual(["info", "info", "warning", "warning"]);
  });

  it("calls the breach hook once per breach (ALR-13)", () => {
    const tickets: AlertNotice[] = [];
    const { alerts } = watch({ onBreach: (notice) => void tickets.push(notice) });
    alerts.observe(event("docs.stale"));
    alerts.observe(event("docs.stale"));
    alerts.observe(event("drift.detected"));
    expect(tickets.map(({ name }) => name)).toEqual(["DocsStale"]);
  });

  it("ends an event's alert for its subject alone, or by time", () => {
    const { alerts, notices, move, evaluate } = watch();
    alerts.observe({ ...event("drift.detected"), subject: "a" });
    alerts.observe({ ...event("drift.detected"), subject: "b" });
    alerts.observe({ ...event("drift.resolved"), subject: "a" });
    expect(alerts.firing().map(({ subject }) => subject)).toEqual(["b"]);
    move(86_400_000);
    evaluate();
    expect(alerts.firing()).toEqual([]);
    expect(notices.map(({ state }) => state)).toEqual(["firing", "firing", "resolved", "resolved"]);
  });

  it("never fires for more subjects than allowed, and refuses rules of one name", () => {
    const { alerts, notices } = watch({ maxFiring: 2 });
    for (const subject of ["a", "b", "c", "d"]) alerts.observe({ ...event("drift.detected"), subject });
    expect(notices.map(({ subject }) => subject)).toEqual(["a", "b", "other"]);
    expect(() => watch({ rules: [...shippedAlerts, ...shippedAlerts] })).toThrow(RangeError);
  });

  it("ends what fires for all metrics that were too many, once none is any more", () => {
    const { alerts, notices, metrics, evaluate } = watch({ maxFiring: 1 });
    metrics.series("gov_disk_free_bytes").set(0);
    metrics.series("gov_disk_used_ratio").set(0.1);
    alerts.observe(event("drift.detected"));
    evaluate();
    evaluate();
    expect(notices.map(({ name, subject }) => [name, subject])).toEqual([
      ["DriftDetected", "s"],
      ["DiskSpaceLow", "other"],
    ]);
    metrics.series("gov_disk_free_bytes").set(2 ** 40);
    evaluate();
    expect(alerts.firing().map(({ name }) => name)).toEqual(["DriftDetected"]);
  });
});

describe("renderAlertRules()", () => {
  it("writes one Prometheus rule per alert, over metrics that exist", (test) => {
    const text = renderAlertRules({ mode: "soft_block" });
    const parsed = parseDocument({ path: "rules.yaml", bytes: Buffer.from(text) });
    expect(parsed.ok).toBe(true);
    expect(text.match(/- alert: /g)).toHaveLength(shippedAlerts.length);
    const known = new Set([...metricSets.flatMap((set) => shippedMetrics[set].map(({ name }) => name)), "gov_alert_events_total"]);
    for (const [, name] of text.matchAll(/(gov_[a-z_]+?)(?:_bucket)?[[{ ]/g)) expect(known).toContain(name);
    expect(text).toContain('expr: "gov_bridge_queue_depth > 1000"\n        for: 60s\n        labels:\n          severity: warning\n');
    const directory = mkdtempSync(join(tmpdir(), "gov-alerts-"));
    try {
      // Every mode, and one that Prometheus must refuse.
      for (const mode of enforcementModes) writeFileSync(join(directory, `${mode}.yaml`), renderAlertRules({ mode }));
      writeFileSync(join(directory, "broken.yaml"), text.replace(" > ", " >> "));
      const check = (name: string) => spawnSync("promtool", ["check", "rules", name], { cwd: directory });
      const { error } = check("solo.yaml");
      if (error !== undefined && !(process.env["GOV_TEST_REQUIRE"] ?? "").split(",").includes("promtool"))
        test.skip("promtool is not installed");
      expect(enforcementModes.map((mode) => check(`${mode}.yaml`).status)).toEqual([0, 0, 0, 0]);
      expect(check("broken.yaml").status).toBe(1);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
