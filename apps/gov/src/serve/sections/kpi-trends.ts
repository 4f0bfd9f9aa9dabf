import type { Answer } from "../ask.ts";
import { markup, type Markup } from "../markup.ts";
import { isFields, recordsOf, textOf } from "../read-data.ts";
import { table } from "../render-blocks.ts";

interface Point {
  readonly cycle: string;
  /** Null where the number is missing: it is shown as missing, never drawn. */
  readonly value: number | null;
}

interface Trend {
  readonly name: string;
  readonly unit: string;
  readonly target: number | null;
  readonly points: readonly Point[];
}

/** The key figures of each cycle as a line over the cycles, with the target, and the same numbers as a table. */
export function drawKpiTrends(answers: readonly Answer[]): Markup {
  const trends = trendsOf(answers);
  if (trends.length === 0) return markup`<p class="line none">No key figure has been computed.</p>`;
  return markup`<div class="cards">
    ${trends.map(
      (trend) => markup`<figure class="card">
        <figcaption>${trend.name}</figcaption>
        ${chart(trend)}
        ${table(
          null,
          ["Cycle", "Value", "Target"],
          trend.points.map(({ cycle, value }) => [
            cycle,
            value === null ? "n/a" : `${value} ${trend.unit}`,
            trend.target === null ? "–" : `${trend.target} ${trend.unit}`,
          ]),
        )}
      </figure>`,
    )}
  </div>`;
}

function trendsOf(answers: readonly Answer[]): readonly Trend[] {
  const trends = new Map<string, { unit: string; target: number | null; points: Point[] }>();
  for (const answer of answers) {
    const digest = answer.ok ? answer.outcome.data["digest"] : undefined;
    for (const kpi of isFields(digest) ? recordsOf(digest["kpis"]) : []) {
      const name = textOf(kpi, "name");
      const trend = trends.get(name) ?? { unit: textOf(kpi, "unit"), target: numberOf(kpi["target"]), points: [] };
      trend.points.push({ cycle: answer.argv[1] ?? "", value: numberOf(kpi["actual"]) });
      trends.set(name, trend);
    }
  }
  return [...trends].map(([name, trend]) => ({ name, ...trend }));
}

const [width, height, margin] = [320, 120, 12];

function chart({ name, unit, target, points }: Trend): Markup {
  const known = points.flatMap(({ value }) => (value === null ? [] : [value]));
  if (known.length === 0) return markup`<p class="line none">n/a</p>`;
  const all = target === null ? known : [...known, target];
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const x = (index: number) => margin + (points.length === 1 ? 0.5 : index / (points.length - 1)) * (width - 2 * margin);
  const y = (value: number) => height - margin - (most === least ? 0.5 : (value - least) / (most - least)) * (height - 2 * margin);
  const places = points.flatMap(({ value }, index) => (value === null ? [] : [{ x: x(index), y: y(value) }]));
  const path = places.map((place, index) => `${index === 0 ? "M" : "L"}${place.x.toFixed(1)} ${place.y.toFixed(1)}`).join(" ");
  return markup`<svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-label="${name}: ${known.join(", ")} ${unit}">
    ${target === null ? null : markup`<line class="target" x1="${margin}" x2="${width - margin}" y1="${y(target).toFixed(1)}" y2="${y(target).toFixed(1)}" />`}
    <path class="trend" d="${path}" />
    ${places.map((place) => markup`<circle class="point" cx="${place.x.toFixed(1)}" cy="${place.y.toFixed(1)}" r="4" />`)}
  </svg>`;
}

function numberOf(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
