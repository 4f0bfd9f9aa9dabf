import { mkdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import type { NodeBinary } from "./node-releases.ts";
import { quietNpm } from "./pinned-install.ts";
import { runCommand } from "./run-command.ts";

/** A consumer's project with packages installed by npm. */
export interface Project {
  readonly directory: string;
  /** Names of all packages that npm installed, sorted. */
  readonly installed: readonly string[];
}

/** What to install where. */
export interface ProjectOptions {
  readonly directory: string;
  /** Package name to tarball: what the consumer asks for. */
  readonly dependencies: ReadonlyMap<string, string>;
  /** Package name to tarball: where npm finds a package that another one asks for, since the registry does not have it. */
  readonly overrides?: ReadonlyMap<string, string> | undefined;
  /** npm runs on this Node; by default on the machine's. */
  readonly node?: NodeBinary | undefined;
}

/** Makes an empty project and installs into it with plain npm. */
export async function createProject(options: ProjectOptions): Promise<Project> {
  const { directory, dependencies, overrides = new Map<string, string>(), node } = options;
  await mkdir(directory, { recursive: true });
  const manifest = {
    name: "consumer",
    private: true,
    type: "module",
    dependencies: fileSpecifiers(dependencies),
    overrides: fileSpecifiers(new Map([...overrides].filter(([name]) => !dependencies.has(name)))),
  };
  await writeFile(join(directory, "package.json"), JSON.stringify(manifest, null, 2));
  await runCommand(["npm", "install", ...quietNpm], { cwd: directory, ...(node && { env: pathWith(node) }) });
  const lock = JSON.parse(await readFile(join(directory, "package-lock.json"), "utf8")) as { readonly packages: Record<string, unknown> };
  return { directory, installed: installedNames(Object.keys(lock.packages)) };
}

/** Returns the package names of a lock file's keys (`node_modules/a/node_modules/b`), sorted, each once per place it stands at. */
export function installedNames(keys: readonly string[]): readonly string[] {
  const marker = "node_modules/";
  return keys
    .filter((key) => key.includes(marker))
    .map((key) => key.slice(key.lastIndexOf(marker) + marker.length))
    .sort();
}

function fileSpecifiers(tarballs: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries([...tarballs].map(([name, path]) => [name, `file:${path}`]));
}

/** Returns the environment in which `node`, npm and everything they start is this Node. */
export function pathWith(node: Pick<NodeBinary, "directory">): Record<string, string> {
  return { PATH: `${node.directory}${delimiter}${process.env["PATH"] ?? ""}` };
}
