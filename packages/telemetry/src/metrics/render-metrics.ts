import type { MetricSnapshot, Sample } from "./create-metrics.ts";
import { familyOf } from "./internal/check-definition.ts";
import { defaultBuckets } from "./metric-definitions.ts";

/** Returns the metrics in the Prometheus text format, version 0.0.4: the same bytes for the same values (TEL-13). */
export function renderPrometheus(snapshots: readonly MetricSnapshot[]): string {
  return snapshots.map((snapshot) => renderFamily(snapshot, { family: snapshot.definition.name, unit: "", format: "prometheus" })).join("");
}

/** Returns the metrics in OpenMetrics 1.0: families without `_total`, units, and `# EOF` at the end. */
export function renderOpenMetrics(snapshots: readonly MetricSnapshot[]): string {
  const families = snapshots.map((snapshot) => {
    const { name, unit } = snapshot.definition;
    const family = familyOf(name);
    return renderFamily(snapshot, {
      family,
      unit: unit === "" || !family.endsWith(unit) ? "" : `# UNIT ${family} ${unit}\n`,
      format: "openmetrics",
    });
  });
  return `${families.join("")}# EOF\n`;
}

interface Family {
  readonly family: string;
  /** Line that names the unit, or nothing. */
  readonly unit: string;
  readonly format: "openmetrics" | "prometheus";
}

function renderFamily({ definition, samples }: MetricSnapshot, { family, unit, format }: Family): string {
  const { name, kind, help } = definition;
  const head = `# HELP ${family} ${help.replaceAll("\\", "\\\\").replaceAll('"', format === "prometheus" ? '"' : '\\"')}\n# TYPE ${family} ${kind}\n${unit}`;
  const bounds = (definition.buckets ?? defaultBuckets).map((bound) => renderBound(bound, format));
  const lines = samples.map((sample) =>
    kind === "histogram" ? renderHistogram(name, sample, bounds) : `${name}${renderLabels(sample.labels)} ${renderNumber(sample.value)}\n`,
  );
  return head + lines.join("");
}

function renderHistogram(name: string, { labels, value, buckets }: Sample, bounds: readonly string[]): string {
  const rows = buckets.map((count, at) => `${name}_bucket${renderLabels([...labels, ["le", bounds[at] ?? "+Inf"]])} ${String(count)}\n`);
  const suffix = renderLabels(labels);
  return `${rows.join("")}${name}_sum${suffix} ${renderNumber(value)}\n${name}_count${suffix} ${String(buckets.at(-1) ?? 0)}\n`;
}

function renderLabels(labels: Sample["labels"]): string {
  if (labels.length === 0) return "";
  return `{${labels.map(([name, value]) => `${name}="${escapeLabel(value)}"`).join(",")}}`;
}

function escapeLabel(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

function renderNumber(value: number): string {
  // A sum of finite values may have become greater than every number.
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
  return String(Object.is(value, -0) ? 0 : value);
}

/** OpenMetrics writes a whole bound as `1.0` (section 4.3.2). */
function renderBound(bound: number, format: Family["format"]): string {
  return format === "openmetrics" && Number.isInteger(bound) ? `${String(bound)}.0` : String(bound);
}
