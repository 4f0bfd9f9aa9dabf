import { resolve } from "node:path";
import { readFileBounded } from "@gov/index-writer";
import { isJsonObject } from "@gov/schema";
import { parseJunit, type TestReport } from "@gov/schema/reports";
import {
  type DurationsSla,
  evaluateDurations,
  evaluateSlo,
  type Incident,
  incidentOutcomes,
  measuredDurations,
  meanHoursToRecovery,
  shippedSlos,
  type SloReport,
  slowestTests,
} from "@gov/telemetry/performance";
import { type Command, InputError, type Outcome, stringFlag, UsageError } from "../command.ts";
import type { Context } from "../context.ts";
import { orRefuse } from "../or-refuse.ts";
import { judgeMeasurement } from "../performance/judge-measurement.ts";
import { rootFlags } from "../root/locate-root.ts";
import { readOfKind } from "../root/read-of-kind.ts";
import { readTextFile } from "../root/read-text-file.ts";
import { thresholdsHere } from "../root/thresholds-here.ts";

const maxReportBytes = 1 << 26;

/**
 * Shows the percentiles and the slowest tests of JUnit reports, and what is left of the error budgets of drift detection and recovery; judges steps by their limits, and
 * a measurement by its acceptance criteria.
 */
export const perf: Command = {
  usage: "[report]...",
  maxPositionals: 100,
  flags: {
    ...rootFlags,
    sla: { type: "string", value: "<file>", description: "durations_sla.yaml: judges the steps of the reports by their limits" },
    incidents: {
      type: "string",
      value: "<file>",
      description: "JSON list of incidents with began, detected, recovered: shows the error budgets of detection and recovery",
    },
    criteria: { type: "string", value: "<file>", description: "acceptance_criteria.json: judges --measurement by it" },
    measurement: { type: "string", value: "<file>", description: "JSON with profile and runsMs of what was measured" },
  },
  examples: [
    "gov perf junit.xml",
    "gov perf unit.xml e2e.xml --format json",
    "gov perf junit.xml --sla durations_sla.yaml",
    "gov perf --incidents incidents.json",
    "gov perf --criteria acceptance_criteria.json --measurement measurement.json",
  ],
  async run(context, call) {
    const file = stringFlag(call, "incidents");
    const sla = stringFlag(call, "sla");
    const [criteria, measurement] = [stringFlag(call, "criteria"), stringFlag(call, "measurement")];
    if ((criteria === undefined) !== (measurement === undefined)) throw new UsageError("--criteria and --measurement are given together");
    if (call.positionals.length === 0 && ((file ?? criteria) === undefined || sla !== undefined))
      throw new UsageError("Missing the path of a JUnit report");
    const parts: Outcome[] = [];
    if (call.positionals.length > 0) {
      const reports = await readReports(context, call.positionals);
      parts.push({ ...tests(reports.map(({ value }) => value)), findings: reports.flatMap(({ findings }) => findings) });
      if (sla !== undefined)
        parts.push(
          limits(
            // The schema of the kind has judged it.
            (await readOfKind(context, sla, { kind: "durations_sla", use: "limits of durations" })) as unknown as DurationsSla,
            reports.map(({ value }) => value),
          ),
        );
    }
    if (file !== undefined) {
      const { meanTimeToRecoverHours } = await thresholdsHere(context, call);
      parts.push(await budgets(context, { file, text: await readTextFile(context, file), meanTimeToRecoverHours }));
    }
    if (criteria !== undefined && measurement !== undefined) parts.push(await judgeMeasurement(context, { criteria, measurement }));
    return {
      data: Object.assign({}, ...parts.map(({ data }) => data)) as Outcome["data"],
      findings: parts.flatMap(({ findings }) => findings),
      view: parts.flatMap(({ view }) => view),
    };
  },
};

async function readReports(context: Context, paths: readonly string[]) {
  return Promise.all(
    paths.map(async (path) => {
      const read = await readFileBounded(resolve(context.cwd, path), { maxBytes: maxReportBytes, fs: context.fs, path });
      const report = read.ok ? parseJunit({ path, bytes: read.value }) : read;
      if (!report.ok) throw new InputError("CLI_INPUT_UNREADABLE", `Cannot read the report "${path}"`, { findings: report.findings });
      return report;
    }),
  );
}

/** Each step against its limit (MET-05). */
function limits(sla: DurationsSla, reports: readonly TestReport[]): Outcome {
  const { durations, findings } = evaluateDurations(sla, measuredDurations(reports));
  return {
    data: { limits: durations },
    findings,
    view: [
      {
        type: "table",
        head: ["step", "took", "limit", "", "owner"],
        rows: durations.map(({ name, actualMs, limitMs, isMet, owner }) => [
          ...[
            name,
            shown(actualMs ?? undefined),
            shown(limitMs),
            isMet === null ? "not measured" : isMet ? "met" : "exceeded",
            owner ?? "",
          ],
        ]),
      },
    ],
  };
}

function shown(ms: number | undefined): string {
  return ms === undefined ? "n/a" : `${Math.round(ms)} ms`;
}

function tests(reports: readonly TestReport[]): Outcome {
  const durations = slowestTests(reports);
  const { percentiles, count, unknown, totalMs } = durations;
  return {
    data: { durations },
    findings: [],
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

interface Incidents {
  readonly file: string;
  readonly text: string;
  readonly meanTimeToRecoverHours: number;
}

/** The promises of drift detection and recovery over incidents (MET-08). */
async function budgets({ clock }: Context, { file, text, meanTimeToRecoverHours }: Incidents): Promise<Outcome> {
  const incidents = parseIncidents(file, text);
  const now = clock.now();
  const { drift_detection } = shippedSlos;
  const mttr = { ...shippedSlos.mttr, within: `${Math.ceil(meanTimeToRecoverHours * 3600)}s` };
  const evaluate = (slo: typeof mttr, until: "detected" | "recovered"): SloReport =>
    evaluateSlo(slo, { outcomes: incidentOutcomes(incidents, { until, within: slo.within, now }), now });
  // Times that cannot be come from the file.
  const [slos, meanHours] = await orRefuse(
    () => [[evaluate(drift_detection, "detected"), evaluate(mttr, "recovered")], meanHoursToRecovery(incidents)] as const,
    (message) => unusable(file, message),
  );
  const mean = meanHours === null ? "n/a" : `${Math.round(meanHours * 10) / 10} h`;
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
      { type: "values", rows: [["mean time to recovery", `${mean}, of ${meanTimeToRecoverHours} h promised`]] },
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
