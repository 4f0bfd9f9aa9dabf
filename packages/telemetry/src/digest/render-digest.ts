import { escapeMarkdown } from "./internal/escape-markdown.ts";
import type { DigestModel, DigestReference, JudgedKpi } from "./plan-digest.ts";

/** Options of {@link renderDigest}. */
export interface RenderDigestOptions {
  /** Shape of the document: `c22`, the short digest (DIG-03). */
  readonly format: "c22";
}

/**
 * Returns the text of a digest in Markdown, the same bytes for the same model: metrics, KPIs, gate outcomes with evidence, improvement actions, references.
 * What is missing is shown as `n/a`; the status says DRAFT then (DIG-08).
 */
export function renderDigest(model: DigestModel, _options: RenderDigestOptions): string {
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
    ...listOr(
      model.gates.map(({ id, outcome, evidence }) => {
        const links = evidence.length === 0 ? missing : evidence.map(escapeMarkdown).join(", ");
        return `${escapeMarkdown(id)}: ${escapeMarkdown(outcome)} (evidence: ${links})`;
      }),
    ),
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

const missing = "n/a";

function renderKpi({ name, unit, target, actual, isMet }: JudgedKpi): string {
  const status = isMet === null ? missing : isMet ? "✅" : "❌";
  return `| ${escapeMarkdown(name)} | ${withUnit(target, unit)} | ${withUnit(actual, unit)} | ${status} |`;
}

function renderReference({ path, digest }: DigestReference): string {
  return `${escapeMarkdown(path)} (${digest})`;
}

function listOr(items: readonly string[], empty: string = missing): readonly string[] {
  return (items.length === 0 ? [empty] : items).map((item) => `- ${item}`);
}

function withUnit(value: number | null, unit: string): string {
  if (value === null) return missing;
  const number = String(Object.is(value, -0) ? 0 : value);
  return unit === "" ? number : unit === "%" ? `${number}%` : `${number} ${escapeMarkdown(unit)}`;
}
