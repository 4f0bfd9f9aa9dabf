/**
 * Spans, span events and metrics for OpenTelemetry, through the shapes of `@opentelemetry/api` alone; the SDK belongs to the application.
 *
 * @packageDocumentation
 */
export { createSpanObserver } from "./create-span-observer.ts";
export { createSpans, type NoteFields, type Spans, type SpansOptions } from "./create-spans.ts";
export { exportMetrics, type MetricMeter, type ObservableInstrument } from "./export-metrics.ts";
export type { SpanAttributes, SpanTracer, TracedSpan } from "./tracing.ts";
