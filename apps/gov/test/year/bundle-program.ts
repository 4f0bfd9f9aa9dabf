import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "tsup";

const app = fileURLToPath(new URL("../../", import.meta.url));
// Packages in CommonJS ask for modules of Node in their own way.
const js = `import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);`;

/** Bundles the program as its sources are now, so that a process of it starts as fast as the published one does; returns the path of its entry. */
export async function bundleProgram(directory: string): Promise<string> {
  cpSync(join(app, "templates"), join(directory, "templates"), { recursive: true });
  writeFileSync(join(directory, "package.json"), JSON.stringify({ type: "module", version: "0.0.0-year" }));
  await build({
    config: false,
    silent: true,
    entry: { bin: join(app, "src/bin.ts") },
    outDir: join(directory, "program"),
    format: "esm",
    target: "node20",
    banner: { js },
    noExternal: [/./],
    esbuildOptions: (options) => void (options.conditions = ["@gov/source"]),
  });
  return join(directory, "program/bin.js");
}
