import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import type { Metrics } from "@gov/telemetry/metrics";
import { exportMetrics } from "@gov/telemetry/otel";
import type { OtlpEndpoint } from "./otlp-endpoint.ts";
import { type Sender, serviceResource } from "./service-resource.ts";

/** A stream of metrics to a collector. */
export interface MetricExport extends AsyncDisposable {
  /** Counts anew and sends at once. @throws when the collector does not take it. */
  readonly send: () => Promise<void>;
}

const defaultIntervalMs = 60_000;

/**
 * Sends the metrics of a governed root to a collector every `OTEL_METRIC_EXPORT_INTERVAL` milliseconds, counted anew each time; loaded only
 * where an endpoint is configured. What cannot be sent is told, and sent again with the next: counters only grow.
 */
export async function openMetricExport(
  endpoint: OtlpEndpoint,
  options: Sender & {
    readonly collect: () => Promise<Pick<Metrics, "snapshot">>;
    readonly tell: (line: string) => void;
  },
): Promise<MetricExport> {
  const { env, collect, tell } = options;
  let latest = await collect();
  // The reader's own timer would send what was counted at some other time; this one counts first.
  const never = 2 ** 31 - 1;
  const reader = new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter(endpoint),
    exportIntervalMillis: never,
    exportTimeoutMillis: endpoint.timeoutMillis,
  });
  const provider = new MeterProvider({ resource: serviceResource(options), readers: [reader] });
  exportMetrics(provider.getMeter("gov"), { snapshot: () => latest.snapshot() });
  const send = async (): Promise<void> => {
    latest = await collect();
    await reader.forceFlush();
  };
  const attempt = (): Promise<void> =>
    send().catch((error: unknown) => tell(`gov: metrics could not be sent: ${error instanceof Error ? error.message : String(error)}`));
  const interval = Number(env["OTEL_METRIC_EXPORT_INTERVAL"] ?? defaultIntervalMs);
  const timer = setInterval(() => void attempt(), interval > 0 ? interval : defaultIntervalMs);
  timer.unref();
  void attempt();
  return {
    send,
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      await provider.shutdown().catch(() => undefined);
    },
  };
}
