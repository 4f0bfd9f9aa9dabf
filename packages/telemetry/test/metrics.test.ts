import {
  createMetrics,
  formatLogLine,
  lintLogRecord,
  type MetricDefinition,
  metricSets,
  overflowLabel,
  renderOpenMetrics,
  renderPrometheus,
  shippedMetrics,
} from "@gov/telemetry/metrics";
import { createRedactor } from "@gov/telemetry/redact";
import { describe, expect, it } from "vitest";

const definition: MetricDefinition = { name: "gov_jobs_total", kind: "counter", unit: "", help: "Jobs", labels: ["job_kind"] };

describe("createMetrics()", () => {
  it("holds every metric that the sources name, with units (MET-01, MET-02, MET-03)", () => {
    const metrics = createMetrics();
    for (const set of metricSets) metrics.register(...shippedMetrics[set]);
    const names = metrics.snapshot().map(({ definition: { name } }) => name);
    expect(names).toEqual([...names].sort());
    const unitsOf = (set: keyof typeof shippedMetrics): Readonly<Record<string, string>> =>
      Object.fromEntries(shippedMetrics[set].map(({ name, unit }) => [name, unit]));
    // Seed 0, section 7: policy coverage, drift incidents a week, rate of failed writes to the index, rolled-back promotions, MTTR.
    expect(unitsOf("governance")).toEqual({
      gov_policy_coverage_percent: "percent",
      gov_drift_incidents_total: "",
      gov_index_write_failures_total: "",
      gov_index_writes_total: "",
      gov_promotion_rollbacks_total: "",
      gov_time_to_recovery_seconds: "seconds",
    });
    // Seed 1, section 7: gates, rollbacks, durations of tests and the slowest, contention of locks, waivers.
    expect(unitsOf("pipeline")).toEqual({
      gov_gate_results_total: "",
      gov_rollbacks_total: "",
      gov_test_duration_seconds: "seconds",
      gov_slow_test_duration_seconds: "seconds",
      gov_lock_contention_total: "",
      gov_waivers_total: "",
      gov_gate_duration_seconds: "seconds",
    });
    // Seed 2: the bridge's queue, lag and errors, atomic writes, reports, the disk, dual writes, direct reads.
    expect(unitsOf("memory")).toEqual({
      gov_bridge_queue_depth: "",
      gov_bridge_lag_seconds: "seconds",
      gov_bridge_errors_total: "",
      gov_bridge_appends_total: "",
      gov_atomic_write_failures_total: "",
      gov_report_update_duration_seconds: "seconds",
      gov_disk_used_ratio: "ratio",
      gov_disk_free_bytes: "bytes",
      gov_dual_write_mismatches_total: "",
      gov_direct_reads_total: "",
      gov_event_processing_duration_seconds: "seconds",
    });
    expect(names).toHaveLength(24);
  });

  it("counts, sets and observes, each only what it is for", () => {
    const metrics = createMetrics();
    metrics.register(definition, { ...definition, name: "gov_depth", kind: "gauge", labels: [] });
    metrics.register({ name: "gov_wait_seconds", kind: "histogram", unit: "seconds", help: "Wait", labels: [], buckets: [1, 2] });
    const jobs = metrics.series("gov_jobs_total", { job_kind: "a" });
    jobs.add();
    jobs.add(2);
    metrics.series("gov_depth").set(-0);
    metrics.series("gov_depth").add(-3);
    for (const value of [0.5, 1, 1.5, 9]) metrics.series("gov_wait_seconds").observe(value);
    expect(metrics.snapshot().map(({ samples }) => samples.map(({ value, buckets }) => [value, buckets]))).toEqual([
      [[-3, []]],
      [[3, []]],
      [[12, [2, 3, 4]]],
    ]);
    for (const bad of [() => jobs.set(1), () => jobs.add(-1), () => jobs.add(Number.NaN), () => jobs.observe(1)])
      expect(bad).toThrow(RangeError);
    expect(() => metrics.series("gov_wait_seconds").add()).toThrow(RangeError);
    expect(() => metrics.series("gov_wait_seconds").observe(Infinity)).toThrow(RangeError);
    expect(() => metrics.series("gov_depth").set(Number.NaN)).toThrow(RangeError);
  });

  it("refuses names that are taken, labels that are not declared, and definitions that do not hold", () => {
    const metrics = createMetrics();
    metrics.register(definition);
    const bad: readonly Partial<MetricDefinition>[] = [
      {},
      { name: "Gov_x_total" },
      { name: "gov_jobs" },
      { name: "gov_x_total", kind: "gauge" },
      { name: "gov_x", kind: "gauge", unit: "seconds" },
      { name: "gov_x_count", kind: "gauge" },
      { name: "gov_a_total", help: "a\nb" },
      ...["le", "quantile", "job", "instance"].map((label) => ({ name: "gov_a_total", labels: [label] })),
      { name: "gov_a_total", labels: ["Kind"] },
      { name: "gov_a_total", labels: ["a", "a"] },
      { name: "gov_a_total", buckets: [1] },
      { name: "gov_a_seconds", kind: "histogram", unit: "seconds", buckets: [2, 1] },
      { name: "gov_a_seconds", kind: "histogram", unit: "seconds", buckets: [] },
    ];
    for (const change of bad) expect(() => metrics.register({ ...definition, ...change }), JSON.stringify(change)).toThrow(RangeError);
    expect(() => metrics.series("other")).toThrow(RangeError);
    expect(() => metrics.series("gov_jobs_total")).toThrow(RangeError);
    expect(() => metrics.series("gov_jobs_total", { other: "a" })).toThrow(RangeError);
    expect(() => createMetrics({ maxSeries: 0 })).toThrow(RangeError);
  });

  it("tells every set of labels from every other, and takes no value that is no text (TEL-13)", () => {
    const metrics = createMetrics();
    metrics.register({ ...definition, labels: ["a", "b"] });
    for (const [a, b] of [
      ["x\0", "y"],
      ["x", "\0y"],
      ["x", "y"],
      ["\ud800", "y"],
      ["\udfff", "y"],
    ] as const)
      metrics.series("gov_jobs_total", { a, b }).add();
    const [jobs] = metrics.snapshot();
    expect(jobs?.samples.map(({ labels, value }) => [...labels.map(([, text]) => text), value])).toEqual([
      ["x", "\0y", 1],
      ["x", "y", 1],
      ["x\0", "y", 1],
      ["\ufffd", "y", 2],
    ]);
    for (const bad of [1, null, undefined, {}, ["x"]])
      expect(() => metrics.series("gov_jobs_total", { a: "x", b: bad as string })).toThrow(
        `Cannot use the metric "gov_jobs_total": the value of its label "b" must be text, and is of the type ${typeof bad}`,
      );
  });

  it("refuses two metrics of one family, and a kind that no format has (TEL-13)", () => {
    const gauge = { ...definition, name: "gov_jobs", kind: "gauge" } as const;
    for (const pair of [
      [definition, gauge],
      [gauge, definition],
    ])
      expect(() => createMetrics().register(...pair)).toThrow('the family "gov_jobs" is taken');
    expect(() => createMetrics().register({ ...definition, name: "gov_a", kind: "summary" as "gauge" })).toThrow("its kind must be one of");
  });

  it("writes a sum beyond every number as the formats do", () => {
    const metrics = createMetrics();
    metrics.register({ ...definition, name: "gov_depth", kind: "gauge", labels: [] });
    for (const amount of [1e308, 1e308]) metrics.series("gov_depth").add(amount);
    expect(renderOpenMetrics(metrics.snapshot())).toContain("gov_depth +Inf\n");
  });

  it("never has more series than allowed, whatever the labels (TEL-13)", () => {
    const metrics = createMetrics({ maxSeries: 10 });
    metrics.register(definition);
    for (let n = 0; n < 10_000; n++) metrics.series("gov_jobs_total", { job_kind: `k${String(n)}` }).add();
    const [jobs] = metrics.snapshot();
    expect(jobs?.samples).toHaveLength(11);
    expect(jobs?.samples.find(({ labels }) => labels[0]?.[1] === overflowLabel)?.value).toBe(9990);
  });
});

