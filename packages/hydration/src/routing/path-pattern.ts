import { fileNameProblem, filledPathProblem, patternProblem, segmentProblem, valueProblem } from "../internal/path-rules.ts";

/** A part of a path segment: text as it stands, or a parameter to fill. */
export type PatternPiece = { readonly literal: string } | { readonly parameter: string };

/** A parsed path pattern such as `plans/{cycle_id}/{id}.md`; a parameter stands for one non-empty part of one segment. */
export interface PathPattern {
  readonly text: string;
  readonly segments: readonly (readonly PatternPiece[])[];
  /** Parameter names in order of first use. */
  readonly parameters: readonly string[];
}

const token = /\{([^{}]*)\}|[{}]|[^{}]+/g;
const parameterName = /^[a-z][a-z0-9_]{0,63}$/;

/** Parses a path pattern, or says in one sentence what is wrong with it; traversal, absolute paths and ambiguity are refused. */
export function parsePathPattern(text: string): PathPattern | string {
  const problem = patternProblem(text) ?? fileNameProblem(text.slice(text.lastIndexOf("/") + 1));
  if (problem !== null) return problem;
  const segments: PatternPiece[][] = [];
  for (const segment of text.split("/")) {
    const pieces = parseSegment(segment);
    if (typeof pieces === "string") return pieces;
    segments.push(pieces);
  }
  const parameters = [...new Set(segments.flatMap(parameterNames))];
  const ambiguous = parameters.find((name) => isAmbiguous(name, segments));
  if (ambiguous !== undefined)
    return `{${ambiguous}} is used twice and must once be the only parameter of a segment, or a path could be read in two ways`;
  return { text, segments, parameters };
}

/** Fills a pattern; the reason why not is a sentence naming the parameter (RTE-05: no value can leave its segment). */
export function fillPattern(pattern: PathPattern, valueOf: (parameter: string) => string | null): FilledPattern {
  const segments: string[] = [];
  for (const pieces of pattern.segments) {
    let segment = "";
    for (const piece of pieces) {
      const value = "literal" in piece ? piece.literal : valueOf(piece.parameter);
      if (value === null) return { path: null, reason: `{${(piece as { readonly parameter: string }).parameter}} has no value` };
      const problem = "literal" in piece ? null : valueProblem(value);
      if (problem !== null) return { path: null, reason: `{${(piece as { readonly parameter: string }).parameter}} ${problem}` };
      segment += value;
    }
    const problem = segmentProblem(segment);
    if (problem !== null) return { path: null, reason: problem };
    segments.push(segment);
  }
  const path = segments.join("/");
  const problem = fileNameProblem(segments.at(-1) ?? "") ?? filledPathProblem(path);
  return problem === null ? { path, reason: null } : { path: null, reason: problem };
}

/** The result of filling a pattern: a path, or why there is none. */
export type FilledPattern = { readonly path: string; readonly reason: null } | { readonly path: null; readonly reason: string };

/** The pattern with the given values put in and the other parameters left as they are, for a reader. */
export function describePattern(pattern: PathPattern, values: ReadonlyMap<string, string>): string {
  const show = (piece: PatternPiece) => ("literal" in piece ? piece.literal : (values.get(piece.parameter) ?? `{${piece.parameter}}`));
  return pattern.segments.map((pieces) => pieces.map(show).join("")).join("/");
}

function parseSegment(segment: string): PatternPiece[] | string {
  const pieces: PatternPiece[] = [];
  for (const [text, name] of segment.matchAll(token)) {
    if (name === undefined) {
      if (text === "{" || text === "}") return `"${segment}" has an unbalanced brace`;
      pieces.push({ literal: text });
      continue;
    }
    if (!parameterName.test(name)) return `"{${name}}" is no parameter: expected a lower-case name such as {cycle_id}`;
    const previous = pieces.at(-1);
    if (previous !== undefined && "parameter" in previous) return `{${previous.parameter}} and {${name}} need a text between them`;
    pieces.push({ parameter: name });
  }
  return pieces;
}

function parameterNames(pieces: readonly PatternPiece[]): string[] {
  return pieces.flatMap((piece) => ("parameter" in piece ? [piece.parameter] : []));
}

/** A repeated parameter can be read off a path in linear time only when one segment determines it alone. */
function isAmbiguous(name: string, segments: readonly (readonly PatternPiece[])[]): boolean {
  const uses = segments.map(parameterNames);
  const count = uses.flat().filter((used) => used === name).length;
  return count > 1 && !uses.some((used) => used.length === 1 && used[0] === name);
}
