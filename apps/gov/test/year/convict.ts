import type { FileSystem } from "@gov/atomic-io";
import { runYear, Violation } from "./script.ts";
import { simulatedTeam } from "./simulated-team.ts";
import { randomOf } from "./team.ts";

/** Runs years with a flaw below the program until one is noticed, and says by what; null when none was. */
export async function convict(flaw: (fs: FileSystem) => FileSystem, options: { readonly years: number }): Promise<string | null> {
  for (let seed = 1; seed <= options.years; seed++) {
    const random = randomOf(seed);
    try {
      await runYear(simulatedTeam({ random, flaw }), { random, cycles: 1, keys: "/keys", streams: ["be"], deathRate: 0.5 });
    } catch (error) {
      if (error instanceof Violation) return `seed ${seed}: ${error.message}`;
      throw error;
    }
  }
  return null;
}
