import { setImmediate as turn } from "node:timers/promises";
import { type Random, shuffled } from "./seeded-random.ts";

/** Something that is measured against others that do the same job. */
export interface Contender {
  readonly name: string;
  /** Does the job `operations` times. */
  readonly run: () => Promise<void> | void;
  /** @default 1 */
  readonly operations?: number | undefined;
}

/** How long each contender took per operation, in milliseconds, by round. */
export type Samples = ReadonlyMap<string, readonly number[]>;

/**
 * Measures contenders in turns: every round runs each once, in a fresh random order, so that drift of the machine and what one leaves
 * behind for the next fall on all alike. Each begins in a turn of the event loop of its own, so that the engine has put away what it defers to the
 * end of a turn, such as the garbage of the one before. The first `warmups` rounds are run and thrown away.
 */
export async function interleave(
  contenders: readonly Contender[],
  options: { readonly rounds: number; readonly warmups: number; readonly random: Random; readonly monotonicMs: () => number },
): Promise<Samples> {
  const { rounds, warmups, random, monotonicMs } = options;
  const samples = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  if (samples.size !== contenders.length) throw new RangeError("Cannot measure contenders: two have the same name");
  for (let round = -warmups; round < rounds; round++) {
    for (const { name, run, operations = 1 } of shuffled(contenders, random)) {
      await turn();
      const start = monotonicMs();
      await run();
      const elapsed = monotonicMs() - start;
      if (round >= 0) samples.get(name)?.push(elapsed / operations);
    }
  }
  return samples;
}
