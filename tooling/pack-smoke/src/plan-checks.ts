import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { brokenCeilings, type Cost, measureImport, readBudget } from "./budget.ts";
import type { Check } from "./checks.ts";
import { importEntries } from "./import-entries.ts";
import { checkIndependence } from "./independence.ts";
import type { Installations } from "./installations.ts";
import type { NodeRelease } from "./node-releases.ts";
import { runReadmeExamples } from "./readme-examples.ts";
import { runBins } from "./run-bins.ts";
import { conformanceScript, runPackedConformance } from "./packed-conformance.ts";
import { runCommand } from "./run-command.ts";
import { checkStrictConsumer } from "./strict-consumer.ts";
import { unfitFiles } from "./tarballs.ts";
import { workspaceClosure, type WorkspacePackage } from "./workspace-packages.ts";

/** The compilers of `tools/package.json` a consumer may have: the oldest that understands `require` of an ES module (5.8), and the newest. */
const compilers = ["typescript-floor", "typescript-current"] as const;

/** What the checks are about. */
export interface PlanOptions {
  readonly packages: readonly WorkspacePackage[];
  /** Names of the packages looked at; all are installed. */
  readonly subjects: readonly string[];
  readonly releases: readonly NodeRelease[];
  readonly installations: Installations;
  /** Called with what each package costs. */
  readonly onCost: (cost: Cost) => void;
}

/** Lists every check of a run before any of them runs, so that none can vanish on the way. */
export function planChecks(options: PlanOptions): readonly Check[] {
  const subjects = options.packages.filter((one) => options.subjects.includes(one.name));
  return [
    ...subjects.flatMap((subject) => packedChecks(subject, options)),
    ...subjects.flatMap((subject) => aloneChecks(subject, options)),
    ...options.releases.flatMap((release) => subjects.flatMap((subject) => releaseChecks(subject, release, options))),
    ...typeChecks(subjects, options),
  ];
}

function packedChecks(subject: WorkspacePackage, { installations }: PlanOptions): readonly Check[] {
  const lint = (name: string, args: readonly string[]): Check => ({
    subject: subject.name,
    name,
    node: "-",
    run: async () => {
      const [tools, tarball] = [await installations.tools(), await installations.tarball(subject.name)];
      await runCommand([join(tools, "node_modules", ".bin", name), ...args, tarball.path], { cwd: tools });
      return "no problem";
    },
  });
  const files = async (): Promise<string> => {
    const tarball = await installations.tarball(subject.name);
    const unfit = unfitFiles(tarball.files);
    if (unfit.length > 0) throw new Error(`Cannot publish "${subject.name}": ${unfit.join(", ")}`);
    return `${tarball.files.length} files`;
  };
  return [
    { subject: subject.name, name: "packed files", node: "-", run: files },
    lint("publint", ["run", "--strict"]),
    lint("attw", ["--profile", "esm-only", "--no-emoji", "--no-definitely-typed", "-f", "ascii"]),
  ];
}

function aloneChecks(subject: WorkspacePackage, options: PlanOptions): readonly Check[] {
  const { installations, packages } = options;
  const check = (name: string, run: () => Promise<string>): Check => ({ subject: subject.name, name: `alone: ${name}`, node: "-", run });
  const here = async (): Promise<{ directory: string; executable: string; files: readonly string[]; installed: readonly string[] }> => ({
    ...(await installations.alone(subject.name)),
    executable: process.execPath,
    files: (await installations.tarball(subject.name)).files,
  });
  const independence = async (): Promise<string> =>
    checkIndependence(subject, {
      ...(await here()),
      workspace: packages.map((one) => one.name),
      closure: workspaceClosure(subject, packages),
    });
  return [
    check("brings", independence),
    ...(hasEntries(subject) ? [check("entries", async () => importEntries(loadable(subject), await here()))] : []),
    check("README", async () => runReadmeExamples(subject.name, await here())),
    check("budget", async () => weigh(subject, options)),
  ];
}

function releaseChecks(subject: WorkspacePackage, release: NodeRelease, { installations, releases }: PlanOptions): readonly Check[] {
  const check = (name: string, run: () => Promise<string>): Check => ({ subject: subject.name, name, node: release, run });
  const here = async (): Promise<{ directory: string; executable: string; files: readonly string[] }> => ({
    directory: (await installations.together(release)).directory,
    executable: (await installations.node(release)).executable,
    files: (await installations.tarball(subject.name)).files,
  });
  const bins = async (): Promise<string> => runBins(subject, { ...(await here()), node: await installations.node(release) });
  const script = conformanceScript(subject);
  const conformance = async (): Promise<string> => {
    const others = await Promise.all(
      releases.filter((other) => other !== release).map(async (other) => (await installations.node(other)).executable),
    );
    return runPackedConformance(script ?? "", { ...(await here()), others, name: subject.name });
  };
  return [
    ...(hasEntries(subject) ? [check("entries", async () => importEntries(loadable(subject), await here()))] : []),
    check("README", async () => runReadmeExamples(subject.name, await here())),
    ...(script === null ? [] : [check("conformance", conformance)]),
    ...(Object.keys(subject.bin).length > 0 ? [check("commands", bins)] : []),
  ];
}

function typeChecks(subjects: readonly WorkspacePackage[], { installations, releases }: PlanOptions): readonly Check[] {
  const entries = subjects.flatMap(loadable);
  const release = releases[0];
  if (release === undefined || entries.length === 0) return [];
  return compilers.flatMap((compiler) =>
    (["nodenext", "bundler"] as const).map((module) => ({
      subject: "every entry",
      name: `types: ${compiler}, ${module}`,
      node: "-",
      run: async () => {
        const packed = await Promise.all(subjects.map(async (one) => [one.name, (await installations.tarball(one.name)).files] as const));
        const [{ directory }, tools] = [await installations.together(release), await installations.tools()];
        return checkStrictConsumer(entries, { directory, tools, compiler, module, files: new Map(packed) });
      },
    })),
  );
}

async function weigh(subject: WorkspacePackage, { installations, onCost }: PlanOptions): Promise<string> {
  const { directory, installed } = await installations.alone(subject.name);
  const tarball = await installations.tarball(subject.name);
  const cost: Omit<Cost, "budget"> = {
    name: subject.name,
    packedBytes: (await stat(tarball.path)).size,
    unpackedBytes: await folderBytes(join(directory, "node_modules", subject.name)),
    dependencies: installed.length - 1,
    importMs: await measureImport(subject, { directory, executable: process.execPath }),
  };
  const budget = await readBudget(subject).catch((error: unknown) => {
    onCost({ ...cost, budget: null });
    throw error;
  });
  onCost({ ...cost, budget });
  const broken = brokenCeilings(cost, budget);
  if (broken.length > 0) throw new Error(broken.join("\n"));
  return `${cost.packedBytes} bytes, ${cost.dependencies} dependencies`;
}

async function folderBytes(folder: string): Promise<number> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(
    found.filter((one) => one.isFile()).map(async (one) => (await stat(join(one.parentPath, one.name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** A command's package exports only its manifest, which is loaded nowhere. */
function hasEntries(subject: WorkspacePackage): boolean {
  return subject.entries.some((entry) => entry.kind === "code");
}

function loadable(subject: WorkspacePackage): WorkspacePackage["entries"] {
  return hasEntries(subject) ? subject.entries : [];
}
