import type { GateConfigs } from "../select-gates.ts";
import type { LifecycleTable } from "./lifecycle-table.ts";
import { transitionGates } from "./transition-gates.ts";

/**
 * Draws a lifecycle as a Mermaid state diagram, in the order of the table (LIF-18).
 *
 * @param options.gates - names the gates that guard an edge behind its event. @default none are shown
 */
export function lifecycleDiagram(table: LifecycleTable, options: { readonly gates?: GateConfigs | undefined } = {}): string {
  const { gates = {} } = options;
  const edges = table.transitions.map((edge) => {
    const { required } = transitionGates(gates, edge);
    const guarded = required.length === 0 ? "" : ` / ${required.join(", ")}`;
    return `    ${edge.from ?? "[*]"} --> ${edge.to ?? "[*]"}: ${edge.event}${guarded}\n`;
  });
  return `stateDiagram-v2\n${edges.join("")}`;
}
