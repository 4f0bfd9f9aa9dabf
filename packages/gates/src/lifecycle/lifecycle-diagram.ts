import type { LifecycleTable } from "./lifecycle-table.ts";

/** Draws a lifecycle as a Mermaid state diagram, in the order of the table (LIF-18). */
export function lifecycleDiagram(table: LifecycleTable): string {
  const edges = table.transitions.map(({ from, event, to }) => `    ${from ?? "[*]"} --> ${to ?? "[*]"}: ${event}\n`);
  return `stateDiagram-v2\n${edges.join("")}`;
}
