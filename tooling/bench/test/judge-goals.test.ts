import { describe, expect, it } from "vitest";
import { type Bound, type Figure, goals } from "../src/goals.ts";
import { judgeGoals } from "../src/judge-goals.ts";
import type { RowResult } from "../src/measure-row.ts";
import { renderReport } from "../src/render-report.ts";
import { rows } from "../src/rows/all-rows.ts";
import { spread } from "../src/statistics.ts";

function contender(name: string, samples: readonly number[], counts: Readonly<Record<string, number>> = {}) {
  return { name, samples, ms: spread(samples), counts, ratio: null };
}

const race: RowResult = {
  ok: true,
  id: "race",
  title: "a race",
  subject: "own",
  contenders: [
    contender("own", [1, 1, 1, 1, 1], { syncs: 2 }),
    contender("own, twice", [2, 2, 2, 2, 2]),
    contender("peer 1.2.3", [2, 3, 3, 3, 4]),
  ],
  notes: [],
};

function verdictOf(figure: Figure, bound: Bound): string | undefined {
  return judgeGoals([{ package: "p", asks: "speed", row: "race", figure, bound }], [race])[0]?.verdict;
}

describe("judgeGoals()", () => {
  it("takes a bound for reached or missed only when the interval is on one side of it", () => {
    const figure: Figure = { kind: "times", slow: "peer", fast: "own" };
    expect(verdictOf(figure, { atLeast: 2 })).toBe("reached");
    expect(verdictOf(figure, { atLeast: 4.5 })).toBe("missed");
    expect(verdictOf(figure, { atLeast: 3.5 })).toBe("unclear");
    expect(verdictOf(figure, { atMost: 4 })).toBe("reached");
    expect(verdictOf(figure, { atMost: 1.5 })).toBe("missed");
  });

  it("judges times, rates and counts, and takes a whole name before the beginning of one", () => {
    expect(verdictOf({ kind: "ms", contender: "own" }, { atMost: 1 })).toBe("reached");
    expect(verdictOf({ kind: "ms", contender: "own, twice" }, { atMost: 1 })).toBe("missed");
    expect(verdictOf({ kind: "perSecond", contender: "own" }, { atLeast: 1001 })).toBe("missed");
    expect(verdictOf({ kind: "beyond", contender: "own, twice", base: "own" }, { atMost: 1 })).toBe("reached");
    expect(verdictOf({ kind: "beyond", contender: "own, twice", base: "own" }, { atMost: 0.9 })).toBe("missed");
    expect(verdictOf({ kind: "count", contender: "own", count: "syncs" }, { atMost: 2 })).toBe("reached");
  });

  it("never takes what was not measured for reached", () => {
    const goal = { package: "p", asks: "speed", row: "race", figure: { kind: "ms", contender: "own" }, bound: { atMost: 1 } } as const;
    expect(judgeGoals([goal], [])[0]).toMatchObject({ figure: null, verdict: "missing" });
    expect(judgeGoals([goal], [{ ok: false, id: "race", title: "a race", reason: "no peer" }])[0]).toMatchObject({ verdict: "missing" });
    expect(() => verdictOf({ kind: "ms", contender: "nobody" }, { atMost: 1 })).toThrow('no contender "nobody"');
    expect(() => verdictOf({ kind: "count", contender: "own", count: "reads" }, { atMost: 1 })).toThrow('no count "reads"');
  });
});

describe("goals", () => {
  it("name rows that there are", () => {
    const ids = new Set(rows.map((row) => row.id));
    expect(goals.filter((goal) => !ids.has(goal.row))).toEqual([]);
  });
});

describe("renderReport()", () => {
  const calibration = {
    machine: "<b>",
    node: "v24",
    load: 0,
    cores: 2,
    fileSystem: "ext4",
    fsyncInPlaceMs: spread([1]),
    fsyncNewFileMs: spread([1]),
    renameOverMs: spread([1]),
    sha256MBps: spread([1]),
  };

  it("shows every goal and every contender, and escapes what it shows", () => {
    const html = renderReport({ seed: 1, quick: false, measured: {}, calibration, rows: [race] });
    for (const goal of goals) expect(html).toContain(goal.asks);
    expect(html).toContain("peer 1.2.3");
    expect(html).toContain("&lt;b&gt;");
    expect(html).not.toContain("<b>");
  });
});
