import { createRequire } from "node:module";
import type picomatch from "picomatch";
import { type Finding, type Result } from "../finding.ts";
import { makeFinding } from "../internal/make-finding.ts";
import { isOversizedPath } from "./normalize-path.ts";

/** Tells whether a path is among those that globs name. */
export type PathMatcher = (path: string) => boolean;

const require = createRequire(import.meta.url);
const maxLength = 512;
const maxStars = 3;
const maxBraces = 8;
const maxAlternatives = 1_000;
const maxPowers = 3;

/**
 * Compiles globs relative to the governed root: `*` within a segment, `**` across segments, `?`, `[abc]`, `{a,b}`; a path
 * matches when one of `include` does and none of `exclude`. Names that begin with a dot are matched like all others; case counts.
 * A glob in another Unicode form than NFC is taken in NFC, the form of every path that {@link normalizePath} gives.
 * Extended patterns (`+(…)`, `!(…)`), negation and leading slashes are refused, as are patterns long or starry enough to cost
 * a backtracking matcher time, so that no configuration can stall a check; a path that {@link normalizePath} refuses for its size never matches.
 *
 * @example Choose documents
 * ```ts
 * import assert from "node:assert/strict";
 * import { compileGlobs } from "@gov/schema";
 *
 * const matcher = compileGlobs({ include: ["plans/**" + "/*.md"], exclude: ["**" + "/draft-*"] });
 * assert.ok(matcher.ok);
 * assert.equal(matcher.value("plans/a/b.md"), true);
 * assert.equal(matcher.value("plans/draft-b.md"), false);
 * ```
 */
export function compileGlobs(globs: {
  readonly include: readonly string[];
  readonly exclude?: readonly string[] | undefined;
}): Result<PathMatcher> {
  const include = globs.include.map(spelledAsPaths);
  const exclude = (globs.exclude ?? []).map(spelledAsPaths);
  const findings = [...include, ...exclude].flatMap((glob) => globFault(glob));
  if (findings.length > 0) return { ok: false, findings };
  const included = compile(include);
  const excluded = compile(exclude);
  return { ok: true, value: (path) => !isOversizedPath(path) && included(path) && !excluded(path), findings: [] };
}

function spelledAsPaths(glob: string): string {
  return glob.normalize("NFC");
}

const options: picomatch.PicomatchOptions = {
  dot: true,
  noextglob: true,
  nonegate: true,
  // A plus behind brackets or braces stands for itself, and repeats nothing.
  regex: false,
  strictSlashes: true,
  windows: false,
  maxLength,
};

function compile(globs: readonly string[]): PathMatcher {
  const matchers = globs.map((glob) => compileOne(glob));
  return (path) => matchers.some((matches) => matches(path));
}

/** Most globs are never asked more than how a path begins and ends, and need no regular expression: building one costs more than a check of a file. */
function compileOne(glob: string): PathMatcher {
  // Braces, quotes and stars beside "**" can change the meaning of what stands beside them; the slash before a tail is optional behind "**".
  const ends = /[{}"]|[^/]\*\*|\*\*[^/]/.test(glob) ? null : /^([\w.-]*).*?([\w.-]*)$/.exec(glob);
  const [, head = "", tail = ""] = ends ?? [];
  let match: PathMatcher | undefined;
  return (path) => {
    if (!path.startsWith(head) || !path.endsWith(tail)) return false;
    match ??= (require("picomatch") as typeof picomatch)(glob, options);
    return match(path);
  };
}

function globFault(glob: string): Finding[] {
  const reason = reasonAgainst(glob);
  if (reason === null) return [];
  const expected = 'a glob relative to the root such as "plans/**/*.md"';
  return [makeFinding("SCHEMA_GLOB", `Cannot use glob ${JSON.stringify(glob.slice(0, 200))}: ${reason}`, { path: null, expected })];
}

function reasonAgainst(glob: string): string | null {
  if (glob === "") return "it is empty";
  if (glob.length > maxLength) return `it is longer than ${maxLength} characters`;
  if (glob.startsWith("/")) return "it is absolute";
  if (glob.startsWith("!")) return 'negation is written under "exclude"';
  if (glob.includes("\\")) return "it holds a backslash";
  if (/[()|]/.test(glob)) return "extended patterns are not supported";
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(glob)) return "it holds a control character";
  if (glob.split("/").some((segment) => segment === "." || segment === "..")) return 'it has a segment "." or ".."';
  const segments = glob.split("/");
  if (segments.filter((segment) => segment.includes("**")).length > maxStars) return `it has more than ${maxStars} "**"`;
  if (segments.some((segment) => segment !== "**" && (segment.match(/\*+/g) ?? []).length > maxStars))
    return `a segment has more than ${maxStars} stars`;
  if ((glob.match(/\{/g) ?? []).length > maxBraces) return `it has more than ${maxBraces} braces`;
  const texts = alternativesOf(glob);
  if (texts === null) return `it has more than ${maxAlternatives} combinations of alternatives`;
  // Sixteen alternatives cost about as much as one star more.
  const powers = Math.max(...texts.map((text) => powersOf(text))) + Math.ceil(Math.log2(texts.length) / 4);
  return powers > maxPowers ? "its stars and alternatives leave too many ways to match a path" : null;
}

/** The texts without braces that a glob stands for, with a mark at each edge of a brace; null for too many. */
function alternativesOf(glob: string): readonly string[] | null {
  let texts = [glob];
  while (texts.some((text) => innermostBraces.test(text))) {
    texts = texts.flatMap((text) => {
      const [braces = "", inner = ""] = innermostBraces.exec(text) ?? [];
      return inner === "" ? [text.replace(braces, "")] : inner.split(",").map((each) => text.replace(braces, () => `\0${each}\0`));
    });
    if (texts.length > maxAlternatives) return null;
  }
  return texts;
}

const innermostBraces = /\{([^{}]*)\}/;

const beginsAcross = /^\0*\*\*/;

/** With which power of the length of a path the number of ways grows in which it may be matched: where only one star stands between two slashes, there is one. */
function powersOf(text: string): number {
  let [within, across] = [0, 0];
  for (const segment of text.split("/")) {
    if (beginsAcross.test(segment)) across += 1;
    within += Math.max(0, (segment.match(/\*+/g) ?? []).length - 1);
  }
  return within + Math.max(0, across - 1);
}
