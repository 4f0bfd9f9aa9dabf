import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Finds the publishable packages of the workspace: name to absolute folder, sorted by folder. */
export function workspacePackages(root: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const group of ["packages", "apps"]) {
    for (const name of readdirSync(join(root, group)).sort()) {
      const manifest = join(root, group, name, "package.json");
      if (!existsSync(manifest)) continue;
      found.set((JSON.parse(readFileSync(manifest, "utf8")) as { readonly name: string }).name, join(root, group, name));
    }
  }
  return found;
}
