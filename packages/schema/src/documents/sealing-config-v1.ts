import { z } from "zod";
import { dataDocument } from "./data-document.ts";
import { durationV1, textV1 } from "./document-text.ts";

/** Algorithms a manifest may be sealed with. */
export const sealingAlgorithms = ["RSA-SHA256", "RSA-PSS-SHA256", "ECDSA-SHA256", "ECDSA-SHA384", "Ed25519"] as const;

/** `sealing_config.yaml`: which key seals, whose signatures are enough, how long a seal is kept (MAN-10). */
export const sealingConfigV1 = dataDocument({
  sealing: z.looseObject({
    algorithm: z.enum(sealingAlgorithms),
    key_management: z.looseObject({ type: textV1, key_id: textV1 }),
    verification: z.looseObject({
      required_signatures: z.int().min(1),
      signers: z.array(z.looseObject({ role: textV1 })).min(1),
    }),
    immutability: z.looseObject({ storage: textV1, retention: durationV1, audit_trail: z.enum(["enabled", "disabled"]) }),
  }),
});
