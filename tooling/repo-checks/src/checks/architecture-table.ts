import type { Check, Violation } from "../check.ts";
import { type Arrows, arrows } from "../data/arrows.ts";
import { workspacePackages } from "../packages.ts";
import type { Repo } from "../repo.ts";

const path = "ARCHITECTURE.md";

/** The table in ARCHITECTURE.md and the table that is enforced are the same table. */
export const architectureTable: Check = { name: "architecture-table", run: (repo) => compareTable(repo, arrows) };

/** Compares the columns `subpaths` and `depends on` with the manifests and with `table`. */
export function compareTable(repo: Repo, table: ReadonlyMap<string, Arrows>): readonly Violation[] {
  const rows = readTable(repo.files.get(path) ?? "");
  if (rows.size === 0) return [{ path, line: 1, message: 'No table with the columns "package" and "depends on"' }];
  const packages = new Map(workspacePackages(repo).map((pkg) => [pkg.name, pkg]));
  const violations: Violation[] = [];
  for (const [name, { workspace, thirdParty }] of table) {
    const row = rows.get(name);
    if (row === undefined) {
      violations.push({ path, line: 1, message: `The table has no row for "${name}"` });
      continue;
    }
    const expected = [...workspace.map((dependency) => dependency.replace("@gov/", "")), ...thirdParty];
    const wrong = difference(row.dependsOn, expected);
    if (wrong !== "") violations.push({ path, line: row.line, message: `Row "${name}" differs from the enforced arrows: ${wrong}` });
    const pkg = packages.get(name);
    if (pkg === undefined || pkg.app) continue;
    const exported = Object.keys(pkg.manifest.exports ?? {}).filter((key) => key !== "." && key !== "./package.json");
    const stale = difference(
      row.subpaths,
      exported.map((key) => key.replace(/\.json$/, "")),
    );
    if (stale !== "") violations.push({ path, line: row.line, message: `Row "${name}" differs from the exports map: ${stale}` });
  }
  return violations;
}

interface Row {
  readonly line: number;
  readonly subpaths: readonly string[];
  readonly dependsOn: readonly string[];
}

function readTable(markdown: string): ReadonlyMap<string, Row> {
  const rows = new Map<string, Row>();
  let header: readonly string[] = [];
  markdown.split(/\r?\n/).forEach((text, index) => {
    const cells = text.startsWith("|")
      ? text
          .slice(1, text.lastIndexOf("|"))
          .split("|")
          .map((cell) => cell.trim())
      : [];
    if (cells.includes("package") && cells.includes("depends on")) header = cells;
    else if (cells.length === 0 || cells.length !== header.length) header = [];
    else {
      const cell = (name: string): string => cells[header.indexOf(name)] ?? "";
      const words = (name: string): readonly string[] =>
        cell(name)
          .replaceAll("`", "")
          .split(/[\s,]+/)
          .filter((word) => word !== "" && word !== "–");
      const name = cell("package").replaceAll("`", "");
      if (name.startsWith("@")) rows.set(name, { line: index + 1, subpaths: words("subpaths"), dependsOn: words("depends on") });
    }
  });
  return rows;
}

function difference(written: readonly string[], real: readonly string[]): string {
  const missing = real.filter((word) => !written.includes(word)).map((word) => `"${word}" is missing`);
  const surplus = written.filter((word) => !real.includes(word)).map((word) => `"${word}" is not true`);
  return [...missing, ...surplus].join(", ");
}
