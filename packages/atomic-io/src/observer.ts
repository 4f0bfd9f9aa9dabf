/** Anything JSON can say. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** Hears what happens; telemetry listens, nobody here knows it. What it throws is passed over. */
export interface Observer {
  readonly event: (name: string, fields: Readonly<Record<string, JsonValue>>) => void;
}
