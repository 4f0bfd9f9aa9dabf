import type { DigestContent } from "@gov/schema";
import type { DigestContext, DigestModel } from "../plan-digest.ts";
import {
  actionLines,
  actionsOf,
  figuresOf,
  gateLines,
  gatesOf,
  listOr,
  memberLines,
  missing,
  renderReference,
  section,
  textOr,
} from "./digest-parts.ts";
import { escapeMarkdown } from "./escape-markdown.ts";

/** The digest of c33: head, gate outcomes with Critical==0, KPI spine, scope changes, decisions and risks, improvements, references (DIG-05). */
export function contentC33(model: DigestModel, context: DigestContext): DigestContent {
  const { manifest, criticalIssues } = model;
  const waivers = context.waivers.length === 0 ? "none" : context.waivers.map(escapeMarkdown).join(", ");
  const critical = criticalIssues === null ? missing : criticalIssues === 0 ? "yes" : "no";
  const metadata = [
    { key: "Digest Status", value: model.status },
    { key: "Cycle", value: escapeMarkdown(model.cycleId) },
    { key: "Cycle Date", value: model.date },
    { key: "Snapshot Rev", value: textOr(context.snapshotRev) },
    { key: "Rulebook Hash", value: context.rulebookHash ?? missing },
    { key: "Owners", value: context.owners.length === 0 ? missing : context.owners.map(escapeMarkdown).join(", ") },
    { key: "Manifest", value: manifest === null ? missing : renderReference(manifest) },
  ];
  const figures = figuresOf(model);
  const gates = [...gatesOf(model), { gate: "Governance Critical==0", outcome: `${critical} (waivers: ${waivers})`, evidence: null }];
  const actions = actionsOf(model);
  const spine = figures.map(({ name, value, target, status }) => `${name}: ${value} (target: ${target ?? missing}) ${status ?? missing}`);
  return {
    ...{ shape: "c33", title: `Cycle Digest - ${escapeMarkdown(model.cycleId)}`, metadata, figures, gates, actions },
    lead: `\n${memberLines(metadata).join("\n")}\n\n`,
    sections: [
      section("Gate Outcomes", 3, gateLines(gates)),
      section("KPI Spine", 3, listOr(spine)),
      section("Scope Changes & Deviations", 3, listOr([...context.scopeChanges, ...model.anomalies].map(escapeMarkdown), "none")),
      section(
        "Decisions & Risks",
        3,
        listOr(
          [
            ...context.decisions.map((text) => `Decision: ${escapeMarkdown(text)}`),
            ...context.risks.map((text) => `Risk: ${escapeMarkdown(text)}`),
          ],
          "none",
        ),
      ),
      section("Improvements Queued (IMPROVE)", 3, actionLines(actions)),
      section("References", 3, listOr(model.artifacts.map(renderReference))),
    ],
  };
}
