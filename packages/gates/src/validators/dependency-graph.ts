import type { Finding } from "@gov/schema";
import type { TaskEvidence } from "../evidence.ts";
import { type DependencyGraph, findCycles, taskDepths } from "../internal/dependency-graph.ts";
import { makeFinding } from "../internal/make-finding.ts";
import { compareText, sortedUnique } from "../internal/text-order.ts";
import { misconfigured, optionOf, verdictOf } from "../internal/verdict.ts";
import { danglingDependencies } from "./references.ts";
import type { Validator } from "./validator.ts";

/**
 * `dependency_graph {max_depth?}`: task dependencies are resolvable, have no cycle, and no chain is longer than `max_depth` steps
 * from task to task (GAT-09, GAT-15). A task that depends on none has depth 0. Without `max_depth` any depth passes.
 */
export const dependencyGraph: Validator = {
  type: "dependency_graph",
  options: ["max_depth"],
  needs: () => ["backlog"],
  evaluate: (config, evidence) => {
    const maxDepth = optionOf(config, { name: "max_depth", fallback: Infinity });
    if (typeof maxDepth !== "number" || !(maxDepth >= 0))
      return misconfigured(config, `max_depth must be a number from 0, and is ${JSON.stringify(maxDepth)}`);
    // Of tasks that share an id the last place in order of path and line is shown, so that the order of evidence does not matter.
    const tasks = [...(evidence.parts.backlog?.value ?? [])].sort((a, b) => compareText(a.path, b.path) || (a.line ?? 0) - (b.line ?? 0));
    const graph = graphOf(tasks);
    const cycles = findCycles(graph);
    const places = new Map(tasks.map((task) => [task.id, task]));
    const circular = cycles.map((cycle) =>
      makeFinding(
        "GATES_DEPENDENCY_CYCLE",
        `Tasks depend on each other: ${[...cycle, cycle[0]].join(" → ")}`,
        places.get(cycle[0] as string),
      ),
    );
    const findings = cycles.length === 0 ? tooDeep(graph, { maxDepth, places }) : circular;
    return verdictOf([...danglingDependencies(evidence), ...findings]);
  },
};

function graphOf(tasks: readonly TaskEvidence[]): DependencyGraph {
  const graph = new Map<string, Set<string>>(tasks.map(({ id }) => [id, new Set()]));
  for (const { id, dependencies } of tasks) for (const target of dependencies) if (graph.has(target)) graph.get(id)?.add(target);
  return new Map(sortedUnique(graph.keys()).map((id) => [id, sortedUnique(graph.get(id) ?? [])]));
}

/** Reports the chains by their last task: the one that nothing else depends on. */
function tooDeep(
  graph: DependencyGraph,
  options: { readonly maxDepth: number; readonly places: ReadonlyMap<string, TaskEvidence> },
): readonly Finding[] {
  const needed = new Set([...graph.values()].flat());
  return [...taskDepths(graph)]
    .filter(([id, depth]) => depth > options.maxDepth && !needed.has(id))
    .map(([id, depth]) =>
      makeFinding(
        "GATES_DEPENDENCY_DEPTH",
        `Task "${id}" stands on a chain of ${depth} dependencies: at most ${options.maxDepth} are allowed`,
        options.places.get(id),
      ),
    );
}
