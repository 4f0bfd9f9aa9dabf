import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exists, quietNpm } from "./pinned-install.ts";
import { runCommand } from "./run-command.ts";

/** The releases of Node the packages are tried on: the floor that `engines` promises, and the newest of each later line. */
export const nodeReleases = ["20.19.0", "22.23.3", "24.21.0", "26.10.0"] as const;

/** One of the releases tried. */
export type NodeRelease = (typeof nodeReleases)[number];

/** A Node binary, and the folder to put first on `PATH` so that npm runs on it too. */
export interface NodeBinary {
  readonly release: NodeRelease;
  readonly executable: string;
  readonly directory: string;
}

/** Returns the releases of the major versions named, all of them when none is named. */
export function selectReleases(majors: readonly string[]): readonly NodeRelease[] {
  for (const major of majors) {
    if (!nodeReleases.some((release) => majorOf(release) === major)) {
      throw new RangeError(`Cannot try Node ${major}: choose from ${nodeReleases.map(majorOf).join(", ")}`);
    }
  }
  return majors.length === 0 ? nodeReleases : nodeReleases.filter((release) => majors.includes(majorOf(release)));
}

/** Installs one release of Node from the registry's platform package into the cache, once, and returns its binary. */
export async function installNode(release: NodeRelease, cache: string): Promise<NodeBinary> {
  const platformPackage = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  const target = join(cache, release);
  const directory = join(target, "node_modules", platformPackage, "bin");
  const executable = join(directory, process.platform === "win32" ? "node.exe" : "node");
  const complete = join(target, "complete");
  if (!(await exists(complete))) {
    await rm(target, { recursive: true, force: true });
    await mkdir(target, { recursive: true });
    await writeFile(join(target, "package.json"), '{ "private": true }\n');
    await runCommand(["npm", "install", ...quietNpm, `${platformPackage}@${release}`], { cwd: target });
    await writeFile(complete, "");
  }
  const version = (await runCommand([executable, "--version"], { cwd: target })).trim();
  if (version !== `v${release}`) throw new Error(`Cannot use "${executable}": it is Node ${version}, expected v${release}`);
  return { release, executable, directory };
}

function majorOf(release: string): string {
  return release.slice(0, release.indexOf("."));
}
