/**
 * Metrics that cannot explode, in the formats that monitoring reads, and log lines with names that log stores know.
 *
 * @packageDocumentation
 */
export {
  createMetrics,
  type Labels,
  type Metrics,
  type MetricSeries,
  type MetricSnapshot,
  type MetricsOptions,
  overflowLabel,
  type Sample,
} from "./create-metrics.ts";
export { ecsVersion, formatLogLine, lintLogRecord, type LogInput, type LogLevel, logLevels } from "./log-record.ts";
export { defaultBuckets, type MetricDefinition, type MetricSet, metricSets, shippedMetrics } from "./metric-definitions.ts";
export { renderOpenMetrics, renderPrometheus } from "./render-metrics.ts";
