import type { Breathe } from "../scan/scan-file-system.ts";

/** How many of a long list are handled before other work gets its turn: a millisecond or two. */
export const sliceSize = 500;

/** How keys are sorted: by texts of which no two are the same, made whenever they are asked for. A million that stayed would keep the collection of garbage busy for long. */
export interface SortOptions {
  readonly textOf: (key: number) => string;
  readonly breathe: Breathe;
}

/** Sorts keys by their texts, by code unit, letting other work run in between. */
export async function sortInSlices(keys: Iterable<number>, options: SortOptions): Promise<number[]> {
  const { breathe } = options;
  let runs: number[][] = [];
  let run: number[] = [];
  for (const key of keys) {
    run.push(key);
    if (run.length < sliceSize) continue;
    runs.push(sorted(run, options));
    run = [];
    await breathe();
  }
  runs.push(sorted(run, options));
  while (runs.length > 1) {
    const merged: number[][] = [];
    let steps = 0;
    for (let at = 0; at < runs.length; at += 2) {
      const next = await mergeInSlices(runs[at] as number[], runs[at + 1] ?? [], { ...options, isGone: never });
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

function sorted(run: readonly number[], { textOf }: SortOptions): number[] {
  const named = run.map((key) => ({ key, text: textOf(key) }));
  // No two are the same.
  return named.sort((a, b) => (a.text < b.text ? -1 : 1)).map(({ key }) => key);
}

const never = (): boolean => false;

/** A step of a merge is cheaper than one of a sort. */
const mergeSize = 2 * sliceSize;

/** Merges two lists sorted by texts, of which they have none in common, without the keys of the first that are gone. */
export async function mergeInSlices(
  first: number[],
  second: number[],
  options: SortOptions & { readonly isGone: (key: number) => boolean },
): Promise<number[]> {
  const { breathe, textOf, isGone } = options;
  if (first.length === 0) return second;
  // Of its final length from the beginning: as it grew, all of it would be copied again and again.
  const merged = new Array<number>(first.length + second.length);
  let [b, length, steps] = [0, 0, 0];
  const textAt = (at: number): string | null => (at < second.length ? textOf(second[at] as number) : null);
  let right = textAt(0);
  for (const key of first) {
    if (++steps % mergeSize === 0) await breathe();
    if (isGone(key)) continue;
    // Where nothing is left to be merged in, no text is needed.
    const left = right === null ? "" : textOf(key);
    while (right !== null && right < left) {
      merged[length++] = second[b++] as number;
      right = textAt(b);
      if (++steps % mergeSize === 0) await breathe();
    }
    merged[length++] = key;
  }
  for (; b < second.length; b++) {
    merged[length++] = second[b] as number;
    if (++steps % mergeSize === 0) await breathe();
  }
  merged.length = length;
  return merged;
}
