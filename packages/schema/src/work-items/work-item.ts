import type { Tag } from "../artifact.ts";
import type { JsonObject } from "../json.ts";

/** States of a work item; a vocabulary of its own, apart from those of artifacts, cycles and digests (B-11, B-23). */
export const workItemStatuses = ["todo", "in_progress", "blocked", "done", "dropped"] as const;

/** Kinds of work items, largest first (ART-06). */
export const workItemTypes = ["epic", "story", "task"] as const;

/** One piece of planned work, whatever its plan calls its fields: `owner` or `owners`, `effort`, `effort_points` or `estimates` (B-11). */
export interface WorkItem {
  readonly id: string;
  /** Null where the plan does not say. */
  readonly type: (typeof workItemTypes)[number] | null;
  readonly title: string;
  readonly description: string | null;
  readonly owners: readonly string[];
  readonly tags: readonly Tag[];
  readonly priority: string | null;
  /** In points; null where the plan does not say, or says something else than a number. */
  readonly effort: number | null;
  /** As written: one of {@link workItemStatuses} where the plan follows them. */
  readonly status: string | null;
  readonly dependencies: readonly string[];
  readonly acceptanceCriteria: readonly string[];
  readonly risk: string | null;
  /** Id of the cycle. */
  readonly plannedIn: string | null;
  /** Ids of the stories it links to. */
  readonly storyNodes: readonly string[];
  /** Paths or names of what it makes. */
  readonly artifacts: readonly string[];
  /** Fields that none of these names stand for, as they are. */
  readonly extra: JsonObject;
  readonly path: string | null;
  /** 1-based, or null without a place. */
  readonly line: number | null;
}

/** What a field of a work item may be called, its own name first. */
export const workItemAliases = {
  owner: ["owner", "owners"],
  effort: ["effort", "effort_points", "estimate", "estimates"],
  acceptance_criteria: ["acceptance_criteria"],
  linked_story_map_nodes: ["linked_story_map_nodes"],
  dependencies: ["dependencies"],
} as const satisfies Readonly<Record<string, readonly string[]>>;
