import type { Candidate } from "../candidate.ts";

/** @throws RangeError when a candidate has a commit time that no order can place. */
export function assertRankable({ commitTime, path }: Candidate): void {
  if (commitTime !== null && !Number.isFinite(commitTime)) {
    throw new RangeError(`Cannot rank "${path}": commitTime must be a finite number or null, and is ${commitTime}`);
  }
}
