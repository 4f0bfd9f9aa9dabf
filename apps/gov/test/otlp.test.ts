import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { otlpEndpoint } from "../src/observability/otlp-endpoint.ts";
import { cycle, governed } from "./governed.ts";
import { gov, govWith } from "./harness.ts";

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: number | string };
}

interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes: readonly Attribute[];
}

interface Metric {
  readonly name: string;
  readonly sum?: {
    readonly dataPoints: readonly { readonly attributes: readonly Attribute[]; readonly asDouble?: number; readonly asInt?: string }[];
  };
}

interface Payload {
  readonly resourceSpans?: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
  }[];
  readonly resourceMetrics?: readonly { readonly scopeMetrics: readonly { readonly metrics: readonly Metric[] }[] }[];
}

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** A collector that takes OTLP over HTTP and decodes what it gets. */
async function collector() {
  const received: { readonly path: string; readonly payload: Payload }[] = [];
  const waiting: (() => void)[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      received.push({ path: request.url ?? "", payload: JSON.parse(Buffer.concat(chunks).toString("utf8")) as Payload });
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
      for (const resolve of waiting.splice(0)) resolve();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(() => new Promise((resolve) => server.close(resolve)));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${String(port)}`, received, next: () => new Promise<void>((resolve) => waiting.push(resolve)) };
}

const value = (span: Pick<Span, "attributes">, key: string) => span.attributes.find((one) => one.key === key)?.value;

describe("OTEL_EXPORTER_OTLP_ENDPOINT", () => {
  it("gets a span of the command and, within it, one of each gate with its outcome (TEL-13)", async () => {
    const root = governed(10);
    const { url, received } = await collector();
    const run = await govWith({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: url } }, root, "gate", cycle, "--format", "json");
    const expected = (run.json()["gates"] as readonly { readonly name: string; readonly outcome: string }[]).map(({ name, outcome }) => [
      `gov.gate ${name}`,
      outcome,
    ]);
    expect(received.map(({ path }) => path)).toEqual(["/v1/traces"]);
    const spans = received
      .flatMap(({ payload }) => payload.resourceSpans ?? [])
      .flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
    const command = spans.find(({ name }) => name === "gov.command gate");
    const gates = spans.filter(({ name }) => name.startsWith("gov.gate "));
    expect(gates.map((span) => [span.name, value(span, "gov.outcome")?.stringValue])).toEqual(expected);
    expect(expected.length).toBeGreaterThan(0);
    expect(command === undefined ? null : Number(value(command, "gov.exit.code")?.intValue)).toBe(run.code);
    expect(received[0]?.payload.resourceSpans?.map(({ resource }) => value(resource, "service.name")?.stringValue)).toEqual(["gov"]);
    expect(new Set(gates.map(({ parentSpanId }) => parentSpanId))).toEqual(new Set([command?.spanId]));
  });

  it("changes nothing about a call whose collector is not there but for a line on standard error", async () => {
    const root = governed();
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9", OTEL_EXPORTER_OTLP_TIMEOUT: "300" };
    const [without, run] = [await gov(root, "gate", cycle), await govWith({ env }, root, "gate", cycle)];
    expect([run.code, run.out]).toEqual([without.code, without.out]);
    expect(run.err).toContain("spans could not be sent");
    expect((await govWith({ env: { ...env, OTEL_SDK_DISABLED: "true" } }, root, "gate", cycle)).err).toBe(without.err);
  });

  it("gets from gov serve every gate result of the log as a counter (TEL-13, GAT-22)", async () => {
    const root = governed();
    expect((await gov(root, "cycle", cycle, "create_plan")).code).toBe(0);
    expect((await gov(root, "cycle", cycle, "validate_complete")).code).toBe(0);
    const { url, received, next } = await collector();
    const arrived = next();
    const served = await govWith({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: url }, untilStopped: () => arrived }, root, "serve", "--port", "0");
    expect(served.code).toBe(0);
    const metrics = received
      .filter(({ path }) => path === "/v1/metrics")
      .flatMap(({ payload }) => payload.resourceMetrics ?? [])
      .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics));
    const points = metrics.find(({ name }) => name === "gov_gate_results_total")?.sum?.dataPoints ?? [];
    expect(points.map((point) => [value(point, "outcome")?.stringValue, Number(point.asDouble ?? point.asInt)])).toContainEqual([
      "PASS",
      1,
    ]);
  });
});

describe("otlpEndpoint()", () => {
  it("follows OpenTelemetry's own variables: one of the signal as it is, else the common one with the path of the signal", () => {
    const common = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318/" };
    expect(otlpEndpoint("traces", {})).toBeNull();
    expect(otlpEndpoint("traces", common)).toEqual({ url: "http://collector:4318/v1/traces", timeoutMillis: 10_000 });
    expect(
      otlpEndpoint("metrics", { ...common, OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: "http://other/x", OTEL_EXPORTER_OTLP_TIMEOUT: "50" }),
    ).toEqual({ url: "http://other/x", timeoutMillis: 50 });
    expect(otlpEndpoint("traces", { ...common, OTEL_EXPORTER_OTLP_TIMEOUT: "soon" })?.timeoutMillis).toBe(10_000);
    expect(otlpEndpoint("traces", { ...common, OTEL_SDK_DISABLED: "true" })).toBeNull();
  });
});
