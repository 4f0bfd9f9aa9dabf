import { z } from "zod";
import { dataDocument } from "./data-document.ts";
import { gateConfigV1 } from "./rulebook-v1.ts";

/** `gate_config.yaml`: gates by name, each with its triggers and validators (GAT-05). */
export const gateConfigDocumentV1 = dataDocument({ gates: z.record(z.string(), gateConfigV1) });
