import { expect, it } from "vitest";
import { seededRandom } from "./seeded-random.ts";
import { runKilledPostgres, runKilledProcesses } from "./shared-record.ts";

it("8 processes write 100,000 entries through kill -9 every second: nothing lost, nothing twice, no gap", async () => {
  const started = performance.now();
  const run = await runKilledProcesses({
    processes: 8,
    entries: 100_000,
    killEveryMs: 1_000,
    maxBatch: 50,
    maxKills: Infinity,
    random: seededRandom(8),
  });
  console.info(
    `100,000 entries of 8 processes in ${((performance.now() - started) / 1_000).toFixed(1)} s, ${run.kills} kills in ${run.due} seconds`,
  );
  expect(run).toMatchObject({ gapFree: true, lost: [], twice: [] });
  // One a second from beginning to end, but for a second in which nobody has come far enough yet.
  expect(run.due).toBeGreaterThan(20);
  expect(run.kills).toBeGreaterThanOrEqual(0.95 * run.due);
  expect(run.ids).toHaveLength(100_000);
});

it("100,000 entries of 4 writers while PostgreSQL is killed ten times: nothing lost, nothing twice, no gap", async () => {
  const started = performance.now();
  const run = await runKilledPostgres({ writers: 4, entries: 100_000, kills: 10 });
  console.info(`100,000 entries in ${((performance.now() - started) / 1_000).toFixed(1)} s, ${run.kills} kills`);
  expect(run).toMatchObject({ kills: 10, gapFree: true, lost: [], twice: [] });
  expect(run.ids).toHaveLength(100_000);
});
