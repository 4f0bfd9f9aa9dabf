import { z } from "zod";
import { idV1, timestampV1 } from "./document-text.ts";

/** When an event happened (twice, for one instant), in which order, and as part of what (TEL-03, B-31). */
export const eventEnvelopeV1 = {
  event_time_utc: z.string().regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?Z$/u),
  event_time_local: timestampV1,
  /** 128 bits, in lower-case hexadecimal. */
  correlation_id: z.string().regex(/^[0-9a-f]{32}$/u),
  lamport: z.looseObject({ node: z.string().min(1), counter: z.int().min(0) }),
};

/** A telemetry event that is not a planning event (SCH-08). */
export const telemetryEventV1 = z.looseObject({
  type: z.literal("telemetry_event"),
  version: z.literal("1.0.0"),
  ...eventEnvelopeV1,
  event: z.looseObject({ id: idV1, timestamp: timestampV1, type: z.string().min(1), payload: z.looseObject({}) }),
});
