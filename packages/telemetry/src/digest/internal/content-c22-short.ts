import type { DigestContent } from "@gov/schema";
import type { DigestModel } from "../plan-digest.ts";
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
  tableLines,
  withUnit,
} from "./digest-parts.ts";
import { escapeMarkdown } from "./escape-markdown.ts";

/** The figures at a glance, which both digests of c22 begin with (DIG-03, DIG-06). */
export function executiveMetrics({
  durationDays,
  tasks,
  taskPercent,
  gatePassPercent,
  criticalIssues,
}: DigestModel): DigestContent["metadata"] {
  return [
    { key: "Cycle Duration", value: withUnit(durationDays, durationDays === 1 ? "day" : "days") },
    {
      key: "Tasks Completed",
      value: tasks === null ? missing : `${String(tasks.completed)}/${String(tasks.total)} (${withUnit(taskPercent, "%")})`,
    },
    { key: "Quality Gate Pass Rate", value: withUnit(gatePassPercent, "%") },
    { key: "Critical Issues", value: withUnit(criticalIssues, "") },
  ];
}

/** The short digest of c22 (DIG-03). */
export function contentC22Short(model: DigestModel): DigestContent {
  const metadata = [
    { key: "Cycle ID", value: escapeMarkdown(model.cycleId) },
    { key: "Digest Status", value: model.status },
  ];
  const metrics = executiveMetrics(model);
  const [figures, gates, actions] = [figuresOf(model), gatesOf(model), actionsOf(model)];
  const rows = figures.map(({ name, value, target, status }) => [name, target ?? missing, value, status ?? missing]);
  const references = [
    `Manifest: ${model.manifest === null ? missing : renderReference(model.manifest)}`,
    ...model.artifacts.map(renderReference),
  ];
  return {
    ...{ shape: "c22-short", title: `Planning Cycle Digest - ${model.date}`, metadata, metrics, figures, gates, actions },
    lead: `\n${memberLines(metadata, "**").join("\n")}\n\n`,
    sections: [
      section("Executive Metrics", 2, memberLines(metrics, "**")),
      section("KPI Summary", 2, tableLines(["Metric", "Target", "Actual", "Status"], rows)),
      section("Gate Outcomes", 2, gateLines(gates)),
      section("Improvement Actions", 2, actionLines(actions)),
      ...(model.anomalies.length === 0 ? [] : [section("Notes", 2, listOr(model.anomalies.map(escapeMarkdown)))]),
      section("References", 2, listOr(references)),
    ],
  };
}
