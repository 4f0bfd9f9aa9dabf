import { z } from "zod";
import { dataDocument } from "./data-document.ts";
import { idV1, textV1 } from "./document-text.ts";

/** How much a risk matters or how likely it is, worst first. */
export const riskLevels = ["Critical", "High", "Medium", "Low"] as const;

/** `risk_register.yaml`: the risks of a plan, their mitigation, and the tasks that answer them (PLN-06, c22 §9). */
export const riskRegisterV1 = dataDocument({
  risks: z.array(
    z.looseObject({
      id: idV1,
      risk: textV1,
      impact: z.enum(riskLevels),
      probability: z.enum(riskLevels),
      mitigation: textV1,
      owner: textV1.optional(),
      status: z.enum(["open", "mitigated", "accepted", "closed"]).optional(),
      tasks: z.array(idV1).optional(),
    }),
  ),
});