describe("renderPrometheus() and renderOpenMetrics()", () => {
  const metrics = createMetrics();
  metrics.register(definition, {
    name: "gov_wait_seconds",
    kind: "histogram",
    unit: "seconds",
    help: 'A "wait" \\',
    labels: ["q"],
    buckets: [0.5, 1],
  });
  metrics.series("gov_jobs_total", { job_kind: 'a"\\\n' }).add(2);
  metrics.series("gov_wait_seconds", { q: "x" }).observe(0.75);

  it("write the text format with every value escaped (TEL-13)", () => {
    expect(renderPrometheus(metrics.snapshot())).toBe(`# HELP gov_jobs_total Jobs
# TYPE gov_jobs_total counter
gov_jobs_total{job_kind="a\\"\\\\\\n"} 2
# HELP gov_wait_seconds A "wait" \\\\
# TYPE gov_wait_seconds histogram
gov_wait_seconds_bucket{q="x",le="0.5"} 0
gov_wait_seconds_bucket{q="x",le="1"} 1
gov_wait_seconds_bucket{q="x",le="+Inf"} 1
gov_wait_seconds_sum{q="x"} 0.75
gov_wait_seconds_count{q="x"} 1
`);
  });

  it("write OpenMetrics with families, units and an end", () => {
    const text = renderOpenMetrics(metrics.snapshot());
    expect(text).toContain("# TYPE gov_jobs counter\ngov_jobs_total{");
    expect(text).toContain("# UNIT gov_wait_seconds seconds\n");
    expect(text).toContain('le="1.0"');
    expect(text.endsWith("# EOF\n")).toBe(true);
  });
});

