/**
 * Every event has one place in one order, nobody can edit it unseen, and every number can be recomputed from it.
 *
 * @example Create a planning event
 * ```ts
 * import assert from "node:assert/strict";
 * import { createCorrelationId, createHybridClock, createTransitionEvent, nodeClock } from "@gov/telemetry";
 *
 * const context = {
 *   clock: nodeClock,
 *   order: createHybridClock({ clock: nodeClock, node: "runner-1" }),
 *   correlationId: createCorrelationId(),
 * };
 * const event = createTransitionEvent(
 *   {
 *     fromState: "PLANNED",
 *     toState: "READY_FOR_HANDOFF",
 *     entityId: "pln_task_123",
 *     triggeredBy: "system",
 *     gateResults: { schema_lint: "PASS" },
 *   },
 *   context,
 * );
 * assert.equal(Date.parse(event.event_time_utc), Date.parse(event.event_time_local));
 * ```
 *
 * @packageDocumentation
 */
export type { Clock } from "./clock.ts";
export { correlationHeader, createCorrelationId, isCorrelationId } from "./correlation-id.ts";
export { isTelemetryError, TelemetryError, type TelemetryErrorCode, telemetryErrorCodes, type TelemetryErrorOptions } from "./errors.ts";
export {
  createEvent,
  createPlanningEvent,
  createTransitionEvent,
  type EventBody,
  type EventContext,
  type EventInput,
  eventVersion,
  hasConsistentTimes,
  type TelemetryEvent,
  type TransitionPayload,
} from "./event.ts";
export { type PlanningEventType, planningEventTypes } from "./event-types.ts";
export { type TelemetryFindingCode, telemetryFindingCodes } from "./finding-codes.ts";
export { compareLamport, createHybridClock, type HybridClock, type HybridClockOptions, type Lamport } from "./hybrid-clock.ts";
export { nodeClock } from "./node-clock.ts";
export { nodeRandomBytes } from "./node-random.ts";
export type { RandomBytes } from "./random.ts";
export { formatLocal, formatUtc, localOffsetMinutes, parseTime } from "./timestamps.ts";
export { type CorrelationHeaders, correlationHeaders, readCorrelationId, traceParentHeader } from "./trace-context.ts";
