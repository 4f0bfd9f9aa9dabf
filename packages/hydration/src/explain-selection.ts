import type { Selection } from "./select-artifact.ts";

/** Tells a selection in plain lines: the result, each candidate with its reason, then the findings (HYD-06). */
export function explainSelection(selection: Selection): readonly string[] {
  return [
    headline(selection),
    ...selection.trace.map(({ path, verdict, rule, reason }) => `  ${verdict} ${path}: ${reason}${rule === null ? "" : ` [${rule}]`}`),
    ...selection.findings.map(({ severity, code, message }) => `  ${severity} ${code}: ${message}`),
  ];
}

function headline({ id, winner, rule }: Selection): string {
  if (id === null) return "no candidate";
  return winner === null ? `${id}: unresolved` : `${id}: selected ${winner.path} by ${String(rule)}`;
}
