import { checkDefinition, familyOf } from "./internal/check-definition.ts";
import { defaultBuckets, type MetricDefinition } from "./metric-definitions.ts";

/** Values of labels, by name. */
export type Labels = Readonly<Record<string, string>>;

/** One series of a metric, held once and changed often. */
export interface MetricSeries {
  /** Adds to a counter, at least 0, or to a gauge. @default 1 */
  readonly add: (amount?: number) => void;
  /** Sets a gauge. */
  readonly set: (value: number) => void;
  /** Notes one value of a histogram. */
  readonly observe: (value: number) => void;
}

/** What a series holds, as it is written out. */
export interface Sample {
  readonly labels: readonly (readonly [name: string, value: string])[];
  /** Value of a counter or gauge; sum of a histogram. */
  readonly value: number;
  /** Of a histogram: values up to each bound, and all, each counting those before too. */
  readonly buckets: readonly number[];
}

/** A metric and its series, sorted by labels. */
export interface MetricSnapshot {
  readonly definition: MetricDefinition;
  readonly samples: readonly Sample[];
}

/** Options of {@link createMetrics}. */
export interface MetricsOptions {
  /** Series that one metric may have at most; what would be one more goes into a series whose labels are all `other`. @default 200 */
  readonly maxSeries?: number | undefined;
}

/** A set of metrics of one process. */
export interface Metrics {
  /** Adds metrics. @throws RangeError for a name that is taken, with `_total` or without, a definition that does not hold, a label that is reserved. */
  readonly register: (...definitions: readonly MetricDefinition[]) => void;
  /**
   * Returns the series for these labels, made when it is the first time. Keep it where it is used often.
   *
   * @throws RangeError for a metric that is not registered, labels that are not exactly its own, or a value that is no text.
   */
  readonly series: (name: string, labels?: Labels) => MetricSeries;
  /** Everything as it stands, sorted by name. */
  readonly snapshot: () => readonly MetricSnapshot[];
}

interface State {
  value: number;
  readonly counts: number[];
}

interface Registered {
  readonly definition: MetricDefinition;
  readonly series: Map<string, { readonly state: State; readonly values: readonly string[]; readonly handle: MetricSeries }>;
}

/** Label value of the series that takes what is too much. */
export const overflowLabel = "other";

/**
 * Creates a registry of metrics: no name twice, no label beyond those declared, and never more series than fit, whatever the label values are (TEL-13).
 *
 * @example Count gate results
 * ```ts
 * import assert from "node:assert/strict";
 * import { createMetrics, renderPrometheus, shippedMetrics } from "@gov/telemetry/metrics";
 *
 * const metrics = createMetrics();
 * metrics.register(...shippedMetrics.pipeline);
 * metrics.series("gov_gate_results_total", { gate: "schema_lint", outcome: "PASS" }).add();
 * assert.match(renderPrometheus(metrics.snapshot()), /gov_gate_results_total\{gate="schema_lint",outcome="PASS"\} 1\n/);
 * ```
 */
