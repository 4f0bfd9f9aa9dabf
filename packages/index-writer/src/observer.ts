import type { JsonValue } from "@gov/schema";

/** Hears what happens; telemetry listens, nobody here knows it. What it throws is passed over. */
export interface Observer {
  readonly event: (name: string, fields: Readonly<Record<string, JsonValue>>) => void;
}
