import { createHybridClock, type Clock, type EventContext } from "@gov/telemetry";
import type { AuditInput } from "@gov/telemetry/audit";

/** A clock that stands still until moved; `set` moves the time of day alone, as who sets a machine's clock does. */
export function fakeClock(startMs: number): Clock & { readonly move: (ms: number) => void; readonly set: (ms: number) => void } {
  let elapsedMs = startMs;
  let setMs = 0;
  return {
    now: () => elapsedMs + setMs,
    monotonicMs: () => elapsedMs,
    move: (ms) => void (elapsedMs += ms),
    set: (ms) => void (setMs += ms),
  };
}

export function context(startMs: number = Date.parse("2024-01-15T10:00:00Z")): EventContext {
  const clock = fakeClock(startMs);
  return {
    clock,
    order: createHybridClock({ clock, node: "runner-1" }),
    correlationId: "0123456789abcdef0123456789abcdef",
    random: (length: number) => new Uint8Array(length).fill(7),
  };
}

export const noLock = (): Promise<{ readonly release: () => Promise<void> }> => Promise.resolve({ release: () => Promise.resolve() });

export function input(kind: string, more: Partial<AuditInput> = {}): AuditInput {
  return { time: "2024-01-15T10:00:00.000Z", kind, actor: "ann", subject: "pln_task_1", payload: { note: "ü", n: 1 }, ...more };
}
