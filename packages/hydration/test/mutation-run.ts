import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Mutant, mutantsOf } from "./mutants.ts";

/** What decides precedence and matching; every mutant of these files must be caught, or explained. */
const mutatedFiles = [
  "precedence.ts",
  "internal/text-order.ts",
  "internal/matching-routes.ts",
  "internal/match-pattern.ts",
  "select-winners.ts",
] as const;

/** All mutants, in the order of the files. */
export const allMutants: readonly Mutant[] = mutatedFiles.flatMap(mutantsOf);

const script = fileURLToPath(new URL("mutation-child.ts", import.meta.url));

/** Tries the mutants with the given numbers, -1 for none, and gives the numbers of those that nothing caught. */
export async function survivorsAmong(numbers: readonly number[]): Promise<readonly number[]> {
  const parameters = ["--conditions=@gov/source", "--disable-warning=ExperimentalWarning", script, JSON.stringify(numbers)];
  const { stdout } = await promisify(execFile)(process.execPath, parameters, { timeout: 3_000_000 });
  return stdout
    .trim()
    .split("\n")
    .filter((line) => line !== "")
    .map(Number);
}
