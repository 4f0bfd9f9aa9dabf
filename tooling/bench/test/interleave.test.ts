import { describe, expect, it } from "vitest";
import { type Contender, interleave } from "../src/interleave.ts";
import { seededRandom } from "../src/seeded-random.ts";

/** Contenders that only move a fake clock, and a record of who ran when. */
function rig(costs: Readonly<Record<string, number>>): { contenders: Contender[]; order: string[]; monotonicMs: () => number } {
  let now = 0;
  const order: string[] = [];
  const contenders = Object.entries(costs).map(([name, ms]) => ({
    name,
    operations: 2,
    run: () => {
      order.push(name);
      now += ms;
    },
  }));
  return { contenders, order, monotonicMs: () => now };
}

describe("interleave()", () => {
  it("runs each contender once in every round, in changing orders", async () => {
    const { contenders, order, monotonicMs } = rig({ a: 2, b: 4, c: 6 });
    await interleave(contenders, { rounds: 20, warmups: 3, random: seededRandom(1), monotonicMs });
    expect(order).toHaveLength(3 * 23);
    const rounds = Array.from({ length: 23 }, (_, round) => order.slice(round * 3, round * 3 + 3));
    for (const round of rounds) expect([...round].sort()).toEqual(["a", "b", "c"]);
    expect(new Set(rounds.map((round) => round.join("")))).toHaveProperty("size", 6);
  });

  it("gives time per operation and throws the warm-up away", async () => {
    const { contenders, monotonicMs } = rig({ a: 2, b: 4 });
    const samples = await interleave(contenders, { rounds: 3, warmups: 2, random: seededRandom(1), monotonicMs });
    expect(samples).toEqual(
      new Map([
        ["a", [1, 1, 1]],
        ["b", [2, 2, 2]],
      ]),
    );
  });

  it("waits for a contender that is asynchronous", async () => {
    let now = 0;
    const run = async (): Promise<void> => {
      await Promise.resolve();
      now += 5;
    };
    const samples = await interleave([{ name: "a", run }], { rounds: 2, warmups: 0, random: seededRandom(1), monotonicMs: () => now });
    expect(samples.get("a")).toEqual([5, 5]);
  });

  it("repeats the order for the same seed", async () => {
    const [first, second] = [rig({ a: 1, b: 1, c: 1 }), rig({ a: 1, b: 1, c: 1 })];
    for (const { contenders, monotonicMs } of [first, second]) {
      await interleave(contenders, { rounds: 9, warmups: 0, random: seededRandom(4), monotonicMs });
    }
    expect(first.order).toEqual(second.order);
  });

  it("refuses two contenders of one name", async () => {
    const { contenders, monotonicMs } = rig({ a: 1 });
    const twice = [...contenders, ...contenders];
    await expect(interleave(twice, { rounds: 1, warmups: 0, random: seededRandom(1), monotonicMs })).rejects.toThrow("the same name");
  });
});
