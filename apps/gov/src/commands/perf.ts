import { resolve } from "node:path";
import { readFileBounded } from "@gov/index-writer";
import { isJsonObject } from "@gov/schema";
import { parseJunit } from "@gov/schema/reports";
import {
  evaluateSlo,
  type Incident,
  incidentOutcomes,
  meanHoursToRecovery,
  shippedSlos,
  type SloReport,
  slowestTests,
} from "@gov/telemetry/performance";
import { type Command, InputError, type Outcome, stringFlag, UsageError } from "../command.ts";
import type { Context } from "../context.ts";
import { readTextFile } from "../root/read-text-file.ts";

const maxReportBytes = 1 << 26;

/** Shows the percentiles and the slowest tests of JUnit reports, and what is left of the error budgets of drift detection and recovery. */
export const perf: Command = {
  usage: "[report]...",
  maxPositionals: 100,
  flags: {
    incidents: {
      type: "string",
      value: "<file>",
      description: "JSON list of incidents with began, detected, recovered: shows the error budgets of detection and recovery",
    },
  },
  examples: ["gov perf junit.xml", "gov perf unit.xml e2e.xml --format json", "gov perf --incidents incidents.json"],
  async run(context, call) {
    const file = stringFlag(call, "incidents");
    if (call.positionals.length === 0 && file === undefined) throw new UsageError("Missing the path of a JUnit report");
    const parts: Outcome[] = [];
    if (call.positionals.length > 0) parts.push(await tests(context, call.positionals));
    if (file !== undefined) parts.push(budgets(context, { file, text: await readTextFile(context, file) }));
    return {
      data: Object.assign({}, ...parts.map(({ data }) => data)) as Outcome["data"],
      findings: parts.flatMap(({ findings }) => findings),
      view: parts.flatMap(({ view }) => view),
    };
  },
};

async function tests(context: Context, paths: readonly string[]): Promise<Outcome> {
  const reports = await Promise.all(
    paths.map(async (path) => {
      const read = await readFileBounded(resolve(context.cwd, path), { maxBytes: maxReportBytes, fs: context.fs, path });
      const report = read.ok ? parseJunit({ path, bytes: read.value }) : read;
      if (!report.ok) throw new InputError("CLI_INPUT_UNREADABLE", `Cannot read the report "${path}"`, { findings: report.findings });
      return report;
    }),
  );
  const durations = slowestTests(reports.map(({ value }) => value));
  const { percentiles, count, unknown, totalMs } = durations;
  const shown = (ms: number | undefined): string => (ms === undefined ? "n/a" : `${Math.round(ms)} ms`);
  return {
    data: { durations },
    findings: reports.flatMap(({ findings }) => findings),
    view: [
      {
        type: "values",
        rows: [
          ["tests", `${count} timed, ${unknown} not timed, ${shown(totalMs)} together`],
          ["p50 / p95 / p99", `${shown(percentiles?.p50)} / ${shown(percentiles?.p95)} / ${shown(percentiles?.p99)}`],
        ],
      },
      { type: "table", head: ["duration", "test"], rows: durations.slowest.map(({ name, durationMs }) => [shown(durationMs), name]) },
    ],
  };
}

/** The promises of drift detection and recovery over incidents (MET-08). */
function budgets({ clock }: Context, { file, text }: { readonly file: string; readonly text: string }): Outcome {
  const incidents = parseIncidents(file, text);
  const now = clock.now();
  const { drift_detection, mttr } = shippedSlos;
  const evaluate = (slo: typeof mttr, until: "detected" | "recovered"): SloReport =>
    evaluateSlo(slo, { outcomes: incidentOutcomes(incidents, { until, within: slo.within, now }), now });
  const usable = <T>(run: () => T): T => {
    try {
      return run();
    } catch (error) {
      // The package refuses times that cannot be; here they come from a file.
      if (error instanceof RangeError) throw unusable(file, error.message);
      throw error;
    }
  };
  const slos = usable(() => [evaluate(drift_detection, "detected"), evaluate(mttr, "recovered")]);
  const meanHours = usable(() => meanHoursToRecovery(incidents));
  const percent = (share: number | null): string => (share === null ? "n/a" : `${Math.round(share * 1000) / 10} %`);
  return {
    data: { slos, meanHoursToRecovery: meanHours },
    findings: slos.flatMap(({ findings }) => findings),
    view: [
      {
        type: "table",
        head: ["objective", "promised", "good", "of", "budget left"],
        rows: slos.map(({ name, objective, goodPercent, total, budgetLeft }) => [
          ...[name, `${objective} %`, goodPercent === null ? "n/a" : percent(goodPercent / 100), String(total), percent(budgetLeft)],
        ]),
      },
      { type: "values", rows: [["mean time to recovery", meanHours === null ? "n/a" : `${Math.round(meanHours * 10) / 10} h`]] },
    ],
  };
}

function parseIncidents(file: string, text: string): readonly Incident[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw unusable(file, "it is no JSON");
  }
  if (!Array.isArray(value)) throw unusable(file, "it is no list");
  return value.map((one: unknown, index) => {
    const { began, detected = null, recovered = null } = isJsonObject(one) ? one : {};
    if (typeof began !== "string" || !isTimeOrNull(detected) || !isTimeOrNull(recovered))
      throw unusable(file, `number ${index + 1} has no times "began", "detected" and "recovered"`);
    return { began, detected, recovered };
  });
}

function isTimeOrNull(value: unknown): value is string | null {
  return value === null || typeof value === "string";
}

function unusable(file: string, reason: string): InputError {
  return new InputError("CLI_INPUT_INVALID", `Cannot use the incidents of "${file}": ${reason}`);
}
