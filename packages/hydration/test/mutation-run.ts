import { type Mutant, mutantsOf, survives } from "./mutants.ts";

/** What decides precedence and matching; every mutant of these files must be caught, or explained. */
export const mutatedFiles = [
  "precedence.ts",
  "select-winners.ts",
  "internal/text-order.ts",
  "internal/matching-routes.ts",
  "internal/match-pattern.ts",
] as const;

/** All mutants, in the order of the files. */
export const allMutants: readonly Mutant[] = mutatedFiles.flatMap(mutantsOf);

/** Tries mutants two at a time and gives the names of those that nothing caught. */
export async function survivorsAmong(mutants: readonly Mutant[], options: { readonly slot: string }): Promise<readonly string[]> {
  const survivors: string[] = [];
  const queue = [...mutants];
  const work = async (worker: number): Promise<void> => {
    for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
      if (await survives(mutant, { slot: `${options.slot}-${worker}` })) survivors.push(mutant.name);
    }
  };
  await Promise.all([work(1), work(2)]);
  return survivors.sort();
}
