import { z } from "zod";
import { dataDocument } from "./data-document.ts";
import { durationV1, textV1 } from "./document-text.ts";

const selectors = z.record(z.string(), textV1);

/** `isolation_config.yaml`: the ephemeral namespace in which deployment checks run (ENV-01). */
export const isolationConfigV1 = dataDocument({
  isolation: z.looseObject({
    namespace_prefix: z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/u),
    ephemeral: z.literal(true),
    ttl: durationV1,
    selectors,
  }),
});

/** `staging_env.yaml`: what staging reaches, and what of production it must never reach (ENV-02). */
export const stagingEnvV1 = dataDocument({
  environment: z.literal("staging"),
  selectors,
  endpoints: z.record(z.string(), textV1).optional(),
  production_selectors: selectors,
});
