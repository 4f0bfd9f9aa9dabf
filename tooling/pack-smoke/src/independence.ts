import { readFile } from "node:fs/promises";
import { builtinModules } from "node:module";
import { join } from "node:path";
import ts from "typescript";
import type { WorkspacePackage } from "./workspace-packages.ts";

/** Returns the packages that JavaScript or declarations import, sorted; relative files and Node's own modules left out. */
export function importedPackages(text: string): readonly string[] {
  const specifiers = ts.preProcessFile(text, true, true).importedFiles.map((file) => file.fileName);
  const bare = specifiers.filter((one) => !one.startsWith(".") && !one.startsWith("node:") && !builtinModules.includes(one));
  return [...new Set(bare.map(packageOf))].sort();
}

/**
 * Shows that a package installed by itself is whole: what it imports is declared, and of the workspace npm brought exactly what it declares.
 *
 * @returns What came with it, as text.
 * @throws Error naming each undeclared import and each workspace package too many or missing.
 */
export async function checkIndependence(
  subject: WorkspacePackage,
  options: {
    readonly directory: string;
    readonly files: readonly string[];
    readonly installed: readonly string[];
    /** Every workspace package's name. */
    readonly workspace: readonly string[];
    /** The workspace packages that must come along. */
    readonly closure: readonly string[];
  },
): Promise<string> {
  const declared = new Set([subject.name, ...subject.dependencies]);
  const problems: string[] = [];
  for (const file of options.files.filter((one) => /^dist\/.*\.(?:js|d\.ts)$/.test(one))) {
    const text = await readFile(join(options.directory, "node_modules", subject.name, file), "utf8");
    for (const name of importedPackages(text)) {
      if (!declared.has(name)) problems.push(`"${subject.name}" imports "${name}" in ${file}, but does not declare it`);
    }
  }
  const came = options.installed.filter((name) => name !== subject.name && options.workspace.includes(name));
  if (came.join() !== options.closure.join()) {
    problems.push(`"${subject.name}" brought ${came.join(", ") || "no sibling"}, expected ${options.closure.join(", ") || "none"}`);
  }
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return options.installed.filter((name) => name !== subject.name).join(", ") || "nothing else";
}

function packageOf(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}
