import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { docComments } from "./doc-comments.ts";
import { type Fence, fences } from "./fences.ts";

/** One executable example of the documentation: a whole module. */
export interface Example {
  /** POSIX path of the document or source, relative to the root of the repository. */
  readonly file: string;
  /** The 1-based line of the file on which the code begins; line n of the code stands on line `line + n - 1`. */
  readonly line: number;
  /** The module's TypeScript; types in it are erasable. */
  readonly code: string;
  /** False for a fence marked `ts no-assert`. */
  readonly needsAssertion: boolean;
}

const documents = /^(?:README\.md|(?:packages|apps)\/[^/]+\/README\.md|docs\/(?!api\/).+\.md)$/;
const sources = /^packages\/[^/]+\/src\/.+\.ts$/;

/**
 * Lists every `ts` fence of the READMEs and of `docs/` (but not of `docs/api/`, which is made from the doc comments), and every `ts` fence in a doc comment of the packages' sources, sorted by file and line.
 *
 * @param root - The absolute path of the repository's root.
 * @throws SyntaxError naming the file when a fence is never closed.
 */
export function collectExamples(root: string): readonly Example[] {
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: root, encoding: "utf8" });
  return [...new Set(listed.split("\0"))]
    .filter((file) => (documents.test(file) || sources.test(file)) && existsSync(join(root, file)))
    .sort()
    .flatMap((file) => examplesOf(file, readFileSync(join(root, file), "utf8")));
}

/** Lists the examples of one document (`.md`) or one source (`.ts`). */
export function examplesOf(file: string, text: string): readonly Example[] {
  const parts = file.endsWith(".md") ? [{ line: 1, text }] : docComments(file, text);
  return parts.flatMap((part) =>
    fencesIn(file, part.text)
      .filter(({ info }) => /^ts(?:\s|$)/.test(info))
      .map((fence) => toExample(file, part.line - 1, fence)),
  );
}

function fencesIn(file: string, text: string): readonly Fence[] {
  try {
    return fences(text);
  } catch (cause) {
    throw new SyntaxError(`Cannot read the fences of "${file}": ${(cause as Error).message}`, { cause });
  }
}

function toExample(file: string, offset: number, { info, line, code }: Fence): Example {
  return { file, line: offset + line, code, needsAssertion: !info.split(/\s+/).includes("no-assert") };
}
