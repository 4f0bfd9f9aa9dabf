import type { RouteTable } from "../routing/compile-routes.ts";
import type { PatternPiece } from "../routing/path-pattern.ts";
import { routeArtifact } from "../routing/route-artifact.ts";
import type { RouteSubject } from "../routing/route-subject.ts";
import { commonSegment, type SegmentToken } from "./common-segment.ts";
import { freshText, secondFreshText } from "./fresh-text.ts";
import { decides, type PlaceSide, subjectOf } from "./place-sides.ts";

/** Two artifacts, each decided by the rule of its side, that are sent to one path. */
export interface Meeting {
  readonly path: string;
  readonly witnesses: readonly [RouteSubject, RouteSubject];
}

/** Finds an artifact of either side such that both are sent to one path; what is returned was routed and is true. */
export function findMeeting(table: RouteTable, a: PlaceSide, b: PlaceSide): Meeting | null {
  const values = solve(table, a, b);
  if (values === null) return null;
  const first = subjectOf(table, a, { values: values.a, mark: "i" });
  const second = subjectOf(table, b, { values: values.b, mark: "j" });
  if (first.id === second.id) return null;
  return meetingOf(table, [
    [a, first],
    [b, second],
  ]);
}

/** The meeting of two artifacts, when both are decided by their sides and sent to one path. */
export function meetingOf(
  table: RouteTable,
  pair: readonly [readonly [PlaceSide, RouteSubject], readonly [PlaceSide, RouteSubject]],
): Meeting | null {
  if (!pair.every(([side, subject]) => decides(table, side, subject))) return null;
  const [[, first], [, second]] = pair;
  const path = routeArtifact(table, first).path;
  return path !== null && path === routeArtifact(table, second).path ? { path, witnesses: [first, second] } : null;
}

interface Bindings {
  readonly a: Map<string, string>;
  readonly b: Map<string, string>;
}

function solve(table: RouteTable, a: PlaceSide, b: PlaceSide): Bindings | null {
  const fresh = { first: freshText(table), second: secondFreshText(table) };
  const bound: Bindings = { a: new Map(), b: new Map() };
  const open = a.pattern.segments.map((pieces, index) => ({ a: pieces, b: b.pattern.segments[index] as readonly PatternPiece[] }));
  while (open.length > 0) {
    // The segment with the fewest open variables and the longest texts first: what it fixes is known to the others.
    const freedom = open.map((pieces) => freedomOf(tokensOf(a, pieces.a, bound.a)) + freedomOf(tokensOf(b, pieces.b, bound.b)));
    const [pieces] = open.splice(freedom.indexOf(Math.min(...freedom)), 1) as [(typeof open)[number]];
    const common = commonSegment(tokensOf(a, pieces.a, bound.a), tokensOf(b, pieces.b, bound.b), { fresh });
    if (common === null) return null;
    for (const [name, value] of common.a) bound.a.set(name, fixedPart(a, name) + value);
    for (const [name, value] of common.b) bound.b.set(name, fixedPart(b, name) + value);
  }
  return bound;
}

// No text is so long that it outweighs a variable.
function freedomOf(tokens: readonly SegmentToken[]): number {
  return tokens.reduce((sum, token) => sum + ("variable" in token ? 1_000_000 : -token.literal.length), 0);
}

function tokensOf(side: PlaceSide, pieces: readonly PatternPiece[], bound: ReadonlyMap<string, string>): readonly SegmentToken[] {
  return pieces.flatMap((piece): readonly SegmentToken[] => {
    if ("literal" in piece) return [{ ...piece, ofId: false }];
    const ofId = piece.parameter === "id";
    const fixed = bound.get(piece.parameter) ?? fixedValue(side, piece.parameter);
    if (fixed !== null) return [{ literal: fixed, ofId }];
    return [
      { literal: fixedPart(side, piece.parameter), ofId },
      { variable: piece.parameter, ofId },
    ];
  });
}

function fixedValue(side: PlaceSide, name: string): string | null {
  if (name === "kind" || name === "status") return side[name];
  return name === "id" && !side.id.prefix ? side.id.text : null;
}

function fixedPart(side: PlaceSide, name: string): string {
  return name === "id" && side.id.prefix ? side.id.text : "";
}
