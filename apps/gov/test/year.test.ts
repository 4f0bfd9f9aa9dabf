import { describe, expect, it } from "vitest";
import { commandTable } from "../src/command-table.ts";
import { convict } from "./year/convict.ts";
import { withoutAtomicRename, withoutSync } from "./year/flaws.ts";
import { realTeam } from "./year/real-team.ts";
import { runYear } from "./year/script.ts";
import { simulatedTeam } from "./year/simulated-team.ts";
import { randomOf } from "./year/team.ts";

/** Another year is another seed; `pnpm proof gov` runs a thousand. */
const seed = Number(process.env["GOV_PROOF_SEED"] ?? "1");

describe("a year of a team", () => {
  it("loses nothing that was acknowledged, whatever dies at any call, and verifies as a whole at the end (NFR-06, AIO-01)", async () => {
    console.log(`a simulated year: seed ${seed}`);
    const random = randomOf(seed);
    const year = await runYear(simulatedTeam({ random }), { random, cycles: 1, keys: "/keys" });
    expect(year).toMatchObject({ cycles: 2, expired: 2 });
    expect(year.deaths).toBeGreaterThan(20);
    const writing = commandTable.filter(({ action }) => action !== null).map(({ name }) => name);
    expect(year.called.filter((name) => writing.includes(name) && !year.died.includes(name))).toEqual([]);
    // Other tests have these: `manifest seal` is `seal`, one waits to be stopped, and a tail is torn in some years only.
    const elsewhere = [
      "migrate formats",
      "snapshot archive",
      "audit repair",
      "bridge serve",
      "config set",
      "deviation",
      "manifest seal",
      "promotion withdraw",
      "snapshot rekey",
    ];
    expect(writing.filter((name) => !year.called.includes(name) && !elsewhere.includes(name))).toEqual([]);
  });

  it("notices a rename that is not atomic, and a disk that lies about what it has synced", async () => {
    for (const flaw of [withoutAtomicRename, withoutSync])
      expect([flaw.name, await convict(flaw, { years: 8 })]).toEqual([flaw.name, expect.any(String)]);
  });

  it("is the same with real processes that are killed, two network namespaces and a real disk (NFR-06, AIO-03)", async () => {
    const team = await realTeam();
    console.log(`a real year: seed ${seed}, ${team.hasNamespaces ? "two network namespaces" : "one network namespace"}`);
    try {
      const year = await runYear(team, { random: randomOf(seed), cycles: 1, keys: team.keys, streams: ["be"], brief: true });
      expect(year).toMatchObject({ cycles: 1, expired: 1 });
      expect(year.deaths).toBeGreaterThan(3);
    } finally {
      team.remove();
    }
    // Some hundred processes, one after the other: on a busy machine many times as long as alone.
  }, 600_000);
});
