import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Entry, entriesOf } from "./entries.ts";

/** A publishable package of the workspace, as its manifest describes it. */
export interface WorkspacePackage {
  readonly name: string;
  readonly version: string;
  readonly directory: string;
  readonly entries: readonly Entry[];
  /** Command name to file. */
  readonly bin: Readonly<Record<string, string>>;
  /** Names of the declared run-time dependencies, sorted. */
  readonly dependencies: readonly string[];
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** Reads every package of `packages/` and `apps/` that is not private, sorted by name. */
export async function readWorkspacePackages(root: string): Promise<readonly WorkspacePackage[]> {
  const found: WorkspacePackage[] = [];
  for (const group of ["packages", "apps"]) {
    for (const folder of await readdir(join(root, group))) {
      const directory = join(root, group, folder);
      const text = await readFile(join(directory, "package.json"), "utf8").catch(() => null);
      if (text === null) continue;
      const manifest = JSON.parse(text) as Manifest;
      if (manifest.private !== true) found.push(describe(manifest, directory));
    }
  }
  if (found.length === 0) throw new Error(`Cannot pack "${root}": it holds no publishable package`);
  return found.sort((left, right) => (left.name < right.name ? -1 : 1));
}

/** Returns the workspace packages that installing one of them must bring along: its declared workspace dependencies, transitively. */
export function workspaceClosure(subject: WorkspacePackage, all: readonly WorkspacePackage[]): readonly string[] {
  const byName = new Map(all.map((one) => [one.name, one]));
  const seen = new Set<string>();
  const visit = (one: WorkspacePackage): void => {
    for (const name of one.dependencies) {
      const dependency = byName.get(name);
      if (dependency === undefined || seen.has(name)) continue;
      seen.add(name);
      visit(dependency);
    }
  };
  visit(subject);
  return [...seen].sort();
}

function describe(manifest: Manifest, directory: string): WorkspacePackage {
  const declared = { ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.optionalDependencies };
  return {
    name: manifest.name,
    version: manifest.version,
    directory,
    entries: entriesOf(manifest.name, manifest.exports ?? {}),
    bin: manifest.bin ?? {},
    dependencies: Object.keys(declared).sort(),
  };
}
