import { type BeBacklog, type DependencyContracts, type FeTaskBreakdown, normalizeTags } from "@gov/schema";
import type { ContractEvidence, TaskEvidence } from "./evidence.ts";

/** The file a plan was read from. */
export interface PlanSource {
  readonly path: string;
  /** 1-based line of a JSON pointer into the document, as a parsed document locates it. @default null for every pointer */
  readonly lineOf?: ((pointer: string) => number | null) | undefined;
}

/** Reads the tasks of a validated backlog or task breakdown as evidence. */
export function tasksOf(plan: BeBacklog | FeTaskBreakdown, source: PlanSource): readonly TaskEvidence[] {
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

/** The status words of a task that mean it is delivered. */
export const deliveredWords: ReadonlySet<string> = new Set(["done", "completed", "delivered", "validated"]);

/** Counts the tasks of validated plans, and those whose status says that they are delivered; a task without a status is not. */
export function countTasks(plans: readonly (BeBacklog | FeTaskBreakdown)[]): { readonly completed: number; readonly total: number } {
  const tasks = plans.flatMap((plan) => plan.tasks as readonly { readonly status?: string | undefined }[]);
  return { completed: tasks.filter(({ status }) => deliveredWords.has(status?.toLowerCase() ?? "")).length, total: tasks.length };
}

/** Reads the contracts of a validated contracts document as evidence. */
export function contractsOf(document: DependencyContracts, source: PlanSource): readonly ContractEvidence[] {
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
