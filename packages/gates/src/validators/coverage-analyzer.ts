import type { Finding } from "@gov/schema";
import type { CoverageEvidence } from "../evidence.ts";
import { makeFinding } from "../internal/make-finding.ts";
import { compareText } from "../internal/text-order.ts";
import { misconfigured, optionOf, verdictOf } from "../internal/verdict.ts";
import type { Validator } from "./validator.ts";

/**
 * `coverage_analyzer {minimum?, metric?, modules?, max_drop?}`: measured coverage in percent reaches `minimum` (80); `metric` is `lines` or
 * `branches` (GAT-12). `modules` gives the least of each folder, by its path: one that the report does not name fails. `max_drop` is by how many
 * percentage points the whole and each module may fall below the baseline, without which it cannot pass (QAC-01); a module that is not among the files
 * of the baseline is new, and a baseline without files tells of none.
 */
export const coverageAnalyzer: Validator = {
  type: "coverage_analyzer",
  options: ["max_drop", "metric", "minimum", "modules"],
  needs: () => ["coverage"],
  evaluate: (config, evidence) => {
    const minimum = optionOf(config, { name: "minimum", fallback: 80 });
    const metric = optionOf(config, { name: "metric", fallback: "lines" });
    const floors = optionOf(config, { name: "modules", fallback: {} });
    const maxDrop = optionOf(config, { name: "max_drop", fallback: null });
    if (!isPercentage(minimum)) return misconfigured(config, `minimum must be a number from 0 to 100, and is ${JSON.stringify(minimum)}`);
    if (metric !== "lines" && metric !== "branches") return misconfigured(config, "metric must be lines or branches");
    if (!areFloors(floors)) return misconfigured(config, "modules must give a number from 0 to 100 for each folder");
    if (maxDrop !== null && !isPercentage(maxDrop)) return misconfigured(config, "max_drop must be a number from 0 to 100");
    const coverage = evidence.parts.coverage?.value;
    const measured = coverage?.[metric];
    if (coverage === undefined || !isPercentage(measured)) return misconfigured(config, `the report gives no percentage of ${metric}`);
    const baseline = coverage.baseline ?? null;
    if (maxDrop !== null && !isPercentage(baseline?.[metric]))
      return misconfigured(config, `max_drop needs a baseline with a percentage of ${metric}`);
    if (maxDrop !== null && Object.keys(floors).length > 0 && (baseline?.files ?? []).length === 0)
      return misconfigured(config, "max_drop with modules needs a baseline that names the files it measured");
    const low = (what: string, percent: number, least: number) =>
      percent >= least ? [] : [finding(coverage, `Coverage of ${what} is ${percent} %: at least ${least} % are required`)];
    const drop = (what: string, before: number | null | undefined, now: number) =>
      // A difference of two percentages is never quite the number that is written.
      maxDrop === null || before === null || before === undefined || before - now <= maxDrop + 1e-9
        ? []
        : [finding(coverage, `Coverage of ${what} fell from ${before} % to ${now} %: at most ${maxDrop} percentage points are allowed`)];
    return verdictOf([
      ...low(metric, measured, minimum),
      ...drop(metric, baseline?.[metric], measured),
      ...Object.entries(floors)
        .sort(([a], [b]) => compareText(a, b))
        .flatMap(([folder, least]) => {
          const percent = percentOf(coverage.files ?? [], { folder, metric });
          const before = maxDrop === null ? null : percentOf(baseline?.files ?? [], { folder, metric });
          if (percent === null) return [finding(coverage, `Coverage of "${folder}" is unknown: the report names no file of it`)];
          if (!isPercentage(percent) || (before !== null && !isPercentage(before)))
            return [finding(coverage, `Coverage of "${folder}" is unknown: the counts of its files give no percentage`)];
          return [...low(`${metric} of "${folder}"`, percent, least), ...drop(`${metric} of "${folder}"`, before, percent)];
        }),
    ]);
  },
};

/** Coverage of the files below a folder; null when there is none. */
function percentOf(
  files: NonNullable<CoverageEvidence["files"]>,
  { folder, metric }: { readonly folder: string; readonly metric: "lines" | "branches" },
): number | null {
  const own = files.filter(({ path }) => path.startsWith(`${folder}/`)).map((file) => file[metric]);
  if (own.length === 0) return null;
  const [covered, total] = own.reduce(([sum, all], count) => [sum + count.covered, all + count.total], [0, 0]);
  return total === 0 ? 100 : (covered / total) * 100;
}

function finding({ path }: CoverageEvidence, message: string): Finding {
  return makeFinding("GATES_COVERAGE_LOW", message, { path });
}

function isPercentage(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= 100;
}

function areFloors(value: unknown): value is Readonly<Record<string, number>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && Object.values(value).every(isPercentage);
}
