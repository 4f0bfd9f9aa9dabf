import { z } from "zod";
import { idV1, sha256V1, timestampV1 } from "./document-text.ts";
import { gateOutcomes } from "./handoff-manifest-v1.ts";
import { lifecycleStates } from "./rulebook-v1.ts";
import { eventEnvelopeV1 } from "./telemetry-event-v1.ts";

/** The ten events that move a cycle along an edge of its lifecycle (LIF-02..12). */
export const lifecycleEvents = [
  "create_plan",
  "update_plan",
  "validate_complete",
  "package_artifacts",
  "begin_execution",
  "validate_results",
  "analyze_metrics",
  "cycle_complete",
  "validation_failed",
  "execution_failed",
] as const;

const state = z.enum(lifecycleStates);
const results = z.record(z.string(), z.enum(gateOutcomes));

function event<Type extends z.ZodType, Payload extends z.ZodRawShape>(type: Type, payload: Payload) {
  return z.looseObject({ id: idV1, timestamp: timestampV1, type, payload: z.looseObject({ entity_id: idV1, ...payload }) });
}

/** One event of a planning cycle; all fifteen types have a schema (B-20, SCH-18). */
export const planningEventV1 = z.looseObject({
  type: z.literal("planning_event"),
  version: z.literal("1.0.0"),
  ...z.object(eventEnvelopeV1).partial().shape,
  event: z.discriminatedUnion("type", [
    event(z.enum(lifecycleEvents), {}),
    event(z.literal("PLAN_CREATED"), { state: z.literal("PLANNED") }),
    event(z.literal("STATE_TRANSITION"), {
      from_state: state,
      to_state: state,
      metadata: z.looseObject({ triggered_by: z.string().min(1), gate_results: results }).optional(),
    }),
    event(z.literal("GATE_RESULT"), { gate: z.string().min(1), outcome: z.enum(gateOutcomes) }),
    event(z.literal("MANIFEST_SEALED"), { manifest_id: idV1, digest: sha256V1 }),
    event(z.literal("DIGEST_PUBLISHED"), { path: z.string().min(1) }),
  ]),
});
