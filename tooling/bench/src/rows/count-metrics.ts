import { createMetrics, renderPrometheus } from "@gov/telemetry/metrics";
import type { PreparedRow, Row, RowContext } from "../row.ts";

/** What counting costs. */
export const countMetricsRows: readonly Row[] = [
  { id: "metrics-increment", title: "A million increments of a counter with two labels", prepare: prepareIncrements },
  { id: "metrics-observe", title: "A million values into a histogram with a label", prepare: prepareObservations },
];

interface PromChild {
  readonly inc: () => void;
  readonly observe: (value: number) => void;
}
interface PromMetric {
  readonly inc: (labels: Record<string, string>) => void;
  readonly observe: (labels: Record<string, string>, value: number) => void;
  readonly labels: (...values: readonly string[]) => PromChild;
}
interface PromRegistry {
  readonly metrics: () => Promise<string>;
}
interface PromClient {
  readonly Registry: new () => PromRegistry;
  readonly Counter: new (options: object) => PromMetric;
  readonly Histogram: new (options: object) => PromMetric;
}

const outcomes = ["PASS", "FAIL", "WAIVED"];
const gates = ["schema_lint", "cross_stream_consistency", "parity_coverage"];

async function prepareIncrements({ peers, quick }: RowContext): Promise<PreparedRow> {
  const count = quick ? 100_000 : 1_000_000;
  const prom = (await peers.load<{ readonly default: PromClient }>("prom-client")).default;
  const registry = new prom.Registry();
  const theirs = new prom.Counter({
    name: "gov_gate_results_total",
    help: "Gate results",
    labelNames: ["gate", "outcome"],
    registers: [registry],
  });
  const metrics = createMetrics();
  metrics.register({ name: "gov_gate_results_total", kind: "counter", unit: "", help: "Gate results", labels: ["gate", "outcome"] });
  const names = gates.flatMap((gate) => outcomes.map((outcome) => ({ gate, outcome })));
  for (const labels of names) {
    theirs.inc(labels);
    metrics.series("gov_gate_results_total", labels).add();
  }
  const lines = (text: string): string =>
    text
      .split("\n")
      .filter((line) => line.startsWith("gov_"))
      .sort()
      .join("\n");
  if (lines(await registry.metrics()) !== lines(renderPrometheus(metrics.snapshot())))
    throw new Error("Cannot compare: the expositions differ");
  const label = await peers.label("prom-client");
  const held = names.map((labels) => metrics.series("gov_gate_results_total", labels));
  const theirHeld = names.map(({ gate, outcome }) => theirs.labels(gate, outcome));
  const repeat = (run: (n: number) => void) => () => {
    for (let n = 0; n < count; n++) run(n % names.length);
  };
  return {
    subject: "@gov/telemetry, labels given",
    contenders: [
      {
        name: "@gov/telemetry, labels given",
        operations: count,
        run: repeat((n) => metrics.series("gov_gate_results_total", names[n]).add()),
      },
      { name: `${label}, labels given`, operations: count, run: repeat((n) => theirs.inc(names[n] as Record<string, string>)) },
      { name: "@gov/telemetry, series held", operations: count, run: repeat((n) => held[n]?.add()) },
      { name: `${label}, child held`, operations: count, run: repeat((n) => theirHeld[n]?.inc()) },
    ],
    rounds: quick ? 5 : 11,
    warmups: 2,
    notes: [`${count} increments over ${names.length} series; milliseconds per increment; both expose the same lines.`],
  };
}

async function prepareObservations({ peers, quick }: RowContext): Promise<PreparedRow> {
  const count = quick ? 100_000 : 1_000_000;
  const prom = (await peers.load<{ readonly default: PromClient }>("prom-client")).default;
  const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
  const registry = new prom.Registry();
  const theirs = new prom.Histogram({
    name: "gov_gate_duration_seconds",
    help: "Duration",
    labelNames: ["gate"],
    buckets,
    registers: [registry],
  });
  const metrics = createMetrics();
  metrics.register({ name: "gov_gate_duration_seconds", kind: "histogram", unit: "seconds", help: "Duration", labels: ["gate"], buckets });
  const names = gates.map((gate) => ({ gate }));
  const valueOf = (n: number): number => ((n * 7919) % 12_000) / 1000;
  const repeat = (run: (n: number) => void) => () => {
    for (let n = 0; n < count; n++) run(n);
  };
  const held = names.map((labels) => metrics.series("gov_gate_duration_seconds", labels));
  const theirHeld = names.map(({ gate }) => theirs.labels(gate));
  const label = await peers.label("prom-client");
  return {
    subject: "@gov/telemetry, labels given",
    contenders: [
      {
        name: "@gov/telemetry, labels given",
        operations: count,
        run: repeat((n) => metrics.series("gov_gate_duration_seconds", names[n % 3]).observe(valueOf(n))),
      },
      {
        name: `${label}, labels given`,
        operations: count,
        run: repeat((n) => theirs.observe(names[n % 3] as Record<string, string>, valueOf(n))),
      },
      { name: "@gov/telemetry, series held", operations: count, run: repeat((n) => held[n % 3]?.observe(valueOf(n))) },
      { name: `${label}, child held`, operations: count, run: repeat((n) => theirHeld[n % 3]?.observe(valueOf(n))) },
    ],
    rounds: quick ? 5 : 11,
    warmups: 2,
    notes: [`${count} values into 13 buckets over ${names.length} series; milliseconds per value.`],
  };
}
