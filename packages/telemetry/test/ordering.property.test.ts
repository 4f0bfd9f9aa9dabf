import { compareLamport, createHybridClock, type Lamport } from "@gov/telemetry";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { proofRuns } from "./proof-runs.ts";
import { fakeClock } from "./telemetry-fakes.ts";

const nodes = ["a", "b", "c"] as const;
const step = fc.oneof(
  fc.record({ kind: fc.constant("tick" as const), node: fc.nat(2) }),
  fc.record({ kind: fc.constant("message" as const), node: fc.nat(2), to: fc.nat(2) }),
  fc.record({ kind: fc.constant("clock" as const), node: fc.nat(2), ms: fc.integer({ min: -5000, max: 5000 }) }),
);

interface Placed {
  readonly place: Lamport;
  /** Indexes of all events that this one knows of. */
  readonly causes: ReadonlySet<number>;
}

describe("createHybridClock()", () => {
  it("orders causes before what they cause, totally, on any schedule of events, messages and clock steps (TEL-05)", () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 80 }),
        fc.array(fc.integer({ min: 0, max: 60_000 }), { minLength: 3, maxLength: 3 }),
        (steps, starts) => {
          const clocks = starts.map((start) => fakeClock(1_700_000_000_000 + start));
          const orders = nodes.map((node, at) => createHybridClock({ clock: clocks[at] ?? fakeClock(0), node }));
          const known = nodes.map(() => new Set<number>());
          const events: Placed[] = [];
          const tick = (node: number): number => {
            const place = orders[node]?.tick() ?? { node: "", counter: 0 };
            events.push({ place, causes: new Set(known[node]) });
            known[node]?.add(events.length - 1);
            return events.length - 1;
          };
          for (const one of steps) {
            if (one.kind === "clock") clocks[one.node]?.move(one.ms);
            else {
              const at = tick(one.node);
              if (one.kind === "message") {
                orders[one.to]?.merge(events[at]?.place ?? { node: "", counter: 0 });
                for (const cause of [...(events[at]?.causes ?? []), at]) known[one.to]?.add(cause);
              }
            }
          }
          for (const [index, { place, causes }] of events.entries())
            for (const [other, { place: against }] of events.entries()) {
              const order = compareLamport(place, against);
              expect(order === 0).toBe(index === other);
              expect(Math.sign(order)).toBe(0 - Math.sign(compareLamport(against, place)));
              if (causes.has(other)) expect(order).toBeGreaterThan(0);
            }
        },
      ),
      { numRuns: proofRuns(150) },
    );
  });
});
