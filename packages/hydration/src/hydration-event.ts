import type { JsonValue } from "@gov/schema";

/** Something an observer must hear of, as a value: pass both parts to `observer.event(name, fields)`. */
export interface HydrationEvent {
  readonly name: "hydration.nondeterminism" | "routing.drift";
  readonly fields: Readonly<Record<string, JsonValue>>;
}
