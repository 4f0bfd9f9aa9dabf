import {
  compareLamport,
  correlationHeader,
  createCorrelationId,
  createEvent,
  createHybridClock,
  createPlanningEvent,
  createTransitionEvent,
  formatLocal,
  hasConsistentTimes,
  isCorrelationId,
  nodeClock,
  nodeRandomBytes,
  planningEventTypes,
} from "@gov/telemetry";
import { type JsonObject, validateKind } from "@gov/schema";
import { digestBytes } from "@gov/schema/canonical";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { context, fakeClock } from "./telemetry-fakes.ts";

const transition = {
  fromState: "PLANNED",
  toState: "READY_FOR_HANDOFF",
  entityId: "pln_task_123",
  triggeredBy: "system",
  gateResults: { schema_lint: "PASS", custom_validation: "PASS" },
};

describe("createTransitionEvent()", () => {
  it("has the shape of the planning event, with the gate results on its payload (TEL-01, GAT-22, B-31)", () => {
    expect(validateKind("planning_event", createTransitionEvent(transition, context()) as unknown as JsonObject)).toEqual([]);
    expect(createTransitionEvent(transition, context())).toEqual({
      type: "planning_event",
      version: "1.0.0",
      event_time_utc: "2024-01-15T10:00:00.000Z",
      event_time_local: "2024-01-15T18:00:00.000+08:00",
      correlation_id: "0123456789abcdef0123456789abcdef",
      lamport: { node: "runner-1", counter: Date.parse("2024-01-15T10:00:00Z") * 1024 },
      event: {
        id: "evt_2024_01_15_07070707070707070707",
        timestamp: "2024-01-15T10:00:00.000Z",
        type: "STATE_TRANSITION",
        payload: {
          from_state: "PLANNED",
          to_state: "READY_FOR_HANDOFF",
          entity_id: "pln_task_123",
          metadata: { triggered_by: "system", gate_results: { custom_validation: "PASS", schema_lint: "PASS" } },
        },
      },
    });
  });
});

describe("createPlanningEvent()", () => {
  it("takes each of the fifteen types and gives what their shipped schema accepts (TEL-01, TEL-02, B-20)", () => {
    const payload = {
      entity_id: "pln_task_1",
      state: "PLANNED",
      from_state: "PLANNED",
      to_state: "PACKAGED",
      gate: "schema_lint",
      outcome: "PASS",
    };
    const more = { manifest_id: "MAN-1", digest: digestBytes("m"), path: "frameworks/digest.md" };
    expect(new Set(planningEventTypes).size).toBe(15);
    for (const type of planningEventTypes) {
      const event = createPlanningEvent({ type, payload: { ...payload, ...more } }, context());
      expect(validateKind("planning_event", event as unknown as JsonObject), type).toEqual([]);
    }
    const broken = createPlanningEvent({ type: "PLAN_CREATED", payload: {} }, context());
    expect(validateKind("planning_event", broken as unknown as JsonObject)).not.toEqual([]);
  });
});

describe("createEvent()", () => {
  it("gives both times of one instant, whatever the instant (TEL-03)", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_800_000 }), (ms) => {
        const event = createEvent({ type: "any.event", payload: { ms } }, context(ms));
        expect(Date.parse(event.event_time_utc)).toBe(ms);
        expect(Date.parse(event.event_time_local)).toBe(ms);
        expect(hasConsistentTimes(event)).toBe(true);
        expect(validateKind("telemetry_event", event as unknown as JsonObject)).toEqual([]);
      }),
    );
  });

  it("refuses a correlation id that is none, and an event without a type", () => {
    expect(() => createEvent({ type: "x", payload: {} }, { ...context(), correlationId: "abc" })).toThrow(RangeError);
    expect(() => createEvent({ type: "", payload: {} }, context())).toThrow(RangeError);
  });

  it("uses random bytes of the machine where none are given", () => {
    const { random: _, ...rest } = context();
    const ids = [1, 2].map(() => createEvent({ type: "x", payload: {} }, { ...rest, clock: nodeClock }).event.id);
    expect(new Set(ids).size).toBe(2);
    expect(nodeClock.monotonicMs()).toBeLessThanOrEqual(nodeClock.monotonicMs());
  });
});

describe("hasConsistentTimes()", () => {
  it("sees times of two instants, another offset and another timestamp (TEL-03)", () => {
    const event = createEvent({ type: "x", payload: {} }, context());
    expect(hasConsistentTimes({ ...event, event_time_local: formatLocal(Date.parse(event.event_time_utc) + 1) })).toBe(false);
    expect(hasConsistentTimes({ ...event, event_time_local: formatLocal(Date.parse(event.event_time_utc), 0) })).toBe(false);
    expect(hasConsistentTimes({ ...event, event: { ...event.event, timestamp: "2024-01-15T10:00:00Z" } })).toBe(false);
    expect(hasConsistentTimes({ ...event, event_time_utc: event.event_time_local })).toBe(false);
    expect(hasConsistentTimes({ ...event, event_time_utc: "now" })).toBe(false);
    for (const last of ["9999-12-31T23:00:00.000Z", "0001-01-01T00:00:00.000+08:00"])
      expect(hasConsistentTimes({ event_time_utc: last, event_time_local: last, event: { ...event.event, timestamp: last } })).toBe(false);
  });
});

