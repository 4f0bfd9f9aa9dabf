import { join } from "node:path";
import { createCorrelationId, createEvent, createHybridClock, nodeClock } from "@gov/telemetry";
import { createAlerts } from "@gov/telemetry/alerts";
import { openAuditJournal, toAuditInput } from "@gov/telemetry/audit";
import { createMetrics, formatLogLine, metricSets, shippedMetrics } from "@gov/telemetry/metrics";
import { createRedactor } from "@gov/telemetry/redact";
import type { PreparedRow, Row, RowContext } from "../row.ts";
import { quantile } from "../statistics.ts";

/** What becomes of an event: created, redacted, logged, counted, watched; and written into the chained log. */
export const processEventsRows: readonly Row[] = [
  { id: "process-events", title: "Events processed in process, and end to end into a durable chained log", prepare: prepareEvents },
];

async function prepareEvents({ scratch, quick }: RowContext): Promise<PreparedRow> {
  const count = quick ? 2_000 : 10_000;
  const order = createHybridClock({ clock: nodeClock, node: "bench" });
  const redactor = createRedactor();
  const metrics = createMetrics();
  for (const set of metricSets) metrics.register(...shippedMetrics[set]);
  const duration = metrics.series("gov_event_processing_duration_seconds");
  const alerts = createAlerts({ clock: nodeClock, mode: () => "hard_block", sink: { notify: () => undefined } });
  const correlationId = createCorrelationId();
  const journal = await openAuditJournal(join(scratch, "events"));
  const types = ["gate.passed", "index.changed", "hydration.selected", "drift.checked"];

  const processOne = (n: number) => {
    const start = performance.now();
    const payload = { entity_id: `PLN-${n}`, from_state: "PLANNED", to_state: "PACKAGED", note: "moved on by the pipeline" };
    const event = createEvent({ type: types[n % types.length] ?? "gate.passed", payload }, { clock: nodeClock, order, correlationId });
    const { type } = event.event;
    alerts.observe({ type, subject: payload.entity_id, payload });
    const line = formatLogLine(
      {
        level: "info",
        message: `${type} ${payload.entity_id}`,
        service: "gov",
        epochMs: nodeClock.now(),
        correlationId,
        fields: { "event.action": type },
      },
      { redactor },
    );
    duration.observe((performance.now() - start) / 1000);
    return { event, line };
  };
  const endToEnd = async (n: number): Promise<void> => {
    const { event } = processOne(n);
    await journal.append([toAuditInput(event, { actor: "bench", subject: `PLN-${n}` })], { expectedSeq: "any" });
  };
  const each = async (run: (n: number) => Promise<void>): Promise<readonly number[]> => {
    const times: number[] = [];
    let next = 0;
    const produce = async (): Promise<void> => {
      while (next < count) {
        const start = performance.now();
        await run(next++);
        times.push(performance.now() - start);
      }
    };
    await Promise.all(Array.from({ length: 64 }, produce));
    return times;
  };
  const inProcess: number[] = [];
  for (let n = 0; n < count; n++) {
    const start = performance.now();
    processOne(n);
    inProcess.push(performance.now() - start);
  }
  const durable = await each(endToEnd);
  const shown = (times: readonly number[]): string => `${quantile(times, 0.5).toFixed(3)} / ${quantile(times, 0.99).toFixed(3)} ms`;
  return {
    subject: "@gov/telemetry, in process",
    contenders: [
      {
        name: "@gov/telemetry, in process",
        operations: count,
        run: () => {
          for (let n = 0; n < count; n++) processOne(n);
        },
      },
      { name: "@gov/telemetry, end to end, 64 producers, durable", operations: count, run: async () => void (await each(endToEnd)) },
    ],
    rounds: quick ? 3 : 9,
    warmups: 1,
    counts: new Map([["@gov/telemetry, in process", { "p99, ms": quantile(inProcess, 0.99) }]]),
    notes: [
      `${count} events: created with both times and an order, offered to every alert, formatted as a redacted ECS line, counted; end to end also redacted, chained and synced.`,
      `p50 / p99 of one event in process ${shown(inProcess)}; end to end with 64 under way ${shown(durable)}. Milliseconds per event: 1 is 1,000 messages a second.`,
    ],
  };
}
