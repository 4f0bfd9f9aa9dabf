import { type Finding, isJsonObject, type JsonObject, type JsonValue, validateKind } from "@gov/schema";
import { makeFinding } from "./internal/make-finding.ts";

/** What can go otherwise than planned while a plan is executed (LIF-16, c33 §4). */
export const changeTypes = ["deviation", "scope_change", "exception_approval"] as const;

/** A kind of change. */
export type ChangeType = (typeof changeTypes)[number];

/** Something that went otherwise than planned, as somebody reports it. */
export interface ChangeRequest {
  readonly type: ChangeType;
  readonly task: string;
  readonly description: string;
  readonly by: string;
  /** Who allowed it; an exception needs somebody other than who reports it. */
  readonly approvedBy?: string | undefined;
  /** How many points the scope grew or shrank by. */
  readonly pointsDelta?: number | undefined;
  /** Until when an exception holds, RFC 3339. */
  readonly expiresAt?: string | undefined;
}

/** The change to add to the log of changes, or every reason why not. */
export type ChangePlan = { readonly ok: true; readonly change: JsonObject } | { readonly ok: false; readonly findings: readonly Finding[] };

/**
 * Plans an entry of an `execution_change_log`: it belongs to a task that the plan knows, and an exception names who allowed it, who is somebody else.
 *
 * @param options.log - the document as it stands; null when there is none yet.
 * @param options.tasks - ids of the tasks of the plan.
 * @param options.at - when it is recorded, RFC 3339.
 * @example Record a deviation
 * ```ts
 * import assert from "node:assert/strict";
 * import { planChange } from "@gov/gates";
 *
 * const request = { type: "deviation", task: "T-1", description: "The index is rebuilt twice", by: "ada" };
 * const plan = planChange(request, { cycle: "PLN-BE-2026-01", log: null, tasks: ["T-1"], at: "2026-01-10T09:00:00Z" });
 * assert(plan.ok);
 * assert.equal(plan.change.id, "CHG-1");
 * ```
 */
export function planChange(
  request: ChangeRequest,
  options: { readonly cycle: string; readonly log: JsonObject | null; readonly tasks: readonly string[]; readonly at: string },
): ChangePlan {
  const { type, task, description, by, approvedBy, pointsDelta, expiresAt } = request;
  const { cycle, log, tasks, at } = options;
  const findings: Finding[] = [];
  const refuse = (problem: string): void => void findings.push(makeFinding("GATES_CHANGE_REFUSED", problem));
  if (description.trim() === "") refuse("Nobody said what went otherwise than planned");
  if (!tasks.includes(task)) refuse(`"${task}" is no task of the plan`);
  if (type === "exception_approval" && (approvedBy ?? "").trim() === "") refuse("An exception needs somebody who allowed it");
  if (approvedBy !== undefined && isSamePerson(approvedBy, by)) refuse(`${by} reports it and cannot be who allowed it`);
  if (pointsDelta !== undefined && type !== "scope_change") refuse("Only a change of scope changes points");
  if (expiresAt !== undefined && type !== "exception_approval") refuse("Only an exception has an end");
  const known = recordsOf(log?.["changes"]);
  const change: JsonObject = {
    id: nextId(known),
    type,
    task_id: task,
    description,
    recorded_at: at,
    recorded_by: by,
    ...(approvedBy === undefined ? {} : { approved_by: approvedBy }),
    ...(pointsDelta === undefined ? {} : { points_delta: pointsDelta }),
    ...(expiresAt === undefined ? {} : { expires_at: expiresAt }),
  };
  const standing = known.find((one) => isSameChange(one, change));
  if (standing !== undefined) refuse(`It was recorded already, as "${standing["id"] as string}"`);
  const whole = { version: "1.0.0", cycle_id: cycle, ...log, changes: [...known, change] };
  if (whole.cycle_id !== cycle) refuse(`The log of changes is that of cycle "${String(whole.cycle_id)}"`);
  if (findings.length === 0) for (const { message } of validateKind("execution_change_log", whole) ?? []) refuse(message);
  return findings.length === 0 ? { ok: true, change } : { ok: false, findings };
}

/** Whether two entries report the same thing: reporting it again, as after a lost answer, adds nothing. */
function isSameChange(left: JsonObject, right: JsonObject): boolean {
  return ["type", "task_id", "description", "approved_by", "points_delta", "expires_at"].every((field) => left[field] === right[field]);
}

function recordsOf(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter((item): item is JsonObject => isJsonObject(item)) : [];
}

function nextId(known: readonly JsonObject[]): string {
  const used = new Set(known.map(({ id }) => id));
  let number = known.length + 1;
  while (used.has(`CHG-${number}`)) number += 1;
  return `CHG-${number}`;
}

function isSamePerson(a: string, b: string): boolean {
  return a.normalize("NFC").trim().toLowerCase() === b.normalize("NFC").trim().toLowerCase();
}
