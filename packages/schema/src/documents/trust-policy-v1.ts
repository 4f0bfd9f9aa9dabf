import { z } from "zod";
import { schemaNameV1, textV1 } from "./document-text.ts";

const instant = z.string().regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?Z$/u);

/** `trust_policy.yaml`: whose signatures are enough; whether its keys are safe is judged where they are used (MAN-10). */
export const trustPolicyV1 = z.strictObject({
  $schema: schemaNameV1.optional(),
  version: z.literal(1),
  keys: z
    .array(
      z.strictObject({
        person: textV1,
        role: textV1,
        /** SPKI PEM text, or a JWK. */
        publicKey: z.union([textV1, z.looseObject({ kty: textV1 })]),
        algorithm: textV1.optional(),
        validFrom: instant.optional(),
        validTo: instant.optional(),
      }),
    )
    .min(1)
    .max(256),
  required: z.int().min(1),
  roles: z.record(z.string(), z.int().min(1)).optional(),
});