describe("formatLogLine()", () => {
  const redactor = createRedactor();
  const input = { level: "warn", message: "m", service: "gov", epochMs: 0, correlationId: "ab".repeat(16) } as const;

  it("writes ECS fields that the linter accepts, redacted (TEL-11, TEL-13)", () => {
    const line = formatLogLine(
      { ...input, fields: { "event.action": "check", "labels.gate": "schema_lint", "gov.password": "x y" } },
      { redactor },
    );
    expect(line).not.toContain("\n");
    const record = JSON.parse(line) as Record<string, string>;
    expect(record).toMatchObject({ "@timestamp": "1970-01-01T00:00:00.000Z", "log.level": "warn", "trace.id": "ab".repeat(16) });
    expect(record["gov.password"]).toBe("[redacted:assigned-secret]");
    expect(lintLogRecord(record)).toEqual([]);
    expect(lintLogRecord(JSON.parse(formatLogLine({ ...input, correlationId: undefined }, { redactor })) as never)).toEqual([]);
  });

  it("finds fields that no log store would understand", () => {
    const good = JSON.parse(formatLogLine(input, { redactor })) as Record<string, string>;
    const messages = (more: Record<string, unknown>): readonly string[] =>
      lintLogRecord({ ...good, ...more } as never).map(({ message }) => message);
    expect(messages({ "log.level": "loud" })).toHaveLength(1);
    expect(messages({ Gate: "x", "vendor.x": 1, "event.x": {}, "labels.y": [1] })).toHaveLength(4);
    expect(lintLogRecord({}).map(({ code }) => code)).toEqual(Array.from({ length: 4 }, () => "TELEMETRY_LOG_FIELD_INVALID"));
    expect(lintLogRecord([])).toHaveLength(1);
  });
});
