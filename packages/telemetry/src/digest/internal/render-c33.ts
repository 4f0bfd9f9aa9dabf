import type { DigestContext, DigestModel } from "../plan-digest.ts";
import { listOr, missing, renderGates, renderReference, statusOf, withUnit } from "./digest-parts.ts";
import { escapeMarkdown } from "./escape-markdown.ts";

/** The digest of c33: head, gate outcomes with Critical==0, KPI spine, scope changes, decisions and risks, improvements, references (DIG-05). */
export function renderC33(model: DigestModel, context: DigestContext): string {
  const { manifest, criticalIssues } = model;
  const waivers = context.waivers.length === 0 ? "none" : context.waivers.map(escapeMarkdown).join(", ");
  const lines = [
    `# Cycle Digest - ${escapeMarkdown(model.cycleId)}`,
    "",
    `- **Digest Status**: ${model.status}`,
    `- **Cycle Date**: ${model.date}`,
    `- **Snapshot Rev**: ${context.snapshotRev === null ? missing : escapeMarkdown(context.snapshotRev)}`,
    `- **Rulebook Hash**: ${context.rulebookHash ?? missing}`,
    `- **Owners**: ${context.owners.length === 0 ? missing : context.owners.map(escapeMarkdown).join(", ")}`,
    `- **Manifest**: ${manifest === null ? missing : renderReference(manifest)}`,
    "",
    "## Gate Outcomes",
    "",
    ...renderGates(model),
    `- Governance Critical==0: ${criticalIssues === null ? missing : criticalIssues === 0 ? "yes" : "no"} (waivers: ${waivers})`,
    "",
    "## KPI Spine",
    "",
    ...listOr(
      model.kpis.map(
        (kpi) =>
          `${escapeMarkdown(kpi.name)}: ${withUnit(kpi.actual, kpi.unit)} (target: ${withUnit(kpi.target, kpi.unit)}) ${statusOf(kpi)}`,
      ),
    ),
    "",
    "## Scope Changes & Deviations",
    "",
    ...listOr(context.scopeChanges.map(escapeMarkdown), "none"),
    "",
    "## Decisions & Risks",
    "",
    ...listOr(
      [
        ...context.decisions.map((text) => `Decision: ${escapeMarkdown(text)}`),
        ...context.risks.map((text) => `Risk: ${escapeMarkdown(text)}`),
      ],
      "none",
    ),
    "",
    "## Improvements Queued",
    "",
    ...listOr(
      [
        ...context.actions.map(
          ({ action, owner, due }) => `${escapeMarkdown(action)} (owner: ${escapeMarkdown(owner)}, due: ${escapeMarkdown(due)})`,
        ),
        ...model.improvements.map(escapeMarkdown),
      ],
      "none",
    ),
    "",
    "## References",
    "",
    ...listOr(model.artifacts.map(renderReference)),
  ];
  return `${lines.join("\n")}\n`;
}
