import { describe, expect, it } from "vitest";
import { measureRow } from "../src/measure-row.ts";
import { renderMarkdown } from "../src/render-markdown.ts";
import type { PreparedRow, Row, RowContext } from "../src/row.ts";
import { seededRandom } from "../src/seeded-random.ts";

const missing = new Error('Cannot find package "velite"');
const context: RowContext = {
  random: seededRandom(1),
  scratch: "unused",
  quick: true,
  peers: {
    directory: () => Promise.reject(missing),
    load: () => Promise.reject(missing),
    label: () => Promise.reject(missing),
  },
};

function row(prepare: (context: RowContext) => Promise<PreparedRow>): Row {
  return { id: "race", title: "a race", prepare };
}

describe("measureRow()", () => {
  it("fails a row whose peer cannot be installed, with the reason", async () => {
    const result = await measureRow(
      row(async ({ peers }) => peers.load("velite")),
      context,
      { seed: 1, monotonicMs: () => 0 },
    );
    expect(result).toEqual({ ok: false, id: "race", title: "a race", reason: 'Cannot find package "velite"' });
  });

  it("fails a row whose contender throws while it is measured", async () => {
    const broken = { name: "own", run: () => Promise.reject(new Error("disk full")) };
    const prepare = async (): Promise<PreparedRow> => ({ subject: "own", contenders: [broken], rounds: 1, warmups: 0, notes: [] });
    expect(await measureRow(row(prepare), context, { seed: 1, monotonicMs: () => 0 })).toMatchObject({ ok: false, reason: "disk full" });
  });

  it("compares each contender with the subject, and reports counts", async () => {
    let now = 0;
    const takes = (name: string, ms: number): { name: string; run: () => void } => ({ name, run: () => void (now += ms) });
    const prepare = async (): Promise<PreparedRow> => ({
      subject: "own",
      contenders: [takes("own", 2), takes("peer", 5)],
      counts: new Map([["own", { syncs: 2 }]]),
      rounds: 5,
      warmups: 1,
      notes: ["a note"],
    });
    const result = await measureRow(row(prepare), context, { seed: 1, monotonicMs: () => now });
    expect(result).toMatchObject({
      ok: true,
      contenders: [
        { name: "own", ratio: null, counts: { syncs: 2 }, ms: { median: 2 } },
        { name: "peer", ratio: { median: 2.5, low: 2.5, high: 2.5 }, counts: {} },
      ],
    });
    const one = { median: 0.5, p10: 0.4, p90: 0.6 };
    const calibration = {
      machine: "m",
      node: "v24",
      load: 0,
      cores: 2,
      fileSystem: "0x1",
      fsyncInPlaceMs: one,
      fsyncNewFileMs: one,
      renameOverMs: one,
      sha256MBps: one,
    };
    const failed = { ok: false, id: "lost", title: "a lost race", reason: "no velite" } as const;
    const text = renderMarkdown({
      seed: 1,
      quick: false,
      measured: { "@gov/schema": "dist/index.js" },
      calibration,
      rows: [result, failed],
    });
    expect(text).toContain("| peer | 5.00 ms | 5.00 ms–5.00 ms | 2.50 (2.50–2.50) |  |");
    expect(text).toContain("| **own** | 2.00 ms | 2.00 ms–2.00 ms | 1 | 2.00 |");
    expect(text).toContain("**Failed:** no velite");
    expect(text).toContain("A sync takes over 0.3 ms here");
  });
});
