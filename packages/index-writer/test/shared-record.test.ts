import { describe, expect, it } from "vitest";
import { available } from "./required.ts";
import { seededRandom } from "./seeded-random.ts";
import { runKilledPostgres, runKilledProcesses } from "./shared-record.ts";

describe.runIf(process.platform === "linux")("a record in files, shared by processes that are killed", () => {
  it("has every acknowledged entry where it was said, once, without gaps (IDX-04, IDX-05, IDX-11)", async () => {
    const run = await runKilledProcesses({ processes: 3, entries: 3_000, killEveryEntries: 500, maxKills: 4, random: seededRandom(6) });
    expect(run).toMatchObject({ gapFree: true, lost: [], twice: [] });
    expect(run.ids).toHaveLength(3_000);
    expect(run.kills).toBe(4);
  });
});

describe.runIf(available("postgres", ["sh", "-c", "ls /usr/lib/postgresql/*/bin/initdb"]))(
  "a record in PostgreSQL whose server is killed",
  () => {
    it("has every acknowledged entry where it was said, once, without gaps (NFR-03, NFR-06)", async () => {
      const run = await runKilledPostgres({ writers: 3, entries: 3_000, kills: 2 });
      expect(run).toMatchObject({ kills: 2, gapFree: true, lost: [], twice: [] });
      expect(run.ids).toHaveLength(3_000);
    });
  },
);
