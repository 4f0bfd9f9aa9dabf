import { isTelemetryError } from "@gov/telemetry";
import type { AuditEntry, AuditLog } from "@gov/telemetry/audit";
import { createRedactor } from "@gov/telemetry/redact";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createChainedLog, type LineStore } from "../src/audit/internal/chained-log.ts";
import { type CommitPace, createCommitPace } from "../src/audit/internal/commit-pace.ts";
import { createEntryWriter } from "../src/audit/internal/entry-writer.ts";
import { decodeEntry } from "../src/audit/internal/entry-codec.ts";
import { proofRuns } from "./proof-runs.ts";
import { fakeClock, input } from "./telemetry-fakes.ts";

interface Kept {
  readonly store: LineStore;
  /** What survives a power cut. */
  readonly lines: string[];
  readonly commits: () => number;
  readonly underWay: () => boolean;
}

/** A store whose commits take so many turns of the event loop, the last of which fails with its lines written or not. */
function keep(turns: readonly number[], failAt?: { readonly commit: number; readonly step: "check" | "commit" }): Kept {
  const lines: string[] = [];
  let checks = 0;
  let commits = 0;
  let underWay = false;
  const store: LineStore = {
    check: () => {
      checks++;
      return failAt?.step === "check" && checks === failAt.commit ? Promise.reject(new Error("changed")) : Promise.resolve();
    },
    commit: async ({ bytes, ends }) => {
      if (underWay) throw new Error("Cannot write while another commit is under way");
      underWay = true;
      commits++;
      const fails = failAt?.step === "commit" && commits === failAt.commit;
      const text = Buffer.from(bytes).toString("utf8");
      for (let turn = 0; turn < (turns[commits % turns.length] ?? 0); turn++) await new Promise(setImmediate);
      underWay = false;
      if (fails) throw new Error("disk");
      // What was given stays as it was until it is written.
      if (Buffer.from(bytes).toString("utf8") !== text || ends.at(-1) !== bytes.length) throw new Error("The lines have changed");
      lines.push(...text.split("\n").slice(0, -1));
    },
    read: () => {
      throw new Error("is not read");
    },
    close: () => Promise.resolve(),
  };
  return { store, lines, commits: () => commits, underWay: () => underWay };
}

function logOn(store: LineStore, pace: CommitPace): AuditLog {
  return createChainedLog("/log", store, { start: null, write: createEntryWriter(), pace });
}

const always = (overlaps: boolean): CommitPace => ({
  overlaps: () => overlaps,
  told: () => undefined,
  idle: () => undefined,
  settled: () => undefined,
});

function chainOf(lines: readonly string[]): boolean {
  const entries = lines.map((line) => decodeEntry(line).entry);
  return entries.every((entry, index) => entry?.seq === index + 1 && entry.prev === (entries[index - 1]?.hash ?? null));
}

