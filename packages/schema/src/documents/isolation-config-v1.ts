import { z } from "zod";
import { dataDocument } from "./data-document.ts";
import { durationV1, textV1 } from "./document-text.ts";

/** `isolation_config.yaml`: the ephemeral namespace in which deployment checks run (ENV-01). */
export const isolationConfigV1 = dataDocument({
  isolation: z.looseObject({
    namespace_prefix: z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/u),
    ephemeral: z.literal(true),
    ttl: durationV1,
    selectors: z.record(z.string(), textV1),
  }),
});
