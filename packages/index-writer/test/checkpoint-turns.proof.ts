import { expect, it } from "vitest";
import { checkpointTurns } from "./checkpoint-turns.ts";

it("checkpointing a million entries never blocks the event loop for more than 20 ms (IDX-01)", () => {
  for (const [name, { longestMs, turns, ms }] of Object.entries(checkpointTurns(1_000_000))) {
    console.info(`${name}: longest turn ${longestMs.toFixed(1)} ms of ${turns} in ${(ms / 1_000).toFixed(1)} s`);
    expect(longestMs).toBeLessThan(20);
  }
});
