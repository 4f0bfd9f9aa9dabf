import type { DigestContent } from "@gov/schema";
import type { DigestNarrative, NarrativeItem } from "../digest-narrative.ts";
import type { DigestModel, JudgedKpi } from "../plan-digest.ts";
import { executiveMetrics } from "./content-c22-short.ts";
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
  type Section,
  section,
  tableLines,
  textOr,
} from "./digest-parts.ts";
import { escapeMarkdown } from "./escape-markdown.ts";

/** The long digest of c22: fourteen sections and a footer; every share, percentage and variance is computed (DIG-04, B-48). */
export function contentC22Long(model: DigestModel, narrative: DigestNarrative): DigestContent {
  const { period } = model;
  const metadata = [
    { key: "Cycle ID", value: escapeMarkdown(model.cycleId) },
    { key: "Period", value: period === null ? missing : `${period.from} to ${period.to}` },
    { key: "Generated", value: textOr(narrative.generated) },
    { key: "Framework Version", value: textOr(narrative.frameworkVersion) },
  ];
  const figures = figuresOf(model).map((figure, at) => ({
    ...figure,
    extra: { Description: textOr(model.kpis[at]?.description ?? null), Trend: model.kpis[at]?.trend ?? missing },
  }));
  const rows = figures.map(({ name, extra, target, value, status }) => [
    name,
    extra.Description,
    target ?? missing,
    value,
    status ?? missing,
    extra.Trend,
  ]);
  const [gates, actions] = [gatesOf(model), actionsOf(model)];
  return {
    ...{
      shape: "c22-long",
      title: `Planning Framework - Cycle Digest ${escapeMarkdown(model.cycleId)}`,
      metadata,
      figures,
      gates,
      actions,
    },
    lead: `\n${metadata.map(({ key, value }) => `**${key}**: ${value}  `).join("\n")}\n\n`,
    sections: [
      section("Executive Summary", 2, [textOr(narrative.summary), "", ...memberLines(executiveMetrics(model), "**")]),
      section("Cycle Highlights", 3, texts(narrative.highlights)),
      section("Key Performance Indicators (KPIs)", 2, tableLines(["KPI", "Description", "Target", "Current", "Status", "Trend"], rows)),
      section("Gate Outcomes", 2, gateLines(gates)),
      section("Design Decisions", 2, numbered(narrative.designDecisions)),
      section("Deliverable Status", 2, [...marks(narrative.deliverables), "", share(narrative.deliverables, "deliverables are complete")]),
      ...riskSections(narrative),
      section("Governance Compliance", 2, marks(narrative.policies)),
      section(
        "Compliance Checklist",
        3,
        listOr(narrative.checklist.map(({ name, isDone }) => `[${isDone === true ? "x" : " "}] ${escapeMarkdown(name)}`)),
      ),
      section("Quality Metrics", 2, listOr(narrative.quality.map(({ name, value }) => `**${escapeMarkdown(name)}**: ${textOr(value)}`))),
      ...(model.anomalies.length === 0 ? [] : [section("Anomalies", 3, texts(model.anomalies))]),
      ...timeSections(narrative),
      section("Recommendations", 2, [
        ...numbered(narrative.immediateActions),
        "",
        "Long-term considerations:",
        "",
        ...numbered(narrative.longTermConsiderations),
      ]),
      section("Lessons Learned", 2, [
        "What worked well:",
        "",
        ...texts(narrative.workedWell),
        "",
        "Areas for improvement:",
        "",
        ...texts(narrative.toImprove),
      ]),
      section("Improvement Actions", 2, actionLines(actions)),
      section("Next Cycle Preview", 2, [
        ...numbered(narrative.nextObjectives),
        "",
        "Success criteria:",
        "",
        ...texts(narrative.successCriteria),
      ]),
      section("Appendix", 2, ["How the numbers follow, and where this digest goes."]),
      section("Metric Calculations", 3, listOr(model.kpis.flatMap(calculation))),
      section(
        "Version History",
        3,
        listOr(
          narrative.versions.map(
            ({ version, date, note }) => `v${escapeMarkdown(version)} (${escapeMarkdown(date)}): ${escapeMarkdown(note)}`,
          ),
        ),
      ),
      section("Distribution List", 3, texts(narrative.distribution)),
      section("References", 3, [
        ...listOr([
          `Manifest: ${model.manifest === null ? missing : renderReference(model.manifest)}`,
          ...model.artifacts.map(renderReference),
        ]),
        "",
        "---",
        "",
        `**Digest Status**: ${model.status}  `,
        `**Next Digest**: ${textOr(narrative.nextDigest)}  `,
        `**Contact**: ${textOr(narrative.contact)}  `,
        `**Repository**: ${textOr(narrative.repository)}`,
      ]),
    ],
  };
}

