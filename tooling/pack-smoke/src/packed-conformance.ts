import { copyFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "./run-command.ts";
import type { WorkspacePackage } from "./workspace-packages.ts";

/** The script of a package that runs its conformance suites against what is installed, or null when it has none. */
export function conformanceScript(subject: WorkspacePackage): string | null {
  const script = join(subject.directory, "test", "packed-conformance.mjs");
  return existsSync(script) ? script : null;
}

/**
 * Runs the conformance suites of a package in a consumer's project, with the executables of the other releases as arguments.
 *
 * @returns What the script says it tried.
 * @throws Error when a case fails, or the script says nothing.
 */
export async function runPackedConformance(
  script: string,
  options: { readonly directory: string; readonly executable: string; readonly others: readonly string[]; readonly name: string },
): Promise<string> {
  const { directory, executable, others, name } = options;
  const copy = join(directory, `conformance-${name.replaceAll(/[^a-z0-9]+/g, "-")}.mjs`);
  await copyFile(script, copy);
  const said = (await runCommand([executable, copy, ...others], { cwd: directory })).trim();
  if (said === "") throw new Error(`Cannot trust the conformance of "${name}": its script says nothing`);
  return said;
}
