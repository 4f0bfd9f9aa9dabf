import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArguments, usage } from "./arguments.ts";
import { calibrate } from "./calibrate.ts";
import { measureRow, type RowResult } from "./measure-row.ts";
import { openPeers } from "./peers.ts";
import { type BenchResults, renderMarkdown } from "./render-markdown.ts";
import { renderReport } from "./render-report.ts";
import { rows } from "./rows/all-rows.ts";
import { seededRandom } from "./seeded-random.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const monotonicMs = (): number => performance.now();

if (process.argv.includes("--help")) process.stdout.write(usage);
else process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  const { filter, quick, out, seed, scratch: within } = parseArguments(argv, { root });
  const selected = rows.filter((row) => filter === null || row.id.includes(filter));
  if (selected.length === 0)
    throw new RangeError(`Cannot find a row named "${filter}": choose from ${rows.map((row) => row.id).join(", ")}`);
  const cache = join(root, "node_modules", ".cache", "bench");
  await mkdir(cache, { recursive: true });
  await mkdir(out, { recursive: true });
  // Beside the checkout and not in the system's temporary folder, which may be memory that no sync reaches.
  const scratch = await mkdtemp(join(within, "scratch-"));
  try {
    process.stderr.write(`Seed ${seed}\n`);
    const calibration = calibrate(scratch, { monotonicMs });
    const peers = openPeers(join(cache, "peers"));
    const results: RowResult[] = [];
    for (const row of selected) {
      process.stderr.write(`${row.id}\n`);
      const folder = join(scratch, row.id);
      await mkdir(folder);
      results.push(await measureRow(row, { random: seededRandom(seed), scratch: folder, peers, quick }, { seed, monotonicMs }));
    }
    const bench: BenchResults = { seed, quick, measured: measuredFiles(), calibration, rows: results };
    const markdown = renderMarkdown(bench);
    await writeFile(join(out, "bench-results.json"), `${JSON.stringify(bench, null, 2)}\n`);
    await writeFile(join(out, "bench-results.md"), markdown);
    await writeFile(join(out, "bench-report.html"), renderReport(bench));
    process.stdout.write(markdown);
    return results.every((row) => row.ok) ? 0 : 1;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function measuredFiles(): Record<string, string> {
  const names = ["@gov/atomic-io", "@gov/schema"];
  return Object.fromEntries(names.map((name) => [name, relative(root, fileURLToPath(import.meta.resolve(name))).replaceAll("\\", "/")]));
}
