import {
  type BeBacklog,
  type DependencyContracts,
  type FeTaskBreakdown,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  normalizeTags,
} from "@gov/schema";
import type { ContractEvidence, TaskEvidence } from "./evidence.ts";

/** The file a plan was read from. */
export interface PlanSource {
  readonly path: string;
  /** 1-based line of a JSON pointer into the document, as a parsed document locates it. @default null for every pointer */
  readonly lineOf?: ((pointer: string) => number | null) | undefined;
}

/**
 * Reads the tasks of a validated backlog or task breakdown as evidence.
 *
 * @throws TypeError that names the place when the plan was not validated, and what is read of it has another shape: nothing passes on half of it.
 */
export function tasksOf(plan: BeBacklog | FeTaskBreakdown, source: PlanSource): readonly TaskEvidence[] {
  assertEntries(plan.tasks, { path: source.path, pointer: "/tasks", lists: taskLists });
  return plan.tasks.map((task, index) => ({
    id: task.id,
    path: source.path,
    line: source.lineOf?.(`/tasks/${index}`) ?? null,
    owner: task.owner ?? null,
    tags: normalizeTags(task.tags ?? []).tags,
    dependencies: task.dependencies ?? [],
    acceptanceCriteria: task.acceptance_criteria ?? [],
    storyNodes: task.linked_story_map_nodes ?? [],
  }));
}

/**
 * The tasks of a plan that may be half filled: an entry that is no mapping is a task about which nothing is known, and what is no list
 * holds none.
 */
export function taskEntries({ tasks }: { readonly tasks: unknown }): readonly JsonObject[] {
  return Array.isArray(tasks) ? tasks.map((task: JsonValue) => (isJsonObject(task) ? task : {})) : [];
}

/** True when the status of a task means that it is delivered. */
export function isDelivered({ status }: JsonObject): boolean {
  return typeof status === "string" && deliveredWords.has(status.toLowerCase());
}

const deliveredWords: ReadonlySet<string> = new Set(["done", "completed", "delivered", "validated"]);

/** Counts the tasks of plans, and those whose status says that they are delivered; a task without a status, or that is none, is not. */
export function countTasks(plans: readonly (BeBacklog | FeTaskBreakdown)[]): { readonly completed: number; readonly total: number } {
  const tasks = plans.flatMap(taskEntries);
  return { completed: tasks.filter(isDelivered).length, total: tasks.length };
}

/**
 * Reads the contracts of a validated contracts document as evidence.
 *
 * @throws TypeError that names the place when the document was not validated, and what is read of it has another shape.
 */
export function contractsOf(document: DependencyContracts, source: PlanSource): readonly ContractEvidence[] {
  assertEntries(document.contracts, { path: source.path, pointer: "/contracts", lists: [] });
  return document.contracts.map(({ id, owner, state, due, escalation_to }, index) => ({
    id,
    owner,
    state,
    due: due ?? null,
    escalationTo: escalation_to ?? null,
    path: source.path,
    line: source.lineOf?.(`/contracts/${index}`) ?? null,
  }));
}

const taskLists = ["dependencies", "acceptance_criteria", "linked_story_map_nodes"] as const;

function assertEntries(
  entries: unknown,
  { path, pointer, lists }: { readonly path: string; readonly pointer: string; readonly lists: readonly string[] },
): void {
  const refuse = (place: string, problem: string): never => {
    throw new TypeError(`Cannot use "${path}": ${place} must be ${problem}`);
  };
  if (!Array.isArray(entries)) return refuse(pointer, "a list");
  entries.forEach((entry: JsonValue, index) => {
    const place = `${pointer}/${index}`;
    if (!isJsonObject(entry) || typeof entry["id"] !== "string") return refuse(place, "a mapping with an id");
    for (const name of lists) if (!isTexts(entry[name] ?? [])) refuse(`${place}/${name}`, "a list of texts");
    if (typeof (entry["owner"] ?? "") !== "string") refuse(`${place}/owner`, "a text");
  });
}

function isTexts(value: JsonValue): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
