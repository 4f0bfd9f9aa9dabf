import { z } from "zod";
import { idV1, timestampV1 } from "./document-text.ts";

/** The envelope of every telemetry event: one place in one order, in two time zones, with a correlation id (B-31, SCH-08). */
export const telemetryEventV1 = z.looseObject({
  id: idV1,
  name: z.string().min(1),
  event_time_utc: z.string().regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?Z$/u),
  event_time_local: timestampV1,
  /** 128 bits, in lower-case hexadecimal. */
  correlation_id: z.string().regex(/^[0-9a-f]{32}$/u),
  lamport: z.strictObject({ node: z.string().min(1), counter: z.int().min(0) }).optional(),
  fields: z.record(z.string(), z.json()),
});
