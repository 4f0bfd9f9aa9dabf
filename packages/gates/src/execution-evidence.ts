import { isJsonObject, type JsonObject, type JsonValue } from "@gov/schema";
import type { ChangeLogEvidence, OutcomeEvidence } from "./delivery-evidence.ts";
import type { TaskEvidence } from "./evidence.ts";
import type { PlanSource } from "./plan-evidence.ts";

/** Reads a validated `execution_change_log` as evidence: what went otherwise than planned (ART-15). */
export function changeLogOf(document: JsonObject, source: PlanSource): ChangeLogEvidence {
  const changes = recordsOf(document["changes"]).map(({ id, task_id, type }) => ({ id: text(id), task: text(task_id), kind: text(type) }));
  return { path: source.path, changes };
}

/**
 * Reads what came of each task from the `outcomes` of a validated `execution_change_log`: a list of `task_id`, `evidence` and `validation`,
 * which is `accepted` or `rejected`. The acceptance criteria are those of the plan; of a task the plan does not know there are none.
 */
export function outcomesOf(
  document: JsonObject,
  source: PlanSource & { readonly tasks: readonly TaskEvidence[] },
): readonly OutcomeEvidence[] {
  const criteria = new Map(source.tasks.map(({ id, acceptanceCriteria }) => [id, acceptanceCriteria]));
  return recordsOf(document["outcomes"]).map(({ task_id, evidence, validation }, index) => ({
    task: text(task_id),
    acceptanceCriteria: criteria.get(text(task_id)) ?? [],
    evidence: Array.isArray(evidence) ? evidence.filter((item): item is string => typeof item === "string") : [],
    validation: validation === "accepted" || validation === "rejected" ? validation : null,
    path: source.path,
    line: source.lineOf?.(`/outcomes/${index}`) ?? null,
  }));
}

function recordsOf(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter((item): item is JsonObject => isJsonObject(item)) : [];
}

function text(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : "";
}
