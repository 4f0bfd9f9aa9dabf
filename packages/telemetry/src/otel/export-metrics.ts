import type { Metrics, MetricSnapshot, Sample } from "../metrics/create-metrics.ts";
import { defaultBuckets, type MetricDefinition } from "../metrics/metric-definitions.ts";

/** What is used of an observable instrument of `@opentelemetry/api`. */
export interface ObservableInstrument {
  addCallback: (callback: (result: { observe: (value: number, attributes?: Record<string, string>) => void }) => void) => void;
}

/** What is used of a meter of `@opentelemetry/api`: what `metrics.getMeter("gov")` returns. */
export interface MetricMeter {
  createObservableCounter: (name: string, options: { description?: string; unit?: string }) => ObservableInstrument;
  createObservableGauge: (name: string, options: { description?: string; unit?: string }) => ObservableInstrument;
}

const units: Readonly<Record<MetricDefinition["unit"], string>> = { "": "1", bytes: "By", percent: "%", ratio: "1", seconds: "s" };

/**
 * Offers every metric that is registered at the moment to OpenTelemetry, which reads them when it collects; counting itself stays as cheap as it is. A histogram becomes three
 * counters as in the Prometheus format: `<name>_bucket` with `le`, `<name>_sum` and `<name>_count`, because the API observes no histograms.
 */
export function exportMetrics(meter: MetricMeter, metrics: Pick<Metrics, "snapshot">): void {
  const samplesOf = (name: string): MetricSnapshot["samples"] =>
    metrics.snapshot().find(({ definition }) => definition.name === name)?.samples ?? [];
  for (const { definition } of metrics.snapshot()) {
    const { name, kind, help: description } = definition;
    const options = { description, unit: units[definition.unit] };
    const watch = (
      instrument: ObservableInstrument,
      values: (sample: Sample) => readonly (readonly [number, Record<string, string>])[],
    ): void => {
      instrument.addCallback((result) => {
        for (const sample of samplesOf(name)) for (const [value, labels] of values(sample)) result.observe(value, labels);
      });
    };
    if (kind === "gauge") watch(meter.createObservableGauge(name, options), (sample) => [[sample.value, labelsOf(sample)]]);
    else if (kind === "counter") watch(meter.createObservableCounter(name, options), (sample) => [[sample.value, labelsOf(sample)]]);
    else {
      const bounds = [...(definition.buckets ?? defaultBuckets).map(String), "+Inf"];
      watch(meter.createObservableCounter(`${name}_bucket`, { description, unit: "1" }), (sample) =>
        sample.buckets.map((count, at) => [count, { ...labelsOf(sample), le: bounds[at] ?? "+Inf" }]),
      );
      watch(meter.createObservableCounter(`${name}_sum`, options), (sample) => [[sample.value, labelsOf(sample)]]);
      watch(meter.createObservableCounter(`${name}_count`, { description, unit: "1" }), (sample) => [
        [sample.buckets.at(-1) ?? 0, labelsOf(sample)],
      ]);
    }
  }
}

function labelsOf({ labels }: Sample): Record<string, string> {
  return Object.fromEntries(labels);
}
