import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "tsup";

const worker = join(import.meta.dirname, "../src/internal/scan/node-scan-worker.ts");

/** Bundles a script beside this module with the sources as they are now, so that a process of it starts as fast, and takes as little memory, as a published one. */
export async function bundled(script: string, directory: string): Promise<string> {
  await build({
    config: false,
    silent: true,
    entry: { script: join(import.meta.dirname, script), "scan-worker": worker },
    outDir: join(directory, "program"),
    format: "esm",
    splitting: false,
    target: "node20",
    outExtension: () => ({ js: ".js" }),
    // Packages in CommonJS ask for modules of Node in their own way.
    banner: { js: 'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);' },
    noExternal: [/./],
    esbuildOptions: (options) => void (options.conditions = ["@gov/source"]),
  });
  writeFileSync(join(directory, "package.json"), JSON.stringify({ type: "module" }));
  return join(directory, "program/script.js");
}
