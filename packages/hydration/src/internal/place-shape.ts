import type { PathPattern, PatternPiece } from "../routing/path-pattern.ts";

/** What every path of a pattern has, segment by segment: the text alone, or the texts that begin and end it around a space. */
export function fixedShape(pattern: PathPattern): readonly string[] {
  return pattern.segments.map((pieces) => pieces.map(textOf).join(""));
}

/** False when no path can have both forms, or when only artifacts of one id could; a quick answer before the search. */
export function mayMeet(
  a: { readonly shape: readonly string[]; readonly first: { readonly pattern: PathPattern } },
  b: { readonly shape: readonly string[]; readonly first: { readonly pattern: PathPattern } },
): boolean {
  if (a.shape.length !== b.shape.length) return false;
  return a.shape.every((text, index) => {
    const other = b.shape[index] as string;
    if (text === other) return text !== fixedIdOf(a.first.pattern.segments[index] as readonly PatternPiece[]);
    return agree(text, other);
  });
}

// No pattern contains a control character, so a parameter cannot be taken for a text.
const anything = "\u0000";
const theId = "\u0001";

function textOf(piece: PatternPiece): string {
  if ("literal" in piece) return piece.literal;
  return piece.parameter === "id" ? theId : anything;
}

/** The shape of a segment whose only parameter is the id: equal text there means equal ids. */
function fixedIdOf(pieces: readonly PatternPiece[]): string | null {
  const parameters = pieces.flatMap((piece) => ("parameter" in piece ? [piece.parameter] : []));
  return parameters.length === 1 && parameters[0] === "id" ? pieces.map(textOf).join("") : null;
}

function agree(a: string, b: string): boolean {
  const [headA, tailA] = endsOf(a);
  const [headB, tailB] = endsOf(b);
  if (tailA === null || tailB === null) {
    if (tailA === null && tailB === null) return headA === headB;
    const [text, head, tail] = tailA === null ? [headA, headB, tailB ?? ""] : [headB, headA, tailA];
    return text.length > head.length + tail.length && text.startsWith(head) && text.endsWith(tail);
  }
  return (headA.startsWith(headB) || headB.startsWith(headA)) && (tailA.endsWith(tailB) || tailB.endsWith(tailA));
}

/** The text before the first parameter and the one after the last; no second one without parameters. */
function endsOf(shape: string): readonly [string, string | null] {
  const places = Array.from(shape).flatMap((character, index) => (character === anything || character === theId ? [index] : []));
  const characters = Array.from(shape);
  const [first, last] = [places[0], places.at(-1)];
  if (first === undefined || last === undefined) return [shape, null];
  return [characters.slice(0, first).join(""), characters.slice(last + 1).join("")];
}
