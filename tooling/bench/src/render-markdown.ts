import type { Calibration } from "./calibrate.ts";
import { figure, range, time } from "./format-figures.ts";
import type { ContenderResult, RowResult } from "./measure-row.ts";

/** Everything one run found out. */
export interface BenchResults {
  readonly seed: number;
  readonly quick: boolean;
  /** Which build of each package was measured: package name to file. */
  readonly measured: Readonly<Record<string, string>>;
  readonly calibration: Calibration;
  readonly rows: readonly RowResult[];
}

/** Above this, in milliseconds, a ratio says more about the disk than about the code (both terms are always shown). */
const slowFsyncMs = 0.3;

/** Renders the results as a document. */
export function renderMarkdown(results: BenchResults): string {
  const { calibration, seed, quick, measured, rows } = results;
  const { fsyncInPlaceMs, fsyncNewFileMs, renameOverMs, sha256MBps } = calibration;
  const lines = [
    "# Benchmark results",
    "",
    `Seed ${seed}${quick ? ", quick run (small inputs, few rounds: for a look, not for quoting)" : ""}. Measured: ${Object.entries(measured)
      .map(([name, file]) => `${name} (${file})`)
      .join(", ")}.`,
    "",
    "| calibration | |",
    "| --- | --- |",
    `| machine | ${calibration.machine} |`,
    `| Node | ${calibration.node} |`,
    `| load at the start | ${calibration.load.toFixed(2)} on ${calibration.cores} cores${calibration.load > calibration.cores / 2 ? " **(busy: figures are noise)**" : ""} |`,
    `| file system | ${calibration.fileSystem} |`,
    `| 4 KiB write in place and fsync, ms | ${range(fsyncInPlaceMs)} |`,
    `| 4 KiB to a new file and fsync, ms | ${range(fsyncNewFileMs)} |`,
    `| rename over an existing file, ms | ${range(renameOverMs)} |`,
    `| SHA-256, MB/s | ${range(sha256MBps)} |`,
    "",
    "Time per operation is the median with p10–p90. A ratio is the contender's time divided by the subject's in the same round, median with",
    "95 % bootstrap interval: above 1 the subject is faster.",
  ];
  if (fsyncNewFileMs.median > slowFsyncMs) {
    lines.push(
      "",
      `A sync takes over ${slowFsyncMs} ms here: ratios of rows that sync are mostly the ratio of their syncs; read both terms.`,
    );
  }
  for (const row of rows) lines.push("", ...renderRow(row));
  return `${lines.join("\n")}\n`;
}

function renderRow(row: RowResult): readonly string[] {
  const heading = `## ${row.id}: ${row.title}`;
  if (!row.ok) return [heading, "", `**Failed:** ${row.reason}`];
  const countNames = [...new Set(row.contenders.flatMap((one) => Object.keys(one.counts)))].sort();
  const cells = (contender: ContenderResult): readonly string[] => [
    contender.ratio === null ? `**${contender.name}**` : contender.name,
    time(contender.ms.median),
    `${time(contender.ms.p10)}–${time(contender.ms.p90)}`,
    contender.ratio === null ? "1" : `${figure(contender.ratio.median)} (${figure(contender.ratio.low)}–${figure(contender.ratio.high)})`,
    ...countNames.map((name) => (contender.counts[name] === undefined ? "" : figure(contender.counts[name]))),
  ];
  const header = ["contender", "per operation", "p10–p90", `ratio to ${row.subject}`, ...countNames];
  const table = [header, header.map(() => "---"), ...row.contenders.map(cells)].map((line) => `| ${line.join(" | ")} |`);
  return [heading, "", ...table, ...(row.notes.length > 0 ? [""] : []), ...row.notes.map((note) => `- ${note}`)];
}
