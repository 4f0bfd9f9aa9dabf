import type { JsonObject } from "@gov/schema";
import type { Clock } from "./clock.ts";
import { isCorrelationId } from "./correlation-id.ts";
import type { PlanningEventType } from "./event-types.ts";
import type { HybridClock, Lamport } from "./hybrid-clock.ts";
import { nodeRandomBytes } from "./node-random.ts";
import type { RandomBytes } from "./random.ts";
import { formatLocal, formatUtc, parseTime } from "./timestamps.ts";

/** Version of the event shape written here. */
export const eventVersion = "1.0.0";

/** What happened: the part of an event that TEL-01 defines. */
export interface EventBody<Type extends string = string> {
  /** Unique, `evt_<year>_<month>_<day>_<20 hexadecimal digits>`. */
  readonly id: string;
  /** Alias of `event_time_utc` (B-31). */
  readonly timestamp: string;
  readonly type: Type;
  readonly payload: JsonObject;
}

/** An event: what happened, when (twice, for the same instant), in which order, and as part of what (TEL-01, TEL-03 to TEL-05). */
export interface TelemetryEvent<Type extends string = string> {
  readonly type: "planning_event" | "telemetry_event";
  readonly version: typeof eventVersion;
  /** RFC 3339 with milliseconds and `Z`. */
  readonly event_time_utc: string;
  /** The same instant with `+08:00`. */
  readonly event_time_local: string;
  /** 128 bits as 32 lower-case hexadecimal digits, the same through one chain of causes. */
  readonly correlation_id: string;
  readonly lamport: Lamport;
  readonly event: EventBody<Type>;
}

/** What {@link createEvent} and {@link createPlanningEvent} need from the world. */
export interface EventContext {
  readonly clock: Clock;
  /** Gives the event its place in the order across runners. */
  readonly order: HybridClock;
  readonly correlationId: string;
  /** @default random bytes of the machine */
  readonly random?: RandomBytes | undefined;
}

/** What an event says. */
export interface EventInput<Type extends string = string> {
  readonly type: Type;
  readonly payload: JsonObject;
}

/** Payload of a STATE_TRANSITION, as TEL-01 and GAT-22 ask for it. */
export interface TransitionPayload {
  readonly fromState: string;
  readonly toState: string;
  readonly entityId: string;
  /** Who or what caused it, such as `system`. */
  readonly triggeredBy: string;
  /** Outcome per gate. */
  readonly gateResults: Readonly<Record<string, string>>;
}

/**
 * Creates an event of any type: both times are of the same instant, the clock is read once.
 *
 * @throws RangeError when the correlation id is not 32 hexadecimal digits or the type is empty.
 */
export function createEvent<Type extends string>(input: EventInput<Type>, context: EventContext): TelemetryEvent<Type> {
  return build("telemetry_event", input, context);
}

/** Creates a planning event in the shape of TEL-01; otherwise as {@link createEvent}. */
export function createPlanningEvent<Type extends PlanningEventType>(input: EventInput<Type>, context: EventContext): TelemetryEvent<Type> {
  return build("planning_event", input, context);
}

/** Creates the planning event of a state transition, with the gate results on its payload (GAT-22). */
export function createTransitionEvent(transition: TransitionPayload, context: EventContext): TelemetryEvent<"STATE_TRANSITION"> {
  const { fromState, toState, entityId, triggeredBy, gateResults } = transition;
  const gates = Object.entries(gateResults).sort(([a], [b]) => (a < b ? -1 : 1));
  const payload: JsonObject = {
    from_state: fromState,
    to_state: toState,
    entity_id: entityId,
    metadata: { triggered_by: triggeredBy, gate_results: Object.fromEntries(gates) },
  };
  return build("planning_event", { type: "STATE_TRANSITION", payload }, context);
}

/** True when both times of an event are well-formed, of one instant, at UTC and +08:00, and the timestamp repeats the first (TEL-03). */
export function hasConsistentTimes(event: Pick<TelemetryEvent, "event_time_utc" | "event_time_local" | "event">): boolean {
  const { event_time_utc: utc, event_time_local: local } = event;
  const instant = parseTime(utc);
  // What is none at the offset, as the last hours of the year 9999, cannot be written there.
  if (instant === null || parseTime(local) !== instant || !local.endsWith("+08:00")) return false;
  return utc.endsWith("Z") && local === formatLocal(instant) && event.event.timestamp === utc;
}

function build<Type extends string>(
  kind: TelemetryEvent["type"],
  { type, payload }: EventInput<Type>,
  { clock, order, correlationId, random = nodeRandomBytes }: EventContext,
): TelemetryEvent<Type> {
  if (!isCorrelationId(correlationId))
    throw new RangeError(`Cannot create an event with correlation id "${String(correlationId)}": it must be 32 hexadecimal digits`);
  if (type === "") throw new RangeError("Cannot create an event without a type: a name is required");
  const epochMs = Math.floor(clock.now());
  const utc = formatUtc(epochMs);
  const id = `evt_${utc.slice(0, 10).replaceAll("-", "_")}_${Buffer.from(random(10)).toString("hex")}`;
  return {
    type: kind,
    version: eventVersion,
    event_time_utc: utc,
    event_time_local: formatLocal(epochMs),
    correlation_id: correlationId,
    lamport: order.tick(),
    event: { id, timestamp: utc, type, payload },
  };
}
