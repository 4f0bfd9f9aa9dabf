import { context, trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { createSpans, type Spans } from "@gov/telemetry/otel";
import type { OtlpEndpoint } from "./otlp-endpoint.ts";
import { type Sender, serviceResource } from "./service-resource.ts";

/** Spans of one call that are sent to a collector. */
export interface Tracing {
  readonly spans: Spans;
  /** Sends what ended, and says why it could not be sent; null when it was. Never rejects: a collector decides nothing. */
  readonly close: () => Promise<string | null>;
}

/** Sets up OpenTelemetry's SDK for one call of `gov` (TEL-13); loaded only where an endpoint is configured. */
export function openTracing(endpoint: OtlpEndpoint, sender: Sender): Tracing {
  const exporter = new OTLPTraceExporter(endpoint);
  const provider = new NodeTracerProvider({ resource: serviceResource(sender), spanProcessors: [new BatchSpanProcessor(exporter)] });
  provider.register();
  const spans = createSpans({ tracer: provider.getTracer("gov") });
  return {
    spans,
    close: async () => {
      try {
        await provider.forceFlush();
        await provider.shutdown();
        return null;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      } finally {
        trace.disable();
        context.disable();
      }
    },
  };
}
