import {
  compareFindings,
  type Finding,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  normalizeTags,
  type SchemaIssue,
  type Tag,
  validateKind,
} from "@gov/schema";
import { isCriticalWord } from "../internal/critical-tag.ts";
import { makeFinding } from "../internal/make-finding.ts";
import { parseTime } from "../internal/parse-time.ts";
import { foldCycle, type CycleState } from "./cycle-state.ts";
import type { LifecycleEntry, PlanMetadata } from "./lifecycle-entry.ts";
import type { LifecycleTable } from "./lifecycle-table.ts";
import { planTransition } from "./plan-transition.ts";

/** What a plan is created under. */
export interface CreatePlanOptions {
  readonly table: LifecycleTable;
  /** The log as it stands; a plan is created once. */
  readonly log: readonly LifecycleEntry[];
  /** Sequence number of the log's last entry; the append must expect it. */
  readonly seq: number;
  /** The instant of creation, ISO 8601 with an offset. */
  readonly createdAt: string;
  /** Id of the plan when the request names no `cycle_id`; held to the same rules. @default the request must name one */
  readonly planId?: string | undefined;
  /** Where the request was read from, for findings. @default null */
  readonly path?: string | null | undefined;
}

/** A plan to persist and emit by one append, or every reason why there is none. */
export type PlanCreation =
  | {
      readonly ok: true;
      readonly planId: string;
      readonly metadata: PlanMetadata;
      readonly entries: readonly LifecycleEntry[];
      readonly expectedSeq: number;
      readonly next: CycleState;
    }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/**
 * Creates a plan from a request, in the order of c22 §4.1 (LIF-14): the request is validated as `planning_request`, then enriched with
 * the time of creation, version, tags and priority, then `PLAN_CREATED` is ready to be appended: that one append persists and emits.
 * The priority is the one asked for, else that of the criticality tag, where 0 is `P0`, else `P2`.
 *
 * @throws RangeError when `seq` is not a whole number, or the table has two edges for one source and event.
 * @example Create a plan
 * ```ts
 * import assert from "node:assert/strict";
 * import { createPlan } from "@gov/gates/lifecycle";
 * import { presets } from "@gov/schema/presets";
 *
 * const request = { title: "Audit export", requested_by: "ada", cycle_id: "PLN-BE-2026-01", tags: ["criticality:0"] };
 * const options = { table: presets.be.lifecycle, log: [], seq: 0, createdAt: "2026-01-10T09:00:00Z" };
 * const created = createPlan(request, options);
 * assert(created.ok);
 * assert.equal(created.planId, "PLN-BE-2026-01");
 * assert.deepEqual(created.metadata, { created_at: "2026-01-10T09:00:00Z", version: "1.0.0", tags: ["criticality:0"], priority: "P0" });
 * assert.equal(createPlan({ title: "" }, options).ok, false);
 * ```
 */
export function createPlan(request: JsonValue, options: CreatePlanOptions): PlanCreation {
  const { table, log, seq, createdAt, path = null } = options;
  const { planId: given } = options;
  const named = isJsonObject(request) && given !== undefined ? { cycle_id: given, ...request } : request;
  const findings = requestFindings(named, { createdAt, path });
  if (findings.length > 0 || !isJsonObject(named)) return { ok: false, findings };
  const { tags } = normalizeTags(named["tags"] ?? []);
  const { cycle_id: planId } = named;
  if (typeof planId !== "string") {
    const message = "The request names no cycle_id, and no id was given for the plan";
    return { ok: false, findings: [makeFinding("GATES_REQUEST_INVALID", message, { path })] };
  }
  const metadata: PlanMetadata = { created_at: createdAt, version: "1.0.0", tags: tags.map(tagText), priority: priorityOf(named, tags) };
  const plan = planTransition(foldCycle(log, { entityId: planId, table }), "create_plan", {
    table,
    gates: {},
    report: null,
    evidence: null,
    seq,
    triggeredBy: named["requested_by"] as string,
  });
  if (!plan.ok) return { ok: false, findings: plan.findings };
  const entries = plan.entries.map((entry) => ({ ...entry, payload: { ...entry.payload, plan: metadata } }) as LifecycleEntry);
  return { ok: true, planId, metadata, entries, expectedSeq: plan.expectedSeq, next: plan.next };
}

function requestFindings(
  request: JsonValue,
  { createdAt, path }: { readonly createdAt: string; readonly path: string | null },
): readonly Finding[] {
  const refuse = (message: string) => makeFinding("GATES_REQUEST_INVALID", message, { path });
  const issues = validateKind("planning_request", request) as readonly SchemaIssue[];
  const rejected = isJsonObject(request) ? normalizeTags(request["tags"] ?? []).rejected : [];
  return [
    ...issues.map(({ pointer, message }) => refuse(`${pointer === "" ? "The request" : pointer}: ${message}`)),
    ...rejected.map((pointer) => refuse(`/tags${pointer}: it is no tag`)),
    ...(parseTime(createdAt) === null || !createdAt.includes("T")
      ? [refuse(`The plan is created at "${createdAt}", which is no time`)]
      : []),
  ].sort(compareFindings);
}

/** P0 to P9 as asked for, else what the criticality says; without either a plan is as urgent as its default tag, 2. */
function priorityOf(request: JsonObject, tags: readonly Tag[]): string {
  if (typeof request["priority"] === "string") return request["priority"];
  const levels = tags.flatMap(({ key, value }) => {
    if (isCriticalWord({ key, value })) return [0];
    return key.toLowerCase() === "criticality" && value !== null && /^[0-9]$/.test(value) ? [Number(value)] : [];
  });
  return `P${levels.length === 0 ? 2 : levels.reduce((least, level) => Math.min(least, level))}`;
}

function tagText({ key, value }: Tag): string {
  return value === null ? key : `${key}:${value}`;
}
