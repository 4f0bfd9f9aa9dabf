import { z } from "zod";
import { dataDocument } from "./data-document.ts";
import { textV1 } from "./document-text.ts";

const selectors = z.record(z.string(), textV1);

/** `staging_env.yaml`: what staging reaches, and what of production it must never reach (ENV-02). */
export const stagingEnvV1 = dataDocument({
  environment: z.literal("staging"),
  selectors,
  endpoints: z.record(z.string(), textV1).optional(),
  production_selectors: selectors,
});
