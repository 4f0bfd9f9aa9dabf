/**
 * A part of a path segment whose variables are still open: a text, or a variable for any text of at least one character. What belongs
 * to the artifact's id is marked, so that two ids can be kept apart.
 */
export type SegmentToken = ({ readonly literal: string } | { readonly variable: string }) & { readonly ofId: boolean };

/** Values of the variables on either side under which two segments are the same text. */
export interface CommonSegment {
  readonly a: ReadonlyMap<string, string>;
  readonly b: ReadonlyMap<string, string>;
}

/** Characters that occur in no literal: one for what is free, another for the id of the second side. */
export interface FreshCharacters {
  readonly first: string;
  readonly second: string;
}

type Unit = ({ readonly character: string } | { readonly variable: string }) & { readonly ofId: boolean };

interface Step {
  readonly a: number;
  readonly b: number;
  /** True once a character belonged to the id of one side only. */
  readonly apart: boolean;
  readonly character: string;
  readonly previous: Step | null;
}

/**
 * Finds a text that two segments can both be, by searching the product of the two as automata; null when there is none. Each
 * variable may occur once per side. A text in which the two ids are not the same part is preferred.
 */
export function commonSegment(
  a: readonly SegmentToken[],
  b: readonly SegmentToken[],
  options: { readonly fresh: FreshCharacters },
): CommonSegment | null {
  const sides: Sides = { left: unitsOf(a), right: unitsOf(b) };
  // Most pairs differ in what they begin or end with, which needs no search.
  if (beginApart(sides.left, sides.right) || beginApart(sides.left.toReversed(), sides.right.toReversed())) return null;
  const seen = new Set<string>();
  const queue: Step[] = [{ a: 0, b: 0, apart: false, character: "", previous: null }];
  let together: Step | null = null;
  for (let step = queue.shift(); step !== undefined; step = queue.shift()) {
    if (isEnd(sides.left, step.a) && isEnd(sides.right, step.b)) {
      if (step.apart) return bindingsOf(step, sides);
      together ??= step;
    }
    for (const next of nextSteps(step, { sides, fresh: options.fresh })) {
      const key = `${next.a} ${next.b} ${next.apart}`;
      if (seen.has(key)) continue;
      seen.add(key);
      queue.push(next);
    }
  }
  return together === null ? null : bindingsOf(together, sides);
}

interface Sides {
  readonly left: readonly Unit[];
  readonly right: readonly Unit[];
}

/** True when the literals before the first variable of either side differ, or one side ends there and the other does not. */
function beginApart(left: readonly Unit[], right: readonly Unit[]): boolean {
  for (let at = 0; ; at++) {
    const [a, b] = [left[at], right[at]];
    if (a === undefined || b === undefined) return a !== b;
    if ("variable" in a || "variable" in b) return false;
    if (a.character !== b.character) return true;
  }
}

// A position in the queue is twice the index of a unit, plus one when the variable there has consumed a character.
function unitsOf(tokens: readonly SegmentToken[]): readonly Unit[] {
  return tokens.flatMap((token): Unit[] =>
    "literal" in token
      ? Array.from(token.literal, (character) => ({ character, ofId: token.ofId }))
      : [{ variable: token.variable, ofId: token.ofId }],
  );
}

function unitAt(units: readonly Unit[], position: number): Unit | undefined {
  return units[position >> 1];
}

function isEnd(units: readonly Unit[], position: number): boolean {
  return position === units.length * 2;
}

function nextSteps(step: Step, { sides, fresh }: { readonly sides: Sides; readonly fresh: FreshCharacters }): readonly Step[] {
  const [left, right] = [unitAt(sides.left, step.a), unitAt(sides.right, step.b)];
  const steps: Step[] = [];
  if (left !== undefined && right !== undefined) {
    const free = right.ofId && !left.ofId ? fresh.second : fresh.first;
    const character = literalOf(left) ?? literalOf(right) ?? free;
    const a = advance(left, step.a, character);
    const b = advance(right, step.b, character);
    if (a !== null && b !== null) steps.push({ a, b, apart: step.apart || left.ofId !== right.ofId, character, previous: step });
  }
  // A variable that has its character may also be over, which lets the other side's literal decide the next one.
  if (step.a % 2 === 1) steps.push({ ...step, a: step.a + 1, character: "", previous: step });
  if (step.b % 2 === 1) steps.push({ ...step, b: step.b + 1, character: "", previous: step });
  return steps;
}

function literalOf(unit: Unit): string | null {
  return "character" in unit ? unit.character : null;
}

function advance(unit: Unit, position: number, character: string): number | null {
  if ("variable" in unit) return position | 1;
  return unit.character === character ? position + 2 : null;
}

function bindingsOf(last: Step, { left, right }: Sides): CommonSegment {
  const a = new Map<string, string>();
  const b = new Map<string, string>();
  for (let step = last; step.previous !== null; step = step.previous) {
    if (step.character === "") continue;
    extend(a, { unit: unitAt(left, step.previous.a), character: step.character });
    extend(b, { unit: unitAt(right, step.previous.b), character: step.character });
  }
  return { a, b };
}

/** The path is walked from its end, so characters are put in front. */
function extend(values: Map<string, string>, { unit, character }: { readonly unit: Unit | undefined; readonly character: string }): void {
  if (unit !== undefined && "variable" in unit) values.set(unit.variable, character + (values.get(unit.variable) ?? ""));
}
