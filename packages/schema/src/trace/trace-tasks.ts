import { compareFindings, type Finding } from "../finding.ts";
import { makeFinding } from "../internal/make-finding.ts";
import { type StoryNode } from "../story-map/story-map.ts";

/** A task of a plan, with what it says it is for. */
export interface TraceTask {
  readonly id: string;
  /** Ids of the stories it links to. */
  readonly storyNodes: readonly string[];
  /** Names of KPIs it says it counts in. */
  readonly kpis: readonly string[];
  readonly path: string | null;
  /** 1-based, or null. */
  readonly line: number | null;
}

/** A KPI and which tasks it counts: those that name it, and those that link to one of its stories. */
export interface TraceKpi {
  readonly name: string;
  /** Ids of stories; `"every"` when it counts every task. @default none */
  readonly storyNodes?: readonly string[] | "every" | undefined;
}

/** What a task is for: its stories, and the KPIs it counts in. */
export interface TraceRow {
  readonly task: string;
  /** Ids of stories that the map has, sorted. */
  readonly stories: readonly string[];
  /** Names of KPIs that are known, sorted. */
  readonly kpis: readonly string[];
}

/** The trace of a plan from tasks over stories to KPIs. */
export interface Trace {
  /** One row for each task, in their order. */
  readonly rows: readonly TraceRow[];
  /** Ids of stories that no task links to, in the order of the map. */
  readonly storiesWithoutTasks: readonly string[];
  /** Names of KPIs that count no task, in their order. */
  readonly kpisWithoutTasks: readonly string[];
  /** Tasks without a story or a KPI, links that lead nowhere, and ids given twice, sorted; empty when the plan traces (ART-13). */
  readonly findings: readonly Finding[];
}

/**
 * Traces every task of a plan to stories and KPIs (ART-13): a task that links to no story or counts in no KPI is an error, and so is a link that
 * leads nowhere. Stories and KPIs without tasks are listed, not judged: which of them need one is for a gate to say.
 *
 * @example Find a task that counts nowhere
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseStoryMap, traceTasks } from "@gov/schema";
 *
 * const { nodes } = parseStoryMap("# Map\n\n### Release 1\n- [SM-001] Gates\n- [SM-002] Digest\n");
 * const task = (id: string, storyNodes: string[]) => ({ id, storyNodes, kpis: [], path: "backlog.yaml", line: 1 });
 * const trace = traceTasks({
 *   tasks: [task("T-1", ["SM-001"]), task("T-2", ["SM-002"])],
 *   stories: nodes,
 *   kpis: [{ name: "cycle_time", storyNodes: ["SM-001"] }],
 * });
 * assert.deepEqual(trace.findings.map((finding) => finding.message), ['Task "T-2" counts in no KPI']);
 * ```
 */
export function traceTasks(plan: {
  readonly tasks: readonly TraceTask[];
  readonly stories: readonly Pick<StoryNode, "id">[];
  readonly kpis: readonly TraceKpi[];
}): Trace {
  const { tasks, stories, kpis } = plan;
  const storyIds = new Set(stories.map(({ id }) => id));
  const kpiNames = new Set(kpis.map(({ name }) => name));
  const everywhere = kpis.filter(({ storyNodes }) => storyNodes === "every").map(({ name }) => name);
  const byStory = kpisByStory(kpis);
  const findings: Finding[] = [];
  const seen = new Set<string>();
  const rows = tasks.map((task): TraceRow => {
    const linked = new Set(task.storyNodes.filter((id) => storyIds.has(id)));
    const counted = new Set([
      ...everywhere,
      ...task.kpis.filter((name) => kpiNames.has(name)),
      ...[...linked].flatMap((id) => byStory.get(id) ?? []),
    ]);
    const faults = faultsOf(task, { storyIds, kpiNames, linked, counted, again: seen.has(task.id) });
    for (const fault of faults) findings.push(fault);
    seen.add(task.id);
    return { task: task.id, stories: [...linked].sort(), kpis: [...counted].sort() };
  });
  for (const { name, storyNodes = [] } of kpis) {
    if (storyNodes === "every") continue;
    const unknown = storyNodes.filter((id) => !storyIds.has(id));
    for (const id of unknown)
      findings.push(dangling(`KPI "${name}" counts story "${id}", which the map does not have`, { path: null, line: null }));
  }
  const used = { stories: new Set(rows.flatMap((row) => row.stories)), kpis: new Set(rows.flatMap((row) => row.kpis)) };
  return {
    rows,
    storiesWithoutTasks: stories.map(({ id }) => id).filter((id) => !used.stories.has(id)),
    kpisWithoutTasks: kpis.map(({ name }) => name).filter((name) => !used.kpis.has(name)),
    findings: findings.sort(compareFindings),
  };
}

function kpisByStory(kpis: readonly TraceKpi[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { name, storyNodes = [] } of kpis) {
    if (storyNodes === "every") continue;
    for (const id of storyNodes) {
      const names = found.get(id) ?? [];
      names.push(name);
      found.set(id, names);
    }
  }
  return found;
}

function faultsOf(
  task: TraceTask,
  known: {
    readonly storyIds: ReadonlySet<string>;
    readonly kpiNames: ReadonlySet<string>;
    readonly linked: ReadonlySet<string>;
    readonly counted: ReadonlySet<string>;
    readonly again: boolean;
  },
): readonly Finding[] {
  const { storyIds, kpiNames, linked, counted, again } = known;
  const unlinked = (message: string, expected: string): Finding =>
    makeFinding("SCHEMA_TRACE", message, { path: task.path, at: placeOf(task), expected });
  return [
    ...(again ? [makeFinding("SCHEMA_DUPLICATE_ID", `Task "${task.id}" is given twice`, { path: task.path, at: placeOf(task) })] : []),
    ...task.storyNodes
      .filter((id) => !storyIds.has(id))
      .map((id) => dangling(`Task "${task.id}" links to story "${id}", which the map does not have`, task)),
    ...task.kpis
      .filter((name) => !kpiNames.has(name))
      .map((name) => dangling(`Task "${task.id}" counts in KPI "${name}", which is not defined`, task)),
    ...(linked.size === 0
      ? [unlinked(`Task "${task.id}" links to no story of the map`, "linked_story_map_nodes with an id of the story map")]
      : []),
    ...(counted.size === 0 ? [unlinked(`Task "${task.id}" counts in no KPI`, "a KPI that counts it or one of its stories")] : []),
  ];
}

function dangling(message: string, task: Pick<TraceTask, "path" | "line">): Finding {
  return makeFinding("SCHEMA_DANGLING_REFERENCE", message, { path: task.path, at: placeOf(task) });
}

function placeOf({ line }: Pick<TraceTask, "line">): { readonly line: number; readonly column: number } | null {
  return line === null ? null : { line, column: 1 };
}
