import type { GateReport } from "@gov/gates";
import type { Context } from "../context.ts";

/** Gives every gate of a report its span. Evaluating is pure and takes no time worth showing: a span tells the outcome and its findings. */
export async function traceGates({ spans }: Context, report: GateReport): Promise<void> {
  if (spans === null) return;
  for (const { name, outcome, findings } of report.gates)
    await spans.gate(name, { outcome, findings: findings.length, subject: report.subject.id }, () => Promise.resolve());
}
