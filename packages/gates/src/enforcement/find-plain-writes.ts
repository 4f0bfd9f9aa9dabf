import { compareFindings, compileGlobs, type Finding } from "@gov/schema";
import { makeFinding } from "../internal/make-finding.ts";

/** A program of a repository, as text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** How a language writes, what begins a comment, where in a line the path may stand, and over how many lines a call may go on. */
interface Language {
  readonly writes: RegExp;
  readonly comment: string;
  readonly from: "call" | "line";
  readonly lines: number;
}

const script: Language = {
  writes: /\b(?:writeFile|writeFileSync|appendFile|appendFileSync|createWriteStream|copyFile|copyFileSync|outputFile|outputJson)\s*\(/,
  comment: "//",
  from: "call",
  lines: 3,
};
const python: Language = {
  writes: /\bopen\s*\(|\.write_(?:text|bytes)\s*\(|\bshutil\.(?:copy\w*|move)\s*\(/,
  comment: "#",
  from: "line",
  lines: 3,
};
const shell: Language = { writes: />|\btee\b|\bsed\s+-i/, comment: "#", from: "call", lines: 1 };

const languages: readonly (readonly [path: RegExp, language: Language])[] = [
  [/\.[cm]?[jt]sx?$/, script],
  [/\.py$/, python],
  [/(?:\.(?:sh|bash|mk)|(?:^|\/)Makefile|\.github\/workflows\/[^/]+\.ya?ml)$/, shell],
];

/** Globs of what {@link findPlainWrites} reads. */
export const sourceGlobs: readonly string[] = [
  "**/*.{js,cjs,mjs,jsx,ts,cts,mts,tsx,py,sh,bash,mk}",
  "**/Makefile",
  ".github/workflows/*.{yml,yaml}",
];

/**
 * Finds programs that write to a protected path in a way that a reader, or a power cut, could meet half done: a warning (`GATES_PLAIN_WRITE`) where a call that
 * writes and the path stand together. It reads programs as text and runs nothing: a path that is put together at run time it cannot see (AIO-09).
 *
 * @param options.protectedPaths - globs, relative to the governed root. Paths in programs may begin above it.
 * @example Find a plain write
 * ```ts
 * import assert from "node:assert/strict";
 * import { findPlainWrites } from "@gov/gates/enforcement";
 *
 * const text = 'import { writeFileSync } from "node:fs";\nwriteFileSync("VERIFICATION/summary.json", "{}");\n';
 * const [found] = findPlainWrites([{ path: "tools/verify.js", text }], { protectedPaths: ["VERIFICATION/**"] });
 * assert.deepEqual([found?.code, found?.line, found?.column], ["GATES_PLAIN_WRITE", 2, 1]);
 * ```
 */
export function findPlainWrites(
  sources: readonly SourceFile[],
  options: { readonly protectedPaths: readonly string[] },
): readonly Finding[] {
  const isProtected = compileGlobs({ include: options.protectedPaths });
  if (!isProtected.ok) return isProtected.findings;
  return sources.flatMap((source) => writesIn(source, isProtected.value)).sort(compareFindings);
}

function writesIn({ path, text }: SourceFile, isProtected: (path: string) => boolean): readonly Finding[] {
  const language = languages.find(([pattern]) => pattern.test(path))?.[1];
  if (language === undefined) return [];
  const lines = text.split("\n");
  return lines.flatMap((line, index) => {
    const at = line.search(language.writes);
    if (at < 0 || line.trimStart().startsWith(language.comment)) return [];
    const call = [line.slice(language.from === "call" ? at : 0), ...lines.slice(index + 1, index + language.lines)].join("\n");
    const target = call.match(/[\w.@-]+(?:\/[\w.@-]+)*/g)?.find((word) => endings(word).some(isProtected));
    if (target === undefined) return [];
    const finding = makeFinding("GATES_PLAIN_WRITE", `"${target}" is protected, and this writes it so that half of it can be seen`, {
      path,
      line: index + 1,
      hint: "write it with replaceFile or appendLine of @gov/atomic-io, or let gov write it",
    });
    return [{ ...finding, severity: "warning" as const, column: at + 1 }];
  });
}

/** No path is longer. */
const maxPath = 1024;

/** A path, and what is left of it without its first folders: programs may name it from above the governed root. */
function endings(word: string): readonly string[] {
  if (word.length > maxPath) return [];
  const segments = word.split("/").filter((segment) => segment !== "." && segment !== "..");
  return segments.map((_, from) => segments.slice(from).join("/"));
}
