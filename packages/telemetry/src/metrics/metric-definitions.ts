/** What a metric is: its name carries the unit, as Prometheus asks. */
export interface MetricDefinition {
  /** Lower-case words joined by `_`; a counter ends in `_total`, others in their unit. */
  readonly name: string;
  readonly kind: "counter" | "gauge" | "histogram";
  /** Base unit, such as `seconds` or `bytes`; empty for a plain count or a number without one. */
  readonly unit: "" | "bytes" | "percent" | "ratio" | "seconds";
  readonly help: string;
  /** Names of its labels, each with few values. */
  readonly labels: readonly string[];
  /** Upper bounds of a histogram, ascending. @default {@link defaultBuckets} */
  readonly buckets?: readonly number[] | undefined;
}

/** Sets of metrics, by the seed that names them (MET-01 to MET-03). */
export const metricSets = ["governance", "pipeline", "memory"] as const;

/** Name of a set of metrics. */
export type MetricSet = (typeof metricSets)[number];

/** Upper bounds in seconds, from 1 ms to 10 s. */
export const defaultBuckets: readonly number[] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

const jobBuckets: readonly number[] = [0.1, 0.5, 1, 5, 10, 30, 60, 120, 300, 600, 1800];

/** Every metric the sources name, by set: governance (MET-01), pipeline (MET-02), memory and bridge (MET-03). */
export const shippedMetrics: Readonly<Record<MetricSet, readonly MetricDefinition[]>> = {
  governance: [
    gauge("gov_policy_coverage_percent", { unit: "percent", help: "Artifacts that a policy covers, in percent of all" }),
    counter("gov_drift_incidents_total", { help: "Drift incidents; per week by increase over 7 days", labels: ["kind"] }),
    counter("gov_index_write_failures_total", { help: "Writes to the index that failed" }),
    counter("gov_index_writes_total", { help: "Writes to the index" }),
    counter("gov_promotion_rollbacks_total", { help: "Promotions that were rolled back", labels: ["stage"] }),
    histogram("gov_time_to_recovery_seconds", { help: "Time from an incident to its end; MTTR is sum by count", buckets: jobBuckets }),
  ],
  pipeline: [
    counter("gov_gate_results_total", { help: "Gate results by outcome", labels: ["gate", "outcome"] }),
    counter("gov_rollbacks_total", { help: "Rollbacks of a pipeline", labels: ["stage"] }),
    histogram("gov_test_duration_seconds", { help: "Duration of a test suite", labels: ["suite"], buckets: jobBuckets }),
    histogram("gov_slow_test_duration_seconds", { help: "Durations of the ten slowest tests of a run", buckets: jobBuckets }),
    counter("gov_lock_contention_total", { help: "Times a lock was waited for", labels: ["lock"] }),
    counter("gov_waivers_total", { help: "Waivers by what became of them", labels: ["event"] }),
    histogram("gov_gate_duration_seconds", { help: "Duration of a gate", labels: ["gate"] }),
  ],
  memory: [
    gauge("gov_bridge_queue_depth", { help: "Writes waiting in the bridge" }),
    gauge("gov_bridge_lag_seconds", { unit: "seconds", help: "Age of the oldest write waiting in the bridge" }),
    counter("gov_bridge_errors_total", { help: "Writes of the bridge that failed", labels: ["reason"] }),
    counter("gov_bridge_appends_total", { help: "Writes of the bridge" }),
    counter("gov_atomic_write_failures_total", { help: "Atomic writes that failed", labels: ["code"] }),
    histogram("gov_report_update_duration_seconds", { help: "Time to update a report" }),
    gauge("gov_disk_used_ratio", { unit: "ratio", help: "Used share of the disk that holds the root" }),
    gauge("gov_disk_free_bytes", { unit: "bytes", help: "Free bytes on the disk that holds the root" }),
    counter("gov_dual_write_mismatches_total", { help: "Dual writes whose two sides differ" }),
    counter("gov_direct_reads_total", { help: "Reads that went around the index", labels: ["reader"] }),
    histogram("gov_event_processing_duration_seconds", { help: "Time to process an event (NFR-01)" }),
  ],
};

type Rest = Omit<MetricDefinition, "name" | "kind" | "labels" | "unit"> & Partial<Pick<MetricDefinition, "labels" | "unit">>;

function counter(name: string, rest: Rest): MetricDefinition {
  return { name, kind: "counter", unit: "", labels: [], ...rest };
}

function gauge(name: string, rest: Rest): MetricDefinition {
  return { name, kind: "gauge", unit: "", labels: [], ...rest };
}

function histogram(name: string, rest: Rest): MetricDefinition {
  return { name, kind: "histogram", unit: "seconds", labels: [], ...rest };
}
