import { join } from "node:path";
import type { NodeBinary } from "./node-releases.ts";
import { pathWith } from "./project.ts";
import { runCommand } from "./run-command.ts";
import type { WorkspacePackage } from "./workspace-packages.ts";

/** Runs the installed commands of a package: `--version` must print the package's version, `--help` must name the command. */
export async function runBins(
  subject: WorkspacePackage,
  options: { readonly directory: string; readonly node: Pick<NodeBinary, "executable" | "directory"> },
): Promise<string> {
  const commands = Object.entries(subject.bin);
  for (const [name, file] of commands) {
    const path = join("node_modules", subject.name, file);
    const version = (await runCommand([options.node.executable, path, "--version"], { cwd: options.directory })).trim();
    if (!version.includes(subject.version)) throw new Error(`"${name} --version" printed "${version}", expected ${subject.version}`);
    const help = await runCommand([options.node.executable, path, "--help"], { cwd: options.directory });
    if (!help.includes(name)) throw new Error(`"${name} --help" does not name the command: "${help.slice(0, 200)}"`);
    // What a user types goes through the link that npm made.
    const linked = (
      await runCommand(["npm", "exec", "--offline", "--", name, "--version"], { cwd: options.directory, env: pathWith(options.node) })
    ).trim();
    if (linked !== version) throw new Error(`"npx ${name} --version" printed "${linked}", expected "${version}"`);
  }
  return commands.map(([name]) => name).join(", ");
}
