import { compareText, type Check, type Violation } from "../check.ts";
import type { Repo } from "../repo.ts";

const softCap = 230;
const hardCap = 400;
const medianCap = 80;
const banned = new Set(["utils", "util", "helpers", "helper", "common", "manager", "misc", "types"]);
const ours = /^(?:packages|apps|tooling)\/([^/]+)\/.*\.[mc]?[jt]s$/;

/** Modules are small, and named after what they do. */
export const modules: Check = {
  name: "modules",
  run: (repo) => [
    ...[...repo.files].flatMap(([path, text]) =>
      ours.test(path) && !isExempt(path) ? [...nameOf(path), ...(isTest(path) ? [] : sizeOf(path, text))] : [],
    ),
    ...moduleSizes(repo)
      .filter(({ median }) => median > medianCap)
      .map(({ folder, median }) => ({
        path: `${folder}/package.json`,
        line: 1,
        message: `The median module has ${String(median)} lines: at most ${String(medianCap)}`,
      })),
  ],
};

/** How large the modules of one package's `src/` are, in lines. */
export interface ModuleSizes {
  readonly folder: string;
  readonly count: number;
  readonly median: number;
  readonly largest: number;
}

/** Measures every package and app, sorted by folder; generated modules do not count. */
export function moduleSizes(repo: Repo): readonly ModuleSizes[] {
  const sizes = new Map<string, number[]>();
  for (const [path, text] of repo.files) {
    const folder = /^((?:packages|apps)\/[^/]+)\/src\/.*\.[mc]?ts$/.exec(path)?.[1];
    if (folder !== undefined && !isExempt(path)) sizes.set(folder, [...(sizes.get(folder) ?? []), linesOf(text)]);
  }
  return [...sizes]
    .sort(([a], [b]) => compareText(a, b))
    .map(([folder, lines]) => {
      const sorted = lines.toSorted((a, b) => a - b);
      return { folder, count: sorted.length, median: sorted[Math.floor((sorted.length - 1) / 2)] ?? 0, largest: sorted.at(-1) ?? 0 };
    });
}

function isExempt(path: string): boolean {
  return /\.gen\.[jt]s$/.test(path) || path.includes("/fixtures/") || path.includes("/dist/");
}

/** A list of cases may be long. */
function isTest(path: string): boolean {
  return /\/(?:test|bench)\//.test(path);
}

function nameOf(path: string): readonly Violation[] {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const parts = name.split(".").slice(0, -1);
  const kebab = parts.every((part) => /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(part));
  return [
    ...(kebab ? [] : [{ path, line: 1, message: `File name "${name}" is not kebab-case` }]),
    ...(banned.has(parts[0] ?? "")
      ? [{ path, line: 1, message: `File name "${name}" says nothing: name the operation or the thing` }]
      : []),
  ];
}

function sizeOf(path: string, text: string): readonly Violation[] {
  const lines = linesOf(text);
  const reason = text.split("\n", 5).some((line) => /^\/\/ module-size: \S.{9,}/.test(line));
  if (lines > hardCap) return [{ path, line: 1, message: `${String(lines)} lines: split it, ${String(hardCap)} is the hard cap` }];
  if (lines <= softCap || reason) return [];
  return [
    {
      path,
      line: 1,
      message: `${String(lines)} lines: over ${String(softCap)}, write "// module-size: <reason>" in the first 5 lines or split it`,
    },
  ];
}

function linesOf(text: string): number {
  return text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
}
