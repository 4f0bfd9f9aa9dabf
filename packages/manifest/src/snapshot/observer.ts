import type { JsonValue } from "@gov/schema";

/** Hears of what happens: metrics, traces and alerts listen here. */
export interface Observer {
  readonly event: (name: string, fields: Readonly<Record<string, JsonValue>>) => void;
}
