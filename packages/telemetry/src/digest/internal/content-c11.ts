import type { DigestContent } from "@gov/schema";
import type { DigestContext, DigestModel } from "../plan-digest.ts";
import {
  actionLines,
  actionsOf,
  gateLines,
  gatesOf,
  listOr,
  memberLines,
  missing,
  section,
  statusOf,
  tableLines,
  textOr,
  withSign,
  withUnit,
} from "./digest-parts.ts";
import { escapeMarkdown, escapeName } from "./escape-markdown.ts";

/** The digest of c11 §7: metadata, KPIs with deltas, gates, manifest verification, improvement actions, notes (DIG-01, DIG-02). */
export function contentC11(model: DigestModel, context: DigestContext): DigestContent {
  const metadata = [
    { key: "cycle_id", value: escapeMarkdown(model.cycleId) },
    { key: "date", value: model.date },
    { key: "digest_status", value: model.status },
    { key: "snapshot_rev", value: textOr(context.snapshotRev) },
    { key: "rulebook_hash", value: context.rulebookHash ?? missing },
    { key: "manifest_path", value: textOr(model.manifest?.path ?? null) },
  ];
  const figures = model.kpis.map((kpi) => ({
    ...{ name: escapeName(kpi.name), value: withUnit(kpi.actual, kpi.unit), target: withUnit(kpi.target, kpi.unit), status: statusOf(kpi) },
    extra: { Delta: withSign(kpi.delta ?? null, kpi.unit) },
  }));
  const rows = figures.map(({ name, value, target, status, extra }) => [name, value, target, extra.Delta, status]);
  const [gates, actions] = [gatesOf(model), actionsOf(model)];
  return {
    ...{ shape: "c11", title: `Cycle Digest - ${escapeMarkdown(model.cycleId)}`, lead: "\n", metadata, figures, gates, actions },
    sections: [
      section("Metadata", 3, memberLines(metadata)),
      section("KPIs", 3, tableLines(["KPI", "Actual", "Target", "Delta", "Status"], rows)),
      section("Gates", 3, gateLines(gates)),
      section("Improvement Actions", 3, actionLines(actions)),
      section("Notes", 3, listOr([...context.notes.map(escapeMarkdown), ...model.anomalies.map(escapeMarkdown)], "none")),
    ],
  };
}
