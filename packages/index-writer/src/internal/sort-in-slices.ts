import type { Breathe } from "../scan/scan-file-system.ts";

/** How many of a long list are handled before other work gets its turn: a millisecond or two. */
export const sliceSize = 500;

/** Sorts texts by code unit, letting other work run in between. */
export async function sortInSlices(texts: Iterable<string>, breathe: Breathe): Promise<string[]> {
  let runs: string[][] = [];
  let run: string[] = [];
  for (const text of texts) {
    run.push(text);
    if (run.length < sliceSize) continue;
    runs.push(run.sort());
    run = [];
    await breathe();
  }
  runs.push(run.sort());
  while (runs.length > 1) {
    const merged: string[][] = [];
    let steps = 0;
    for (let at = 0; at < runs.length; at += 2) {
      const next = await mergeInSlices(runs[at] as string[], runs[at + 1] ?? [], { breathe, drop: nothing });
      merged.push(next);
      // A short merge has no turn of its own.
      steps += next.length;
      if (steps < mergeSize) continue;
      steps = 0;
      await breathe();
    }
    runs = merged;
  }
  return runs[0] ?? [];
}

const nothing: ReadonlySet<string> = new Set();

/** A step of a merge is cheaper than one of a sort. */
const mergeSize = 4 * sliceSize;

/** Merges two sorted lists that have no text in common, without those of the first that are to be dropped. */
export async function mergeInSlices(
  first: string[],
  second: string[],
  options: { readonly breathe: Breathe; readonly drop: ReadonlySet<string> },
): Promise<string[]> {
  const { breathe, drop } = options;
  if (second.length === 0 && drop.size === 0) return first;
  if (first.length === 0) return second;
  // Of its final length from the beginning: as it grew, all of it would be copied again and again.
  const merged = new Array<string>(first.length + second.length);
  let [a, b, length] = [0, 0, 0];
  for (let steps = 1; a < first.length || b < second.length; steps++) {
    const [left, right] = [first[a], second[b]];
    if (right === undefined || (left !== undefined && left < right)) {
      if (!drop.has(left as string)) merged[length++] = left as string;
      a += 1;
    } else {
      merged[length++] = right;
      b += 1;
    }
    if (steps % mergeSize === 0) await breathe();
  }
  merged.length = length;
  return merged;
}
