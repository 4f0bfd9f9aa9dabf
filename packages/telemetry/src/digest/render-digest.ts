import { escapeMarkdown } from "./internal/escape-markdown.ts";
import { listOr, missing, renderGates, renderReference, statusOf, withUnit } from "./internal/digest-parts.ts";
import { renderC11 } from "./internal/render-c11.ts";
import { renderC33 } from "./internal/render-c33.ts";
import type { DigestModel, JudgedKpi } from "./plan-digest.ts";

/** Options of {@link renderDigest}. */
export interface RenderDigestOptions {
  /** Shape of the document: `c22`, the short digest (DIG-03), `c11` (DIG-01, DIG-02) or `c33` (DIG-05). */
  readonly format: "c11" | "c22" | "c33";
}

/**
 * Returns the text of a digest in Markdown, the same bytes for the same model: metrics, KPIs, gate outcomes with evidence, improvement actions, references.
 * What is missing is shown as `n/a`; the status says DRAFT then (DIG-08).
 *
 * @throws RangeError for `c11` and `c33` without the context that they show.
 */
export function renderDigest(model: DigestModel, { format }: RenderDigestOptions): string {
  if (format === "c22") return renderShort(model);
  if (model.context === null) throw new RangeError(`Cannot render the digest as "${format}": a context is required`);
  return format === "c11" ? renderC11(model, model.context) : renderC33(model, model.context);
}

function renderShort(model: DigestModel): string {
  const { tasks, taskPercent } = model;
  const lines = [
    `# Planning Cycle Digest - ${model.date}`,
    "",
    `- **Cycle ID**: ${escapeMarkdown(model.cycleId)}`,
    `- **Digest Status**: ${model.status}`,
    "",
    "## Executive Metrics",
    "",
    `- **Cycle Duration**: ${withUnit(model.durationDays, model.durationDays === 1 ? "day" : "days")}`,
    `- **Tasks Completed**: ${tasks === null ? missing : `${String(tasks.completed)}/${String(tasks.total)} (${withUnit(taskPercent, "%")})`}`,
    `- **Quality Gate Pass Rate**: ${withUnit(model.gatePassPercent, "%")}`,
    `- **Critical Issues**: ${withUnit(model.criticalIssues, "")}`,
    "",
    "## KPI Summary",
    "",
    "| Metric | Target | Actual | Status |",
    "| ------ | ------ | ------ | ------ |",
    ...model.kpis.map(renderKpi),
    "",
    "## Gate Outcomes",
    "",
    ...renderGates(model),
    "",
    "## Improvement Actions",
    "",
    ...listOr(model.improvements.map(escapeMarkdown), "none"),
    "",
    "## References",
    "",
    `- Manifest: ${model.manifest === null ? missing : renderReference(model.manifest)}`,
    ...model.artifacts.map((artifact) => `- ${renderReference(artifact)}`),
  ];
  return `${lines.join("\n")}\n`;
}

function renderKpi(kpi: JudgedKpi): string {
  const { name, unit, target, actual } = kpi;
  return `| ${escapeMarkdown(name)} | ${withUnit(target, unit)} | ${withUnit(actual, unit)} | ${statusOf(kpi)} |`;
}