describe("createChainedLog()", () => {
  const runs = fc.record({
    overlaps: fc.oneof(fc.constant([true]), fc.constant([false]), fc.array(fc.boolean(), { minLength: 2, maxLength: 6 })),
    turns: fc.array(fc.nat(2), { minLength: 1, maxLength: 4 }),
    // How many appends each producer makes, of how many entries, and how many turns it waits in between.
    producers: fc.array(fc.record({ appends: fc.integer({ min: 1, max: 5 }), size: fc.integer({ min: 1, max: 3 }), pause: fc.nat(20) }), {
      minLength: 1,
      maxLength: 9,
    }),
    failAt: fc.option(fc.record({ commit: fc.integer({ min: 1, max: 6 }), step: fc.constantFrom("check" as const, "commit" as const) }), {
      nil: undefined,
    }),
  });

  const holds = async (
    { overlaps, turns, producers, failAt }: typeof runs extends fc.Arbitrary<infer Run> ? Run : never,
    wrap: (kept: Kept) => LineStore,
  ): Promise<void> => {
    const kept = keep(turns, failAt);
    const { lines } = kept;
    let asked = 0;
    const log = logOn(wrap(kept), { ...always(true), overlaps: () => overlaps[asked++ % overlaps.length] === true });
    const acknowledged: number[] = [];
    let refused = 0;
    const produce = async ({ appends, size, pause }: (typeof producers)[number]): Promise<void> => {
      const inputs = Array.from({ length: size }, () => input("K"));
      for (let n = 0; n < appends; n++) {
        const outcome = await log.append(inputs, { expectedSeq: "any" }).catch((error: unknown) => error);
        if (Array.isArray(outcome)) {
          for (const { seq, hash } of outcome as readonly AuditEntry[]) {
            expect(lines[seq - 1]).toContain(hash);
            acknowledged.push(seq);
          }
          expect(log.head()?.seq).toBeGreaterThanOrEqual(acknowledged.at(-1) ?? 0);
        } else {
          refused += size;
          expect(isTelemetryError(outcome) ? outcome.code : String(outcome)).toMatch(/^TELEMETRY_AUDIT_UNCERTAIN$|^Error: changed$/);
        }
        for (let step = 0; step < pause; step++) await Promise.resolve();
      }
    };
    await Promise.all(producers.map(produce));
    const all = producers.reduce((sum, { appends, size }) => sum + appends * size, 0);
    expect(acknowledged).toEqual(Array.from({ length: all - refused }, (_, index) => index + 1));
    expect(lines.length).toBe(acknowledged.length);
    expect(chainOf(lines)).toBe(true);
    expect(log.head()?.seq ?? 0).toBe(lines.length);
    await log.close();
  };

  it("acknowledges what survives and nothing else, in order, whichever way commits and callers meet (TEL-07)", async () => {
    await fc.assert(
      fc.asyncProperty(runs, (run) => holds(run, ({ store }) => store)),
      { numRuns: proofRuns(150) },
    );
  });

  it("would not pass on a store that resolves before its lines survive", async () => {
    const hasty = ({ store }: Kept): LineStore => ({
      ...store,
      commit: (lines) => {
        void store.commit({ bytes: Uint8Array.from(lines.bytes), ends: lines.ends }).catch(() => undefined);
        return Promise.resolve();
      },
    });
    const { failed } = await fc.check(fc.asyncProperty(runs, (run) => holds({ ...run, turns: [1], failAt: undefined }, hasty)));
    expect(failed).toBe(true);
  });

  it("writes one half of the callers while the other half works, where the disk is fast; else all of them together", async () => {
    const commitsOf = async (overlaps: boolean): Promise<number> => {
      const { store, commits } = keep([1]);
      const log = logOn(store, always(overlaps));
      const produce = async (): Promise<void> => {
        for (let n = 0; n < 10; n++) await log.append([input("K")], { expectedSeq: "any" });
      };
      await Promise.all(Array.from({ length: 8 }, produce));
      return commits();
    };
    expect(await commitsOf(false)).toBe(10);
    expect(await commitsOf(true)).toBeGreaterThanOrEqual(19);
  });

  it("begins the next commit before it tells the other half", async () => {
    const { store, underWay, commits } = keep([1]);
    const log = logOn(store, always(true));
    const seen: string[] = [];
    const produce = async (name: string): Promise<void> => {
      await log.append([input("K")], { expectedSeq: "any" });
      seen.push(`${name} ${String(commits())} ${String(underWay())}`);
      await log.append([input("K")], { expectedSeq: "any" });
    };
    await Promise.all(["a", "b", "c", "d"].map(produce));
    expect(seen).toEqual(["a 1 false", "b 1 false", "c 2 true", "d 2 true"]);
  });

  it("parts what is more than one commit takes, never an append", async () => {
    const { store, lines, commits } = keep([0]);
    const log = logOn(store, always(false));
    const long = (length: number) => input("K", { payload: "x".repeat(length) });
    const appends = [[long(600_000)], [long(600_000)], [long(900_000), long(900_000)], [long(1)], [long(1)]];
    const entries = await Promise.all(appends.map((inputs) => log.append(inputs, { expectedSeq: "any" })));
    expect([commits(), lines.length, chainOf(lines)]).toEqual([4, 6, true]);
    expect(entries.flat().map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("writes nothing of an append with an entry out of bounds, and leaves its place to the next", async () => {
    const { store, lines } = keep([0]);
    const log = logOn(store, always(false));
    const broken = log.append([input("K"), input("")], { expectedSeq: "any" });
    const next = log.append([input("K")], { expectedSeq: 0 });
    await expect(broken).rejects.toBeInstanceOf(RangeError);
    expect([(await next)[0]?.seq, lines.length]).toEqual([1, 1]);
  });

  it("takes an append that a redactor makes while it works behind the one it works for", async () => {
    const { store, lines } = keep([0]);
    const { redactText, redactJson } = createRedactor();
    let inner: Promise<unknown> = Promise.resolve();
    const log: AuditLog = createChainedLog("/log", store, {
      start: null,
      pace: always(false),
      write: createEntryWriter({
        redactText,
        redactJson: (value) => {
          if (value === "outer") inner = log.append([input("INNER", { payload: "inner" })], { expectedSeq: "any" });
          return redactJson(value);
        },
      }),
    });
    const [outer] = await log.append([input("OUTER", { payload: "outer" })], { expectedSeq: 0 });
    await inner;
    expect(outer?.seq).toBe(1);
    expect([lines.length, chainOf(lines), lines[1]?.includes("INNER")]).toEqual([2, true, true]);
  });
});

describe("createCommitPace()", () => {
  it("lets commits overlap while the disk takes less time than the callers", () => {
    const clock = fakeClock(0);
    const pace = createCommitPace(clock);
    const round = (workMs: number, waitMs: number): boolean => {
      pace.told();
      clock.move(workMs);
      pace.idle();
      clock.move(waitMs);
      pace.settled();
      return pace.overlaps();
    };
    expect(pace.overlaps()).toBe(false);
    // The first number is the work of all, until commits overlap; then that of a half, and the wait is what is left of the commit.
    expect(round(8, 7)).toBe(false);
    expect(round(8, 6)).toBe(true);
    expect(round(4, 2)).toBe(true);
    expect(round(4, 4)).toBe(true);
    expect(round(4, 5)).toBe(false);
  });
});