export function createMetrics(options: MetricsOptions = {}): Metrics {
  const { maxSeries = 200 } = options;
  if (!Number.isSafeInteger(maxSeries) || maxSeries < 1)
    throw new RangeError(`Cannot allow ${String(maxSeries)} series: at least 1 is needed`);
  const metrics = new Map<string, Registered>();
  const families = new Set<string>();

  const find = (name: string): Registered => {
    const metric = metrics.get(name);
    if (metric === undefined) throw new RangeError(`Cannot use the metric "${name}": it is not registered`);
    return metric;
  };
  return {
    register: (...definitions) => {
      for (const definition of definitions) {
        checkDefinition(definition);
        if (metrics.has(definition.name)) throw new RangeError(`Cannot register the metric "${definition.name}": it is registered already`);
        const family = familyOf(definition.name);
        // OpenMetrics names a counter without `_total`: a gauge of that name would make two of one family.
        if (families.has(family)) throw new RangeError(`Cannot register the metric "${definition.name}": the family "${family}" is taken`);
        families.add(family);
        const registered: Registered = { definition, series: new Map() };
        metrics.set(definition.name, registered);
        // A count without labels shows from the start, with 0: a series that only appears with the first failure cannot be compared with before. A gauge does
        // not: nobody has measured a 0 yet.
        if (definition.labels.length === 0 && definition.kind !== "gauge") obtain(registered, { values: [], maxSeries });
      }
    },
    series: (name, labels = {}) => {
      const metric = find(name);
      const { labels: names } = metric.definition;
      if (Object.keys(labels).length !== names.length || !names.every((label) => Object.hasOwn(labels, label)))
        throw new RangeError(
          `Cannot use the metric "${name}" with the labels "${Object.keys(labels).join(", ")}": they must be "${names.join(", ")}"`,
        );
      return obtain(metric, { values: names.map((label) => valueOf(labels, { name, label })), maxSeries });
    },
    snapshot: () =>
      [...metrics.values()]
        .sort((a, b) => (a.definition.name < b.definition.name ? -1 : 1))
        .map(({ definition, series }) => ({
          definition,
          samples: [...series]
            .sort(([, a], [, b]) => compareValues(a.values, b.values))
            .map(([, { state, values }]) => ({
              labels: definition.labels.map((label, at) => [label, values[at] ?? ""] as const),
              value: state.value,
              buckets: cumulative(state.counts),
            })),
        })),
  };
}

function obtain(
  metric: Registered,
  { values, maxSeries }: { readonly values: readonly string[]; readonly maxSeries: number },
): MetricSeries {
  const key = keyOf(values);
  const found = metric.series.get(key);
  if (found !== undefined) return found.handle;
  const overflow = values.map(() => overflowLabel);
  const isOverflow = key === keyOf(overflow);
  if (!isOverflow && metric.series.size >= maxSeries) return obtain(metric, { values: overflow, maxSeries });
  const bounds = metric.definition.buckets ?? defaultBuckets;
  const state: State = { value: 0, counts: metric.definition.kind === "histogram" ? new Array<number>(bounds.length + 1).fill(0) : [] };
  const handle = handleOn(state, metric.definition, bounds);
  metric.series.set(key, { state, values, handle });
  return handle;
}

/** With its length no value runs into the next, whatever it holds. */
function keyOf(values: readonly string[]): string {
  return values.map((value) => `${String(value.length)}:${value}`).join("");
}

/** As it is written out: half a character would become a sign that the halves of others become too. */
function valueOf(labels: Labels, { name, label }: { readonly name: string; readonly label: string }): string {
  const value: unknown = labels[label];
  if (typeof value === "string") return value.replaceAll(/\p{Surrogate}/gu, "\ufffd");
  throw new RangeError(
    `Cannot use the metric "${name}": the value of its label "${label}" must be text, and is of the type ${typeof value}`,
  );
}

function compareValues(a: readonly string[], b: readonly string[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at < 0 ? 0 : (a[at] as string) < (b[at] as string) ? -1 : 1;
}

function handleOn(state: State, { name, kind }: MetricDefinition, bounds: readonly number[]): MetricSeries {
  const refuse = (what: string): never => {
    throw new RangeError(`Cannot change the metric "${name}": ${what}`);
  };
  return {
    add: (amount = 1) => {
      if (kind === "histogram") refuse("a histogram observes values");
      if (!Number.isFinite(amount) || (kind === "counter" && amount < 0)) refuse(`${String(amount)} cannot be added to a ${kind}`);
      state.value += amount;
    },
    set: (value) => {
      if (kind !== "gauge") refuse(`a ${kind} cannot be set`);
      if (!Number.isFinite(value)) refuse(`${String(value)} is no finite number`);
      state.value = value;
    },
    observe: (value) => {
      if (kind !== "histogram") refuse(`a ${kind} does not observe values`);
      if (!Number.isFinite(value)) refuse(`${String(value)} is no finite number`);
      let at = 0;
      while (at < bounds.length && value > (bounds[at] as number)) at++;
      state.counts[at] = (state.counts[at] as number) + 1;
      state.value += value;
    },
  };
}

function cumulative(counts: readonly number[]): readonly number[] {
  let sum = 0;
  return counts.map((count) => (sum += count));
}
