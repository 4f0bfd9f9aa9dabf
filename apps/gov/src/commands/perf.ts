import { resolve } from "node:path";
import { readFileBounded } from "@gov/index-writer";
import { parseJunit } from "@gov/schema/reports";
import { slowestTests } from "@gov/telemetry/performance";
import { type Command, InputError, UsageError } from "../command.ts";

const maxReportBytes = 1 << 26;

/** Shows the percentiles and the slowest tests of JUnit reports. */
export const perf: Command = {
  usage: "<report>...",
  maxPositionals: 100,
  flags: {},
  examples: ["gov perf junit.xml", "gov perf unit.xml e2e.xml --format json"],
  async run(context, call) {
    if (call.positionals.length === 0) throw new UsageError("Missing the path of a JUnit report");
    const reports = await Promise.all(
      call.positionals.map(async (path) => {
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
  },
};
