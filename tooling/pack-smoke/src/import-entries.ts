import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "./run-command.ts";
import { type Entry, expandPattern } from "./entries.ts";

/** The names each entry gives, by specifier. */
export type EntryNames = Readonly<Record<string, readonly string[]>>;

const script = `import { createRequire } from "node:module";
const [, , mode, ...specifiers] = process.argv;
const require = createRequire(import.meta.url);
const names = {};
for (const specifier of specifiers) {
  const json = specifier.endsWith(".json");
  if (mode === "require") names[specifier] = Object.keys(require(specifier)).sort();
  else if (json) names[specifier] = Object.keys((await import(specifier, { with: { type: "json" } })).default).sort();
  else names[specifier] = Object.keys(await import(specifier)).sort();
}
process.stdout.write(JSON.stringify(names));
`;

/**
 * Loads every entry in a consumer's project, once by `import` in one process and once by `require` in another.
 *
 * @returns How many entries and names there are, as text.
 * @throws Error when an entry does not load, gives nothing, or gives other names by one way than by the other.
 */
export async function importEntries(
  entries: readonly Entry[],
  options: { readonly directory: string; readonly executable: string; readonly files: readonly string[] },
): Promise<string> {
  const specifiers = entries.flatMap((entry) => (entry.kind === "pattern" ? expandPattern(entry, options.files) : [entry.specifier]));
  // Named by what it loads: checks of other packages run in the same project at the same time.
  const path = join(
    options.directory,
    `load-${specifiers
      .join()
      .replaceAll(/[^a-z0-9]+/g, "-")
      .slice(0, 100)}.mjs`,
  );
  await writeFile(path, script);
  const load = async (mode: "import" | "require"): Promise<EntryNames> =>
    JSON.parse(await runCommand([options.executable, path, mode, ...specifiers], { cwd: options.directory })) as EntryNames;
  const [imported, required] = [await load("import"), await load("require")];
  const problems = compareNames(specifiers, imported, required);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return `${specifiers.length} entries, ${Object.values(imported).flat().length} names`;
}

/** Lists what is wrong with the names two ways of loading gave; an entry that gives nothing is wrong too. */
export function compareNames(specifiers: readonly string[], imported: EntryNames, required: EntryNames): readonly string[] {
  if (specifiers.length === 0) return ["Cannot load an entry: the package has none"];
  return specifiers.flatMap((specifier) => {
    const [left, right] = [imported[specifier] ?? [], required[specifier] ?? []];
    if (left.length === 0) return [`"${specifier}" exports nothing`];
    if (left.join() === right.join()) return [];
    return [`"${specifier}" gives ${left.join(", ")} by import, but ${right.join(", ") || "nothing"} by require`];
  });
}
