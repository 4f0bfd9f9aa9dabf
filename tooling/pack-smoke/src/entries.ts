/** One line of an exports map, as a consumer writes it. */
export interface Entry {
  /** `@gov/schema/canonical`; of a pattern, `@gov/schema/json/*.json`. */
  readonly specifier: string;
  /** `code` is imported and required, `data` is a JSON file, `pattern` stands for several of them. */
  readonly kind: "code" | "data" | "pattern";
  /** The file inside the package that a consumer without special conditions gets. */
  readonly target: string;
}

/** Lists the entries of an exports map. @throws Error on an entry that gives a consumer no file. */
export function entriesOf(packageName: string, exportsMap: Readonly<Record<string, unknown>>): readonly Entry[] {
  return Object.entries(exportsMap).map(([subpath, value]) => {
    const target = typeof value === "string" ? value : defaultTarget(value);
    if (target === undefined) throw new Error(`Cannot use "${packageName}": its export "${subpath}" has no default target`);
    const specifier = packageName + subpath.slice(1);
    return { specifier, kind: subpath.includes("*") ? "pattern" : target.endsWith(".json") ? "data" : "code", target };
  });
}

/** Returns the specifiers that a pattern entry stands for, given the files of the package (`package/src/x.json` without `package/`). */
export function expandPattern(entry: Entry, files: readonly string[]): readonly string[] {
  const [before = "", after = ""] = entry.target.replace(/^\.\//, "").split("*");
  return files
    .filter((file) => file.startsWith(before) && file.endsWith(after) && file.length > before.length + after.length)
    .map((file) => entry.specifier.replace("*", file.slice(before.length, file.length - after.length)))
    .sort();
}

function defaultTarget(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || !("default" in value)) return undefined;
  return typeof value.default === "string" ? value.default : undefined;
}
