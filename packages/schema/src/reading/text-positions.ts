import { type Position } from "../finding.ts";

/** Turns an offset into a text into its line and column; a line ends at LF, or at CR LF. */
export type TextPositions = (offset: number) => Position;

/** Returns a position finder; its table of lines reaches as far as the last position asked for. */
export function createTextPositions(text: string): TextPositions {
  const starts = [0];
  // Where the search for the next line goes on; -1 when there is none.
  let next = text.indexOf("\n");
  return (offset) => {
    const bounded = Math.min(Math.max(offset, 0), text.length);
    for (; next >= 0 && next < bounded; next = text.indexOf("\n", next + 1)) starts.push(next + 1);
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
