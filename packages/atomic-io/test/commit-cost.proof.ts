import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { nodeFileSystem } from "@gov/atomic-io";
import { openJournal } from "@gov/atomic-io/journal";
import { describe, expect, it } from "vitest";
import { encodeFrame, encodePayload } from "../src/journal/format.ts";
import { scratchDirectory } from "./scratch.ts";

const record = Buffer.alloc(300, 7);
const median = (times: readonly number[]): number => [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] as number;

describe("a commit", () => {
  it("spends at most 3 % of its time on checksums, chain and fence", async () => {
    const directory = scratchDirectory();
    const claim = join(directory, "claim");
    writeFileSync(claim, "");
    const journal = await openJournal(join(directory, "journal"));
    const chain = new Uint8Array(32);
    const times = { commit: [] as number[], guards: [] as number[], bare: [] as number[] };
    const timed = async (into: number[], work: () => unknown): Promise<void> => {
      const start = performance.now();
      for (let call = 0; call < 10; call++) await work();
      into.push((performance.now() - start) / 10);
    };
    for (let round = 0; round < 400; round++) {
      await timed(times.commit, () => journal.append([record]));
      await timed(times.guards, () => {
        encodeFrame({ offset: 72, firstSeq: 1, count: 1, payload: encodePayload([record]), chain });
        return nodeFileSystem.stat(claim);
      });
      // What copies the same bytes to the same place, which every log has to.
      await timed(times.bare, () => Promise.resolve(Buffer.alloc(368).set(record, 68)));
    }
    await journal.close();
    const [commitMs, guardsMs, bareMs] = [median(times.commit), median(times.guards), median(times.bare)];
    const share = (guardsMs - bareMs) / commitMs;
    console.log(JSON.stringify({ commitUs: commitMs * 1000, guardsUs: guardsMs * 1000, bareUs: bareMs * 1000, share }));
    expect(share).toBeLessThan(0.03);
  });
});