function riskSections({ risks }: DigestNarrative): readonly Section[] {
  const rows = risks.map(({ risk, impact, probability, mitigation }) => [escapeMarkdown(risk), impact, probability, textOr(mitigation)]);
  const high = risks.filter(({ impact }) => impact === "High");
  return [
    section("Risk Assessment", 2, tableLines(["Risk", "Impact", "Probability", "Mitigation Status"], rows)),
    section("Risk Mitigation Progress", 3, [
      `- ${countOf(high, ({ mitigation }) => mitigation !== null)} high-impact risks have a mitigation`,
      `- ${countOf(risks, ({ mitigation }) => mitigation !== null)} risks have a mitigation`,
    ]),
  ];
}

function timeSections({ phases, milestones, resources }: DigestNarrative): readonly Section[] {
  const rows = phases.map(({ phase, plannedDays, actualDays }) => [
    escapeMarkdown(phase),
    days(plannedDays),
    actualDays === null ? "Pending" : days(actualDays),
    actualDays === null ? missing : percent(actualDays - plannedDays, plannedDays),
  ]);
  const used = resources.map(
    ({ name, hours, plannedHours }) =>
      `**${escapeMarkdown(name)}**: ${String(hours)} of ${String(plannedHours)} hours (${percent(hours, plannedHours)})`,
  );
  return [
    section("Timeline Analysis", 2, tableLines(["Phase", "Planned Duration", "Actual Duration", "Variance"], rows)),
    section("Milestone Achievement", 3, [...marks(milestones), "", share(milestones, "milestones are reached")]),
    section("Resource Utilization", 2, listOr(used)),
  ];
}

function texts(items: readonly string[]): readonly string[] {
  return listOr(items.map(escapeMarkdown));
}

function numbered(items: readonly string[]): readonly string[] {
  return items.length === 0 ? [`- ${missing}`] : items.map((item, at) => `${String(at + 1)}. ${escapeMarkdown(item)}`);
}

function marks(items: readonly NarrativeItem[]): readonly string[] {
  return listOr(items.map(({ name, isDone }) => `${isDone === null ? missing : isDone ? "✅" : "⏳"} ${escapeMarkdown(name)}`));
}

function share(items: readonly NarrativeItem[], what: string): string {
  return `${countOf(items, ({ isDone }) => isDone === true)} ${what}.`;
}

function countOf<T>(items: readonly T[], holds: (item: T) => boolean): string {
  return `${String(items.filter(holds).length)}/${String(items.length)}`;
}

function days(count: number): string {
  return `${String(count)} ${count === 1 ? "day" : "days"}`;
}

/** To one decimal; what has no whole has no share. */
function percent(part: number, whole: number): string {
  if (!(Number.isFinite(part) && Number.isFinite(whole) && whole > 0)) return missing;
  const rounded = Math.round((part / whole) * 1000) / 10;
  return `${String(Object.is(rounded, -0) ? 0 : rounded)}%`;
}

function calculation({ name, formula, inputs, actual, unit }: JudgedKpi): readonly string[] {
  if (formula === undefined) return [];
  const given = Object.entries(inputs ?? {}).map(([input, value]) => `${input} = ${value === null ? missing : JSON.stringify(value)}`);
  const result = actual === null ? missing : `${String(actual)}${unit === "%" ? "%" : ""}`;
  return [escapeMarkdown(`${name}: ${formula}${given.length === 0 ? "" : `, with ${given.join(", ")}`}, is ${result}`)];
}
