/** Where a signal is sent, and how long one export may take. */
export interface OtlpEndpoint {
  readonly url: string;
  readonly timeoutMillis: number;
}

type Signal = "metrics" | "traces";

const defaultTimeoutMs = 10_000;

/**
 * Reads where OpenTelemetry's own variables send a signal: `OTEL_EXPORTER_OTLP_<SIGNAL>_ENDPOINT` as it is, else
 * `OTEL_EXPORTER_OTLP_ENDPOINT` with `/v1/<signal>` appended; null where neither is set or `OTEL_SDK_DISABLED` is true. The exporters read
 * `OTEL_EXPORTER_OTLP_HEADERS` and the like by themselves; only OTLP over HTTP is spoken.
 */
export function otlpEndpoint(signal: Signal, env: Readonly<Record<string, string | undefined>>): OtlpEndpoint | null {
  if (env["OTEL_SDK_DISABLED"]?.toLowerCase() === "true") return null;
  const own = env[`OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_ENDPOINT`] ?? "";
  const common = env["OTEL_EXPORTER_OTLP_ENDPOINT"] ?? "";
  if (own === "" && common === "") return null;
  const timeout = Number(env["OTEL_EXPORTER_OTLP_TIMEOUT"] ?? defaultTimeoutMs);
  return {
    url: own === "" ? `${common.replace(/\/+$/, "")}/v1/${signal}` : own,
    timeoutMillis: Number.isFinite(timeout) && timeout > 0 ? timeout : defaultTimeoutMs,
  };
}
