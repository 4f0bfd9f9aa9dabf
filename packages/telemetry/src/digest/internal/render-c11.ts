import type { DigestContext, DigestModel } from "../plan-digest.ts";
import { bodyHashLabel, digestBodyHash, verificationHeading } from "../digest-body.ts";
import { listOr, missing, renderGates, renderReference, statusOf, withSign, withUnit } from "./digest-parts.ts";
import { escapeMarkdown } from "./escape-markdown.ts";

/** The digest of c11 §7: metadata, KPIs with deltas, gates, manifest verification, improvement actions, notes (DIG-01, DIG-02). */
export function renderC11(model: DigestModel, context: DigestContext): string {
  const { manifest, kpis } = model;
  const before = [
    `# Cycle Digest - ${escapeMarkdown(model.cycleId)}`,
    "",
    `- **Digest Status**: ${model.status}`,
    "",
    "## Metadata",
    "",
    `- cycle_id: ${escapeMarkdown(model.cycleId)}`,
    `- date: ${model.date}`,
    `- snapshot_rev: ${context.snapshotRev === null ? missing : escapeMarkdown(context.snapshotRev)}`,
    `- rulebook_hash: ${context.rulebookHash ?? missing}`,
    `- manifest_path: ${manifest === null ? missing : escapeMarkdown(manifest.path)}`,
    "",
    "## KPIs",
    "",
    "| KPI | Actual | Target | Delta | Status |",
    "| --- | ------ | ------ | ----- | ------ |",
    ...kpis.map(
      (kpi) =>
        `| ${escapeMarkdown(kpi.name)} | ${withUnit(kpi.actual, kpi.unit)} | ${withUnit(kpi.target, kpi.unit)} | ` +
        `${withSign(kpi.delta ?? null, kpi.unit)} | ${statusOf(kpi)} |`,
    ),
    "",
    "## Gates",
    "",
    ...renderGates(model),
    "",
  ];
  const after = [
    "## Improvement Actions",
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
    "## Notes",
    "",
    ...listOr(context.notes.map(escapeMarkdown), "none"),
  ];
  const verification = [
    verificationHeading,
    "",
    `- manifest_checksum_sha256: ${manifest?.digest ?? missing}`,
    ...model.artifacts.map((artifact) => `- artifacts_hashed: ${renderReference(artifact)}`),
    `- ${bodyHashLabel}: ${digestBodyHash(`${[...before, ...after].join("\n")}\n`)}`,
    "",
  ];
  return `${[...before, ...verification, ...after].join("\n")}\n`;
}