describe("createCorrelationId()", () => {
  it("is 128 bits in lower-case hexadecimal digits, never all zero (TEL-04)", () => {
    expect(createCorrelationId()).toMatch(/^[0-9a-f]{32}$/);
    let calls = 0;
    expect(createCorrelationId((length) => new Uint8Array(length).fill(calls++))).toBe("01".repeat(16));
    expect([isCorrelationId("0".repeat(32)), isCorrelationId("A".repeat(32)), isCorrelationId(7), isCorrelationId("a".repeat(31))]).toEqual(
      Array(4).fill(false),
    );
    expect(correlationHeader).toBe("X-Correlation-Id");
    expect(nodeRandomBytes(5)).toHaveLength(5);
  });
});

describe("createHybridClock()", () => {
  it("goes forward when the wall clock stands still or steps back", () => {
    const clock = fakeClock(1_000_000);
    const order = createHybridClock({ clock, node: "a" });
    const first = order.tick().counter;
    expect(order.tick().counter).toBe(first + 1);
    clock.move(-5000);
    expect(order.tick().counter).toBe(first + 2);
    clock.move(6000);
    expect(order.tick().counter).toBe(1_001_000 * 1024);
  });

  it("puts what was seen before what follows from it, whatever the clocks say, in one total order (TEL-05)", () => {
    const step = fc.record({ from: fc.nat(2), to: fc.nat(2), drift: fc.integer({ min: -2000, max: 2000 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.tuple(fc.nat(50_000), fc.nat(50_000), fc.nat(50_000)), (steps, starts) => {
        const runners = starts.map((ms, index) => {
          const clock = fakeClock(1_000_000 + ms);
          return { clock, order: createHybridClock({ clock, node: `n${String(index)}` }) };
        });
        const all: ReturnType<(typeof runners)[number]["order"]["tick"]>[] = [];
        for (const { from, to, drift } of steps) {
          const [sender, receiver] = [runners[from], runners[to]];
          if (sender === undefined || receiver === undefined) throw new Error("No such runner");
          sender.clock.move(drift);
          const sent = sender.order.tick();
          receiver.order.merge(sent);
          const received = receiver.order.tick();
          expect(compareLamport(sent, received)).toBeLessThan(0);
          all.push(sent, received);
        }
        const sorted = [...all].sort(compareLamport);
        for (let index = 1; index < sorted.length; index++)
          expect(compareLamport(sorted[index - 1] ?? sent0, sorted[index] ?? sent0)).toBeLessThan(0);
      }),
      { numRuns: 200 },
    );
  });

  it("does not follow a clock that is far ahead, and goes on from a given counter", () => {
    const order = createHybridClock({ clock: fakeClock(0), node: "a", maxDriftMs: 1000, last: 7 });
    expect(() => order.merge({ node: "b", counter: 1001 * 1024 })).toThrow(expect.objectContaining({ code: "TELEMETRY_CLOCK_DRIFT" }));
    expect(order.tick()).toEqual({ node: "a", counter: 8 });
    order.merge({ node: "b", counter: 1000 * 1024 });
    expect(order.tick().counter).toBe(1000 * 1024 + 1);
    expect(() => order.merge({ node: "b", counter: 0.5 })).toThrow(RangeError);
    expect(() => createHybridClock({ clock: fakeClock(0), node: "" })).toThrow(RangeError);
  });

  it("gives no place where the clock says no time or counters end, and goes on when it does again (TEL-05)", () => {
    let now = Number.NaN;
    const order = createHybridClock({ clock: { now: () => now, monotonicMs: () => 0 }, node: "a" });
    expect(() => order.tick()).toThrow(RangeError);
    expect(() => order.merge({ node: "b", counter: 5 })).toThrow(expect.objectContaining({ code: "TELEMETRY_CLOCK_DRIFT" }));
    now = Infinity;
    expect(() => order.tick()).toThrow(RangeError);
    now = 0;
    expect(order.tick().counter).toBe(1);
    const last = createHybridClock({ clock: fakeClock(0), node: "a", last: Number.MAX_SAFE_INTEGER });
    expect(() => last.tick()).toThrow(RangeError);
  });

  it("orders equal counters by node", () => {
    expect([
      compareLamport({ node: "a", counter: 1 }, { node: "b", counter: 1 }),
      compareLamport({ node: "b", counter: 1 }, { node: "a", counter: 1 }),
    ]).toEqual([-1, 1]);
    expect(compareLamport(sent0, sent0)).toBe(0);
  });
});

const sent0 = { node: "", counter: 0 };
