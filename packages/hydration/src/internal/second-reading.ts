import type { RouteTable } from "../routing/compile-routes.ts";
import type { PatternPiece } from "../routing/path-pattern.ts";
import { freshText } from "./fresh-text.ts";
import { findMeeting, type Meeting, meetingOf } from "./meeting-place.ts";
import { parameterValue } from "./parameter-value.ts";
import { type PlaceSide, subjectOf } from "./place-sides.ts";

/**
 * Finds a path of one pattern that can be read in two ways, as two artifacts of different metadata that stand at it: where a text
 * between two open parameters can also be part of either, or where two fixed values of a parameter differ by such a text.
 */
export function secondReading(table: RouteTable, sides: readonly PlaceSide[]): Meeting | null {
  // A path says of itself what a parameter is that has a segment of its own.
  if (sides.every(({ pattern }) => pattern.segments.every((pieces) => pieces.filter((piece) => "parameter" in piece).length <= 1)))
    return null;
  for (const side of sides) {
    for (const pieces of side.pattern.segments) {
      const meeting = shiftedReading(table, { side, pieces });
      if (meeting !== null) return meeting;
    }
  }
  for (const [index, side] of sides.entries()) {
    for (const other of sides.slice(index + 1)) {
      const meeting = findMeeting(table, side, other);
      if (meeting !== null && side.pattern.parameters.some((name) => differ(meeting, name))) return meeting;
    }
  }
  return null;
}

function shiftedReading(
  table: RouteTable,
  { side, pieces }: { readonly side: PlaceSide; readonly pieces: readonly PatternPiece[] },
): Meeting | null {
  const fresh = freshText(table);
  for (let index = 0; index + 2 < pieces.length; index++) {
    const [left, middle, right] = pieces.slice(index, index + 3) as [PatternPiece, PatternPiece, PatternPiece];
    if (!("parameter" in left) || !("literal" in middle) || !("parameter" in right)) continue;
    const [a, b] = [left.parameter, right.parameter];
    if (!isOpen(side, a) || !isOpen(side, b)) continue;
    const [headA, headB] = [headOf(side, a), headOf(side, b)];
    const shared = `${fresh}${middle.literal}${headB}${fresh}`;
    const first = subjectOf(table, side, {
      values: new Map([
        [a, headA + fresh],
        [b, headB + shared],
      ]),
    });
    const second = subjectOf(table, side, {
      values: new Map([
        [a, headA + shared],
        [b, headB + fresh],
      ]),
    });
    const meeting = meetingOf(table, [
      [side, first],
      [side, second],
    ]);
    if (meeting !== null) return meeting;
  }
  return null;
}

function differ({ witnesses: [first, second] }: Meeting, name: string): boolean {
  return parameterValue(first, name) !== parameterValue(second, name);
}

/** True when nothing but this segment says what the parameter is. */
function isOpen({ pattern, kind, id }: PlaceSide, name: string): boolean {
  if (name === "status" || (name === "kind" && kind !== null) || (name === "id" && !id.prefix)) return false;
  return !pattern.segments.some((pieces) => {
    const [only, ...others] = pieces.flatMap((piece) => ("parameter" in piece ? [piece.parameter] : []));
    return others.length === 0 && only === name;
  });
}

function headOf({ id }: PlaceSide, name: string): string {
  return name === "id" ? id.text : "";
}
