/** Each task with the tasks it depends on; every target is a key, keys and targets are in order. */
export type DependencyGraph = ReadonlyMap<string, readonly string[]>;

/** So many ids are named in further cycles of knots that one cycle names already: all of them could be as many as the square of the tasks. */
const furtherIds = 10_000;

/**
 * Walks the graph once, without recursion: one cycle per edge that closes one, as long as there is room for more than one of a knot, and the tasks in an order
 * where targets come first.
 */
function walk(graph: DependencyGraph): { readonly cycles: readonly (readonly string[])[]; readonly order: readonly string[] } {
  const cycles: string[][] = [];
  const order: string[] = [];
  const finished = new Set<string>();
  const named = new Set<string>();
  let room = furtherIds;
  for (const root of graph.keys()) {
    if (finished.has(root)) continue;
    const path: string[] = [root];
    const positions = new Map([[root, 0]]);
    const next = [0];
    // The last task of the path that a cycle names: one that goes through it belongs to the same knot.
    let lastNamed = -1;
    while (path.length > 0) {
      const id = path.at(-1) as string;
      const target = graph.get(id)?.[next[path.length - 1] as number];
      next[path.length - 1] = (next[path.length - 1] as number) + 1;
      if (target === undefined) {
        order.push(id);
        finished.add(id);
        positions.delete(id);
        path.pop();
        next.pop();
        lastNamed = Math.min(lastNamed, path.length - 1);
        while (lastNamed >= 0 && !named.has(path[lastNamed] as string)) lastNamed--;
        continue;
      }
      const position = positions.get(target);
      if (position !== undefined) {
        const isFurther = lastNamed >= position;
        if (isFurther && path.length - position > room) continue;
        const cycle = path.slice(position);
        cycles.push(rotate(cycle));
        if (isFurther) room -= cycle.length;
        for (const member of cycle) named.add(member);
        lastNamed = path.length - 1;
      } else if (!finished.has(target)) {
        positions.set(target, path.length);
        path.push(target);
        next.push(0);
      }
    }
  }
  return { cycles, order };
}

/** Names at least one cycle of every knot of tasks that depend on each other; each begins with its first id by code unit. */
export function findCycles(graph: DependencyGraph): readonly (readonly string[])[] {
  return walk(graph).cycles;
}

/** The longest chain of dependencies below each task, counted in steps; the graph must have no cycle. */
export function taskDepths(graph: DependencyGraph): ReadonlyMap<string, number> {
  const depths = new Map<string, number>();
  for (const id of walk(graph).order) {
    let depth = 0;
    for (const target of graph.get(id) ?? []) depth = Math.max(depth, (depths.get(target) as number) + 1);
    depths.set(id, depth);
  }
  return depths;
}

function rotate(cycle: readonly string[]): string[] {
  const first = cycle.reduce((least, id, index) => (id < (cycle[least] as string) ? index : least), 0);
  return [...cycle.slice(first), ...cycle.slice(0, first)];
}
