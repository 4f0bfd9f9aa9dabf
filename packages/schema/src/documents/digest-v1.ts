import { z } from "zod";
import { digestShapes } from "../wire/wire-digest.ts";
import { schemaNameV1 } from "./document-text.ts";

const line = z.int().min(1);
const member = z.strictObject({ key: z.string().min(1), value: z.string(), line });
const level = z.int().min(1).max(6);

/** A parsed digest as JSON, in any of the four shapes of the sources, with the line of each entry (DIG-01, DIG-03, DIG-04, DIG-05). */
export const digestV1 = z.strictObject({
  $schema: schemaNameV1.optional(),
  shape: z.enum(digestShapes),
  title: z.string(),
  titleLevel: level,
  titleHeading: z.string().optional(),
  preamble: z.string(),
  lead: z.string(),
  metadata: z.array(member),
  metrics: z.array(member),
  figures: z.array(
    z.strictObject({
      name: z.string(),
      value: z.string(),
      target: z.string().nullable(),
      status: z.string().nullable(),
      extra: z.record(z.string(), z.string()).optional(),
      line,
    }),
  ),
  gates: z.array(z.strictObject({ gate: z.string().min(1), outcome: z.string(), evidence: z.string().nullable(), line })),
  verification: z.array(member),
  actions: z.array(z.strictObject({ action: z.string(), owner: z.string().nullable(), due: z.string().nullable(), line })),
  sections: z.array(z.strictObject({ title: z.string(), level, text: z.string(), heading: z.string().optional(), line })),
});
