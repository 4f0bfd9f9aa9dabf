import { z } from "zod";
import { embeddedMetadataV1 } from "./artifact-metadata-v1.ts";
import { dateOrTimestampV1, idV1 } from "./document-text.ts";

/** Whether what another stream owes is there (`satisfied`), stood in for (`stubbed`), or missing (`open`). */
export const contractStates = ["satisfied", "stubbed", "open"] as const;

/** A dependency of one stream on another, with an owner and a way to escalate (ART-17). */
export const dependencyContractV1 = z.strictObject({
  id: idV1,
  title: z.string().min(1).optional(),
  /** The stream or task that needs it. */
  consumer: z.string().min(1),
  /** The stream or task that owes it. */
  provider: z.string().min(1),
  owner: z.string().min(1),
  state: z.enum(contractStates),
  due: dateOrTimestampV1.optional(),
  escalation_to: z.string().min(1).optional(),
});

/** `dependency_contracts.yaml`: what the streams of one cycle owe each other. */
export const dependencyContractsV1 = z.looseObject({
  version: z.string().min(1),
  metadata: embeddedMetadataV1.optional(),
  contracts: z.array(dependencyContractV1),
});
