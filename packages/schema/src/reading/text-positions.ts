import { type Position } from "../finding.ts";

/** Turns an offset into a text into its line and column; a line ends at LF, or at CR LF. */
export type TextPositions = (offset: number) => Position;

/** Returns a position finder; the table of lines is made when the first position is asked for. */
export function createTextPositions(text: string): TextPositions {
  let starts: number[] | undefined;
  return (offset) => {
    starts ??= lineStarts(text);
    const bounded = Math.min(Math.max(offset, 0), text.length);
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= bounded) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: bounded - (starts[low] ?? 0) + 1 };
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", end + 1)) starts.push(end + 1);
  return starts;
}
