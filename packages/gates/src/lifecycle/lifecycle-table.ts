import type { LifecycleState } from "@gov/schema";

/** One edge; `null` stands for outside: before a cycle begins, after it is complete. */
export interface LifecycleEdge {
  readonly from: LifecycleState | null;
  readonly event: string;
  readonly to: LifecycleState | null;
}

/** A lifecycle as data, as a preset ships it: which event leads from where to where. Edges are keyed by source and event (B-04). */
export interface LifecycleTable {
  readonly transitions: readonly LifecycleEdge[];
}

/**
 * The edge an event takes from a state; null when there is none.
 *
 * @throws RangeError when the table has two edges for one source and event.
 */
export function findEdge(table: LifecycleTable, from: LifecycleState | null, event: string): LifecycleEdge | null {
  const [edge, another] = table.transitions.filter((candidate) => candidate.from === from && candidate.event === event);
  if (another !== undefined) throw new RangeError(`Cannot use the lifecycle: "${event}" leads from ${from ?? "[*]"} to several states`);
  return edge ?? null;
}
