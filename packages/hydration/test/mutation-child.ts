import { withMutant } from "./mutants.ts";
import { judge } from "./mutation-judge.ts";
import { allMutants } from "./mutation-run.ts";

// Run as a process of its own: tries the mutants with the given numbers, -1 for none, and prints the numbers that passed the judge.
for (const number of JSON.parse(process.argv[2] ?? "[]") as readonly number[]) {
  const passed = await withMutant(number === -1 ? null : (allMutants[number] ?? null), judge).then(
    () => true,
    () => false,
  );
  if (passed) process.stdout.write(`${number}\n`);
}
