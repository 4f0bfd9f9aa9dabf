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

/** Reads the contracts of a validated contracts document as evidence. */
export function contractsOf(document: DependencyContracts, source: PlanSource): readonly ContractEvidence[] {
  return document.contracts.map(({ id, owner, state }, index) => ({
    id,
    owner,
    state,
    path: source.path,
    line: source.lineOf?.(`/contracts/${index}`) ?? null,
  }));
}
