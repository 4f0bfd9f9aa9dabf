import { mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArguments, usage } from "./arguments.ts";
import type { Cost } from "./budget.ts";
import { runChecks } from "./checks.ts";
import { createInstallations } from "./installations.ts";
import { selectReleases } from "./node-releases.ts";
import { planChecks } from "./plan-checks.ts";
import { createRenderer, renderCosts, renderSummary } from "./render-report.ts";
import { readWorkspacePackages, type WorkspacePackage } from "./workspace-packages.ts";

if (process.argv.includes("--help")) process.stdout.write(usage);
else process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  const { majors, packages: wanted, keep } = parseArguments(argv);
  const root = join(import.meta.dirname, "..", "..", "..");
  const packages = await readWorkspacePackages(root);
  const scratch = await realpath(await mkdtemp(join(tmpdir(), "gov-pack-smoke-")));
  await mkdir(join(scratch, "tarballs"));
  const costs: Cost[] = [];
  try {
    const installations = createInstallations({ root, scratch, cache: join(root, "node_modules", ".cache", "pack-smoke"), packages });
    const checks = planChecks({
      packages,
      subjects: selectSubjects(packages, wanted),
      releases: selectReleases(majors),
      installations,
      onCost: (cost) => costs.push(cost),
    });
    const render = createRenderer();
    const outcomes = await runChecks(checks, {
      concurrency: 2,
      onOutcome: (outcome) => process.stdout.write(`${render(outcome)}\n`),
    });
    process.stdout.write(`\n${renderCosts(costs)}\n\n${renderSummary(outcomes)}\n`);
    return outcomes.length > 0 && outcomes.every((outcome) => outcome.passed) ? 0 : 1;
  } finally {
    if (keep) process.stdout.write(`Projects left in ${scratch}\n`);
    else await rm(scratch, { recursive: true, force: true });
  }
}

function selectSubjects(packages: readonly WorkspacePackage[], wanted: readonly string[]): readonly string[] {
  const names = packages.map((one) => one.name);
  if (wanted.length === 0) return names;
  return wanted.map((one) => {
    const name = names.find((candidate) => candidate === one || candidate.endsWith(`/${one}`));
    if (name === undefined) throw new RangeError(`Cannot find the package "${one}": choose from ${names.join(", ")}`);
    return name;
  });
}
