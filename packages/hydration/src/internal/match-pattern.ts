import type { PathPattern, PatternPiece } from "../routing/path-pattern.ts";

/** Reads the parameters of a pattern off a path, shortest values first; null when the path does not have the pattern's form. */
export function matchPattern(pattern: PathPattern, path: string, known: ReadonlyMap<string, string>): ReadonlyMap<string, string> | null {
  const texts = path.split("/");
  if (texts.length !== pattern.segments.length) return null;
  const bound = new Map(known);
  // Segments with one parameter come first: they determine it, and every repeated parameter stands in such a segment.
  for (const single of [true, false]) {
    for (const [index, pieces] of pattern.segments.entries()) {
      if (pieces.filter((piece) => "parameter" in piece).length <= 1 !== single) continue;
      if (!matchSegment(pieces, texts[index] as string, bound)) return null;
    }
  }
  return bound;
}

/** Matches one segment and binds its free parameters; linear, because no free parameter occurs twice here. */
function matchSegment(pieces: readonly PatternPiece[], text: string, bound: Map<string, string>): boolean {
  const parts = substitute(pieces, bound);
  let position = 0;
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index] as PatternPiece;
    if ("literal" in part) {
      if (!text.startsWith(part.literal, position)) return false;
      position += part.literal.length;
      continue;
    }
    const end = endOfValue(parts, { index, text, position });
    if (end <= position) return false;
    bound.set(part.parameter, text.slice(position, end));
    position = end;
  }
  return position === text.length;
}

function endOfValue(
  parts: readonly PatternPiece[],
  at: { readonly index: number; readonly text: string; readonly position: number },
): number {
  const next = parts[at.index + 1];
  if (next === undefined) return at.text.length;
  const literal = (next as { readonly literal: string }).literal;
  // A literal that ends the segment is anchored at its end; any other is taken where it first occurs.
  if (at.index + 2 === parts.length) return at.text.endsWith(literal) ? at.text.length - literal.length : -1;
  return at.text.indexOf(literal, at.position + 1);
}

/** Puts bound values in as text and joins neighbouring texts, so that texts and free parameters alternate. */
function substitute(pieces: readonly PatternPiece[], bound: ReadonlyMap<string, string>): readonly PatternPiece[] {
  const parts: PatternPiece[] = [];
  for (const piece of pieces) {
    const value = "literal" in piece ? piece.literal : bound.get(piece.parameter);
    const previous = parts.at(-1);
    if (value === undefined) parts.push(piece);
    else if (previous !== undefined && "literal" in previous) parts[parts.length - 1] = { literal: previous.literal + value };
    else parts.push({ literal: value });
  }
  return parts;
}
