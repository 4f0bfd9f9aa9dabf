import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import module from "node:module";
import { join } from "node:path";

// Of the Node that runs the tests; the types are those of the oldest supported one.
const { stripTypeScriptTypes } = module as unknown as { readonly stripTypeScriptTypes: (source: string) => string };

/**
 * Writes the sources as JavaScript that every supported Node runs, with the scripts of the tests beside them: `<directory>/<script>.mjs` then finds the package
 * as an installed one.
 */
export function plainJavaScript(directory: string, scripts: readonly string[]): void {
  const home = join(import.meta.dirname, "..");
  const to = join(directory, "node_modules/@gov/atomic-io");
  for (const entry of readdirSync(join(home, "src"), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const from = join(entry.parentPath, entry.name);
    const place = join(to, from.slice(home.length).replace(/\.ts$/, ".js"));
    mkdirSync(join(place, ".."), { recursive: true });
    writeFileSync(place, stripTypeScriptTypes(readFileSync(from, "utf8")).replaceAll(/(from|import)(\s*)"(\.[^"]+)\.ts"/g, '$1$2"$3.js"'));
  }
  const { exports: entries } = JSON.parse(readFileSync(join(home, "package.json"), "utf8")) as {
    readonly exports: Record<string, unknown>;
  };
  const mapped = Object.entries(entries).flatMap(([name, target]) =>
    typeof target === "string" ? [] : [[name, (target as Record<string, string>)["@gov/source"]?.replace(/\.ts$/, ".js")]],
  );
  writeFileSync(
    join(to, "package.json"),
    JSON.stringify({
      name: "@gov/atomic-io",
      type: "module",
      exports: { ...Object.fromEntries(mapped), "./lock/host": "./src/lock/node-lock-host.js" },
    }),
  );
  // The machine's locks are no part of what the package exports; a test replaces one call of them.
  for (const script of scripts) cpSync(join(import.meta.dirname, script), join(directory, script));
}
