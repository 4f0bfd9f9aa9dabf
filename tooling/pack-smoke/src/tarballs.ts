import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "./run-command.ts";
import type { WorkspacePackage } from "./workspace-packages.ts";

/** A packed package: what would be published. */
export interface Tarball {
  readonly name: string;
  readonly path: string;
  /** POSIX paths inside the package, sorted. */
  readonly files: readonly string[];
}

/** Packs one package with the workspace's pnpm, as publishing would, into a folder. */
export async function packPackage(subject: WorkspacePackage, options: { readonly root: string; readonly into: string }): Promise<Tarball> {
  const pnpm = await pnpmCommand(options.root);
  const printed = await runCommand([...pnpm, "pack", "--json", "--pack-destination", options.into], { cwd: subject.directory });
  const packed = JSON.parse(printed) as { readonly filename: string; readonly files: readonly { readonly path: string }[] };
  return { name: subject.name, path: packed.filename, files: packed.files.map((file) => file.path).sort() };
}

/** Returns the files that an exports map or a command promises and the tarball lacks, sorted; these come from a build. */
export function missingTargets(subject: Pick<WorkspacePackage, "entries" | "bin">, files: readonly string[]): readonly string[] {
  const promised = [
    ...subject.entries.filter((entry) => entry.kind !== "pattern").map((entry) => entry.target),
    ...Object.values(subject.bin),
  ];
  return [...new Set(promised.map((file) => file.replace(/^\.\//, "")))].filter((file) => !files.includes(file)).sort();
}

/** Lists what is wrong with the files of a tarball: what every package must carry, and what none may. */
export function unfitFiles(files: readonly string[]): readonly string[] {
  const missing = ["LICENSE", "README.md", "package.json"].filter((file) => !files.includes(file)).map((file) => `it lacks ${file}`);
  const stray = files
    .filter((file) => /(?:^|\/)(?:\.|test\/|node_modules\/)|\.test\.ts$|\.tsbuildinfo$/.test(file))
    .map((file) => `it carries ${file}`);
  return [...missing, ...stray];
}

/** Returns the command line of the pnpm that runs this, or else of the one that the workspace pins. */
export async function pnpmCommand(root: string): Promise<readonly [string, ...string[]]> {
  const running = process.env["npm_execpath"];
  if (running !== undefined && /pnpm\.[cm]?js$/.test(running)) return [process.execPath, running];
  const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { readonly packageManager: string };
  return ["npx", "-y", manifest.packageManager];
}
