import { context, type Meter, trace, type Tracer } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { AggregationTemporality, InMemoryMetricExporter, MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { createMetrics, shippedMetrics } from "@gov/telemetry/metrics";
import { createSpanObserver, createSpans, exportMetrics } from "@gov/telemetry/otel";
import { createRedactor } from "@gov/telemetry/redact";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { redactCorpus } from "./redact-corpus.ts";

// The SDK as an application sets it up.
const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
const tracer: Tracer = provider.getTracer("gov");

beforeEach(() => {
  exporter.reset();
});
afterAll(async () => {
  context.disable();
  await provider.shutdown();
});

const finished = (): readonly ReadableSpan[] => exporter.getFinishedSpans();

describe("createSpans()", () => {
  it("gives a span per command, gate and bridge append, each the child of what it runs in (TEL-13)", async () => {
    const spans = createSpans({ tracer });
    const result = await spans.command("cycle", { cycle: "PLN-1" }, () =>
      spans.gate("schema_lint", {}, async (note) => {
        await spans.bridgeAppend({ count: 2 }, () => Promise.resolve());
        note({ outcome: "PASS" });
        return 7;
      }),
    );
    expect(result).toBe(7);
    const [append, gate, command] = finished();
    expect([append, gate, command].map((span) => span?.name)).toEqual(["gov.bridge.append", "gov.gate schema_lint", "gov.command cycle"]);
    expect([append?.parentSpanContext?.spanId, gate?.parentSpanContext?.spanId, command?.parentSpanContext]).toEqual([
      gate?.spanContext().spanId,
      command?.spanContext().spanId,
      undefined,
    ]);
    expect(new Set(finished().map((span) => span.spanContext().traceId)).size).toBe(1);
    expect(gate?.attributes).toEqual({ "gov.gate.id": "schema_lint", "gov.outcome": "PASS" });
    expect(command?.attributes).toEqual({ "gov.command.name": "cycle", "gov.cycle": "PLN-1" });
  });

  it("says that work failed, ends the span and throws on what it threw", async () => {
    const spans = createSpans({ tracer });
    const error = Object.assign(new TypeError("no ann@example.org"), { code: "GATES_FAILED" });
    await expect(spans.command("gate", {}, () => Promise.reject(error))).rejects.toBe(error);
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- what some library throws
    await expect(spans.gate("x", {}, () => Promise.reject("text"))).rejects.toBe("text");
    const [first, second] = finished();
    expect(first?.status).toEqual({ code: 2, message: "no [redacted:email]" });
    expect(first?.attributes["error.type"]).toBe("GATES_FAILED");
    expect(first?.events[0]?.attributes).toMatchObject({ "exception.type": "TypeError", "exception.message": "no [redacted:email]" });
    expect(second?.status).toEqual({ code: 2, message: "text" });
  });

  it("throws on the very thing that was thrown, whether or not it can be told in words", async () => {
    const spans = createSpans({ tracer });
    const untold: unknown = Object.assign(new Error("x"), { message: Object.create(null) as unknown });
    for (const thrown of [Object.assign(new Error("x"), { message: 5 }), Object.create(null) as unknown, untold, Symbol("s"), undefined]) {
      const work = async (): Promise<never> => {
        throw thrown;
      };
      await expect(spans.gate("g", {}, work)).rejects.toBe(thrown);
    }
    expect(finished().map(({ status }) => status.message)).toEqual([
      "5",
      "an error without a text",
      "an error without a text",
      "Symbol(s)",
      "undefined",
    ]);
  });

  it("changes nothing of what work returns or throws when the span or a field fails", async () => {
    const fails = (): never => {
      throw new Error("no exporter");
    };
    const span = { setAttributes: fails, addEvent: fails, recordException: fails, setStatus: fails, end: fails };
    const broken = createSpans({ tracer: { startActiveSpan: (_, __, run) => run(span) as never } });
    const noted = broken.gate("g", {}, (note) => {
      note({ outcome: "PASS" });
      return Promise.resolve("PASS");
    });
    expect(await noted).toBe("PASS");
    const untold = Object.defineProperty(new Error("x"), "code", { get: fails });
    for (const spans of [broken, createSpans({ tracer })])
      await expect(spans.gate("g", {}, () => Promise.reject(untold))).rejects.toBe(untold);
    const odd = { paths: ["\ud800"], ratios: [Number.NaN], b: { c: 1, a: 2 } };
    expect(await createSpans({ tracer }).gate("h", odd, (note) => (note(odd), Promise.resolve(1)))).toBe(1);
    expect(finished().at(-1)?.attributes).toEqual({
      "gov.gate.id": "h",
      "gov.paths": String.raw`["\ud800"]`,
      "gov.ratios": "[null]",
      "gov.b": '{"a":2,"c":1}',
    });
  });

  it("exports nothing of the labelled corpus: names, attributes, events, errors (TEL-11)", async () => {
    const spans = createSpans({ tracer });
    const observer = createSpanObserver({ activeSpan: () => trace.getActiveSpan() });
    const leaks = redactCorpus(10).filter(({ detector }) => detector !== null);
    for (const { text } of leaks)
      await spans
        .command("run", { text, list: [text] }, (note) => {
          note({ more: { text } });
          observer.event("index.changed", { text });
          return Promise.reject(new Error(text));
        })
        .catch(() => undefined);
    const exported = JSON.stringify(finished().map(({ name, attributes, events, status }) => ({ name, attributes, events, status })));
    const plain = leaks.map(({ leak }) => JSON.stringify(leak).slice(1, -1)).filter((leak) => /^[\x20-\x7e]+$/.test(leak));
    expect(plain.length).toBeGreaterThan(20);
    expect(plain.filter((leak) => exported.includes(leak))).toEqual([]);
  });

  it("takes a tracer without an SDK, and another redactor", async () => {
    expect(await createSpans({ tracer: trace.getTracer("none") }).command("x", {}, () => Promise.resolve(1))).toBe(1);
    await createSpans({ tracer, redactor: createRedactor({ without: ["email"] }) }).gate("g", { who: "a@example.org", none: null }, () =>
      Promise.resolve(),
    );
    expect(finished()[0]?.attributes).toEqual({ "gov.gate.id": "g", "gov.who": "a@example.org" });
  });
});

describe("createSpanObserver()", () => {
  it("notes what other packages tell on the active span, and nothing without one (TEL-13)", async () => {
    const observer = createSpanObserver({ activeSpan: () => trace.getActiveSpan() });
    observer.event("index.opened", { count: 1 });
    await createSpans({ tracer }).bridgeAppend({}, () => {
      observer.event("bridge.drained", { delivered: 3, token: "abcdef", nested: { b: 1, a: [true] } });
      return Promise.resolve();
    });
    expect(finished()[0]?.events.map(({ name, attributes }) => [name, attributes])).toEqual([
      ["gov.bridge.drained", { "gov.delivered": 3, "gov.token": "[redacted:assigned-secret]", "gov.nested": '{"a":[true],"b":1}' }],
    ]);
  });
});

describe("exportMetrics()", () => {
  it("offers every registered metric with its unit and labels, as it stands when it is collected (TEL-13)", async () => {
    const store = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
    const reader = new PeriodicExportingMetricReader({ exporter: store, exportIntervalMillis: 86_400_000 });
    const meters = new MeterProvider({ readers: [reader] });
    const metrics = createMetrics();
    metrics.register(...shippedMetrics.pipeline, ...shippedMetrics.memory);
    const meter: Meter = meters.getMeter("gov");
    exportMetrics(meter, metrics);
    metrics.series("gov_gate_results_total", { gate: "schema_lint", outcome: "PASS" }).add(3);
    metrics.series("gov_disk_free_bytes").set(5);
    metrics.series("gov_gate_duration_seconds", { gate: "parity" }).observe(0.2);
    await meters.forceFlush();
    const found = store.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
    const valuesOf = (name: string): unknown =>
      found.find(({ descriptor }) => descriptor.name === name)?.dataPoints.map(({ value, attributes }) => [value, attributes]);
    expect(valuesOf("gov_gate_results_total")).toEqual([[3, { gate: "schema_lint", outcome: "PASS" }]]);
    expect(valuesOf("gov_disk_free_bytes")).toEqual([[5, {}]]);
    expect(found.find(({ descriptor }) => descriptor.name === "gov_disk_free_bytes")?.descriptor.unit).toBe("By");
    expect(valuesOf("gov_gate_duration_seconds_count")).toEqual([[1, { gate: "parity" }]]);
    expect(valuesOf("gov_gate_duration_seconds_sum")).toEqual([[0.2, { gate: "parity" }]]);
    const buckets = valuesOf("gov_gate_duration_seconds_bucket") as readonly (readonly [number, Record<string, string>])[];
    expect(buckets.filter(([, labels]) => ["0.1", "0.25", "+Inf"].includes(labels["le"] ?? ""))).toEqual([
      [0, { gate: "parity", le: "0.1" }],
      [1, { gate: "parity", le: "0.25" }],
      [1, { gate: "parity", le: "+Inf" }],
    ]);
    await meters.shutdown();
  });
});
