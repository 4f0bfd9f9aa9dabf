import type { Selection } from "./select-artifact.ts";

/** Tells a selection in plain lines: the result, each candidate with its reason, then the findings (HYD-06). */
export function explainSelection(selection: Selection): readonly string[] {
  return [
    headline(selection),
    ...selection.trace.map(({ path, verdict, rule, reason }) => `  ${verdict} ${path}: ${reason}${rule === null ? "" : ` [${rule}]`}`),
    ...selection.findings.map(({ severity, code, message }) => `  ${severity} ${code}: ${message}`),
  ];
}

function headline({ outcome, id, winner, rule }: Selection): string {
  if (winner !== null) return `${winner.id}: selected ${winner.path} by ${rule ?? "no rule"}`;
  return outcome === "none" ? "no candidate" : `${id ?? ""}: unresolved`;
}
