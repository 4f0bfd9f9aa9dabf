import type { ScanStat } from "../../scan/scan-file-system.ts";

/**
 * What a file looks like as numbers in memory, from a place on: size, inode, and the times of the last change of the content and of the attributes in milliseconds
 * since the epoch. A number holds such a time to a quarter of a microsecond, and Node makes it in half the time that it takes for nanoseconds. Inodes beyond 2^53
 * lose their last bits. The racy rule stands all the same, since what is later never has a smaller number.
 */
export interface NotedStat {
  readonly numbers: Float64Array;
  /** The same memory: bits compare in less time than numbers. */
  readonly halves: Int32Array;
  readonly at: number;
}

/** What a file looks like, with the same as numbers where they were noted. */
export type NotableStat = ScanStat & { readonly noted?: NotedStat | undefined };

/** Numbers a file. */
export const statLength = 4;

/** Notes what a file looks like. */
export function noteStat(numbers: Float64Array, at: number, stat: NotableStat): void {
  const { noted } = stat;
  if (noted !== undefined) {
    for (let number = 0; number < statLength; number++) numbers[at + number] = noted.numbers[noted.at + number] as number;
    return;
  }
  numbers[at] = stat.size;
  numbers[at + 1] = Number(stat.inode);
  numbers[at + 2] = millisecondsOf(stat.modifiedNs);
  numbers[at + 3] = millisecondsOf(stat.changedNs);
}

/** One file that was not noted with others. */
export function notedAlone(stat: NotableStat): NotedStat {
  const numbers = new Float64Array(statLength);
  noteStat(numbers, 0, stat);
  return { numbers, halves: new Int32Array(numbers.buffer), at: 0 };
}

/** True when two files look the same. */
export function isSameStat(one: NotedStat, other: NotedStat): boolean {
  for (let half = 0; half < statLength * 2; half++) if (one.halves[one.at * 2 + half] !== other.halves[other.at * 2 + half]) return false;
  return true;
}

/** True when content and attributes last changed before a time. */
export function isOlder(stat: NotableStat, thanMs: number): boolean {
  const { numbers, at } = stat.noted ?? notedAlone(stat);
  return (numbers[at + 2] as number) < thanMs && (numbers[at + 3] as number) < thanMs;
}

/** A time as Node gives it beside the nanoseconds, to the last bit. */
export function millisecondsOf(ns: bigint): number {
  const seconds = ns / 1_000_000_000n;
  return Number(seconds) * 1000 + Number(ns - seconds * 1_000_000_000n) / 1_000_000;
}
