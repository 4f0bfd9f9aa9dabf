import type { JsonValue } from "@gov/schema";

/** Every event of this package, sorted; alerts and logs listen to these names. */
export const hydrationEventNames = [
  "drift.detected",
  "drift.resolved",
  "hydration.nondeterministic",
  "hydration.selected",
  "hydration.unresolved",
  "routing.conflict",
  "routing.drift",
  "routing.resolved",
] as const;

/**
 * Something an observer must hear of, as a value: pass both parts to `observer.event(name, fields)`. `fields.subject` is a text that
 * says what the event is about, so that `drift.resolved` and `routing.resolved` end what began about the same subject.
 */
export interface HydrationEvent {
  readonly name: (typeof hydrationEventNames)[number];
  readonly fields: Readonly<Record<string, JsonValue>> & { readonly subject: string };
}
