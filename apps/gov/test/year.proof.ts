import { describe, expect, it } from "vitest";
import { realTeam } from "./year/real-team.ts";
import { runYear } from "./year/script.ts";
import { simulatedTeam } from "./year/simulated-team.ts";
import { randomOf } from "./year/team.ts";

const first = Number(process.env["GOV_PROOF_SEED"] ?? "1");
const years = Number(process.env["GOV_PROOF_YEARS"] ?? "1000");
const realYears = Number(process.env["GOV_PROOF_REAL_YEARS"] ?? "20");

/** Runs a year for each seed, and names the seeds in which something was violated. */
async function violations(count: number, run: (seed: number) => Promise<{ readonly deaths: number }>): Promise<readonly string[]> {
  const found: string[] = [];
  let deaths = 0;
  for (let seed = first; seed < first + count; seed++) {
    try {
      deaths += (await run(seed)).deaths;
    } catch (error) {
      found.push(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`);
      console.log(found.at(-1));
    }
    if ((seed - first + 1) % 25 === 0) console.log(`${seed - first + 1} years, ${deaths} deaths, ${found.length} violations`);
  }
  console.log(JSON.stringify({ first, years: count, deaths, violations: found.length }));
  return found;
}

describe("years of a team, at full length", () => {
  it("holds in simulated years with a death in every command (NFR-06, AIO-01)", async () => {
    const run = (seed: number) => {
      const random = randomOf(seed);
      return runYear(simulatedTeam({ random }), { random, cycles: 1 + (seed % 3), keys: "/keys" });
    };
    expect(await violations(years, run)).toEqual([]);
  });

  it("holds in years of real processes, SIGKILL and two network namespaces (NFR-06, AIO-03)", async () => {
    const run = async (seed: number) => {
      const team = await realTeam();
      try {
        return await runYear(team, { random: randomOf(seed), cycles: 2, keys: team.keys });
      } finally {
        team.remove();
      }
    };
    expect(await violations(realYears, run)).toEqual([]);
  });
});
