import { isJsonObject, type JsonValue, type LifecycleState } from "@gov/schema";
import { type GateOutcome, gateOutcomes } from "../gate-outcome.ts";

/** What every entry tells about its occasion. */
export type EntryMetadata = {
  /** The event that was sent, such as `validate_complete`. */
  readonly event: string;
  readonly triggered_by: string;
  readonly gate_results: Readonly<Record<string, GateOutcome>>;
  /** Digest of the evidence that was judged; null when no gate was required. */
  readonly subject_digest: string | null;
};

/** What a plan is enriched with when it is created (SCH-15). */
export type PlanMetadata = {
  /** ISO 8601. */
  readonly created_at: string;
  readonly version: string;
  /** `Key` or `Key:Value`. */
  readonly tags: readonly string[];
  /** `P0` is the most urgent. */
  readonly priority: string;
};

/**
 * One entry of a cycle's history, with the `type` and `payload` of a planning event (TEL-01); the application adds id, time and
 * envelope when it appends it to the log.
 */
export type LifecycleEntry =
  | {
      readonly type: "PLAN_CREATED";
      readonly payload: {
        readonly entity_id: string;
        readonly state: LifecycleState;
        readonly metadata: EntryMetadata;
        /** Present when the plan was created from a request. */
        readonly plan?: PlanMetadata;
      };
    }
  | {
      readonly type: "STATE_TRANSITION";
      readonly payload: {
        readonly entity_id: string;
        readonly from_state: LifecycleState;
        readonly to_state: LifecycleState;
        readonly metadata: EntryMetadata;
      };
    }
  | {
      readonly type: "GATE_RESULT";
      readonly payload: {
        readonly entity_id: string;
        readonly gate: string;
        readonly outcome: GateOutcome;
        readonly metadata: EntryMetadata;
      };
    }
  | { readonly type: "cycle_complete"; readonly payload: { readonly entity_id: string; readonly metadata: EntryMetadata } };

const payloadTexts: Readonly<Record<LifecycleEntry["type"], readonly string[]>> = {
  PLAN_CREATED: ["state"],
  STATE_TRANSITION: ["from_state", "to_state"],
  GATE_RESULT: ["gate", "outcome"],
  cycle_complete: [],
};

/** True when a value read from a log has the shape of a lifecycle entry; further fields do not matter. Whether it was allowed, the fold decides. */
export function isLifecycleEntry(value: JsonValue): value is LifecycleEntry {
  if (!isJsonObject(value) || typeof value["type"] !== "string" || !Object.hasOwn(payloadTexts, value["type"])) return false;
  const { payload } = value;
  const texts = payloadTexts[value["type"] as LifecycleEntry["type"]];
  if (!isJsonObject(payload) || !["entity_id", ...texts].every((name) => typeof payload[name] === "string")) return false;
  if (value["type"] === "GATE_RESULT" && !isOutcome(payload["outcome"])) return false;
  const { metadata } = payload;
  if (!isJsonObject(metadata) || !["event", "triggered_by"].every((name) => typeof metadata[name] === "string")) return false;
  if (metadata["subject_digest"] !== null && typeof metadata["subject_digest"] !== "string") return false;
  if (!isJsonObject(metadata["gate_results"])) return false;
  return Object.values(metadata["gate_results"]).every(isOutcome);
}

function isOutcome(value: JsonValue | undefined): boolean {
  return (gateOutcomes as readonly unknown[]).includes(value);
}
