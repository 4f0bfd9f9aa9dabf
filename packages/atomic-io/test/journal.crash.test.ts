import { readJournal } from "@gov/atomic-io/journal";
import { createMemoryFileSystem, type MemoryFileSystem } from "@gov/atomic-io/testing";
import { describe, expect, it } from "vitest";
import { exploreCrashes } from "./crash-harness.ts";
import { records, textsOf, withJournal } from "./journal-records.ts";

const commits = [["first record"], ["second", "third"], ["fourth, somewhat longer than the others"]];

/** Recovered texts may be what was acknowledged, and beyond it only whole commits in the order of their appends. */
function judge(texts: readonly string[], acknowledged: number): string | null {
  const all = commits.flat().map((text, index) => `${index + 1}:${text}`);
  if (texts.some((text, index) => text !== all[index])) return "wrong";
  const whole = [0, ...commits.map((_, index) => commits.slice(0, index + 1).flat().length)];
  if (!whole.includes(texts.length)) return "half a commit";
  return texts.length < (whole[acknowledged] ?? 0) ? "lost" : null;
}

async function workload(fs: MemoryFileSystem, promised: { acknowledged: number[] }): Promise<void> {
  await withJournal(fs, async (journal) => {
    await journal.append(records(...(commits[0] as string[])));
    promised.acknowledged.push(1);
    await journal.append(records(...(commits[1] as string[])));
    promised.acknowledged.push(2);
  });
  await withJournal(fs, async (journal) => {
    await journal.append(records(...(commits[2] as string[])));
    promised.acknowledged.push(3);
  });
}

/** A file system on which a sync of this kind does nothing, as on a disk that lies. */
const deaf = (fs: MemoryFileSystem, call: "sync" | "datasync"): MemoryFileSystem => ({
  ...fs,
  open: async (path, intent, options) => ({ ...(await fs.open(path, intent, options)), [call]: async () => undefined }),
});

describe("openJournal() under power cuts", () => {
  for (const directoryOrder of ["ordered", "any"] as const) {
    it(`recovers exactly what was acknowledged, and whole commits only (NFR-06), directory ${directoryOrder}`, async () => {
      const verdicts = new Map<string | null, number>();
      const states = await exploreCrashes<number>(
        workload,
        async (image, promised) => {
          const acknowledged = promised.acknowledged.at(-1) ?? 0;
          const before = await textsOf(await readJournal("/journal", { fs: image }));
          const recovered = await withJournal(image, textsOf);
          expect(recovered).toEqual(before);
          expect(await withJournal(image, textsOf)).toEqual(recovered);
          const verdict = judge(recovered, acknowledged);
          verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
        },
        { directoryOrder, maxImages: 96 },
      );
      expect([...verdicts]).toEqual([[null, states]]);
      expect(states).toBeGreaterThan(100);
    });
  }

  it("recovers the same after a second crash at any call of the recovery", async () => {
    let states = 0;
    await exploreCrashes<number>(
      workload,
      async (image, promised) => {
        const acknowledged = promised.acknowledged.at(-1) ?? 0;
        const files = Object.fromEntries(image.files());
        const again: MemoryFileSystem = createMemoryFileSystem({
          files,
          afterCall: async () => {
            for (const second of again.crashImages({ maxImages: 3, seed: 3 })) {
              states += 1;
              expect(judge(await withJournal(second, textsOf), acknowledged)).toBeNull();
            }
          },
        });
        await withJournal(again, textsOf);
      },
      { maxImages: 3, seed: 5 },
    );
    expect(states).toBeGreaterThan(1000);
  });

  it("keeps a record that is needed through a crash at any call of a rotation", async () => {
    const states = await exploreCrashes<number>(
      async (fs) => {
        for (const text of ["a", "b", "c"]) await withJournal(fs, (journal) => journal.append(records(text)));
        await withJournal(fs, async (journal) => {
          await journal.rotate(3);
          await journal.append(records("d"));
          await journal.rotate(5);
        });
      },
      async (image) => {
        const journal = await readJournal("/journal", { fs: image });
        const texts = await textsOf(journal);
        const all = ["1:a", "2:b", "3:c", "4:d"];
        expect(texts).toEqual(all.slice(journal.firstSeq - 1, journal.lastSeq));
      },
      { maxImages: 96 },
    );
    expect(states).toBeGreaterThan(100);
  });

  it("gives a typed error or goes on, whichever call fails, and loses nothing acknowledged", async () => {
    for (const errno of ["EIO", "ENOSPC"]) {
      for (let failing = 1; ; failing++) {
        const fs = createMemoryFileSystem({ fault: (call) => (call.index === failing && call.name !== "close" ? { errno } : undefined) });
        const promised = { acknowledged: [] as number[] };
        const error: unknown = await workload(fs, promised).catch((caught: unknown) => caught);
        if (error !== undefined) expect(error, `call ${failing}`).toMatchObject({ name: expect.stringMatching(/^(AtomicIo)?Error$/) });
        for (const image of fs.crashImages({ maxImages: 16 })) {
          expect(judge(await withJournal(image, textsOf), promised.acknowledged.at(-1) ?? 0), `call ${failing} with ${errno}`).toBeNull();
        }
        if (fs.calls() < failing) break;
      }
    }
  });
});

describe("the harness", () => {
  for (const call of ["sync", "datasync"] as const) {
    it(`convicts a journal whose ${call} does nothing`, async () => {
      const verdicts = new Set<string | null>();
      await exploreCrashes<number>(
        (fs, promised) => workload(deaf(fs, call), promised),
        async (image, promised) => {
          const texts = await withJournal(image, textsOf).catch(() => null);
          verdicts.add(texts === null ? "damaged" : judge(texts, promised.acknowledged.at(-1) ?? 0));
        },
        { maxImages: 48 },
      );
      expect([...verdicts]).toContain(call === "sync" ? "damaged" : "lost");
    });
  }
});

describe("what a dead holder left", () => {
  it("is made durable before it is built upon, since it may so far only stand in memory", async () => {
    const states = await exploreCrashes<string>(
      async (fs, promised) => {
        await withJournal(deaf(fs, "datasync"), (journal) => journal.append(records("written, never synced")));
        await withJournal(fs, (journal) => journal.append(records("acknowledged")));
        promised.acknowledged.push("acknowledged");
      },
      async (image, promised) => {
        const texts = await withJournal(image, textsOf);
        const all = ["1:written, never synced", "2:acknowledged"];
        expect(promised.acknowledged.length > 0 ? [all] : [[], all.slice(0, 1), all]).toContainEqual(texts);
      },
      { maxImages: 96 },
    );
    expect(states).toBeGreaterThan(50);
  });

  it("leaves no gap when a crash brings back an empty segment but not its successor", async () => {
    const before = createMemoryFileSystem();
    await withJournal(before, async () => undefined);
    const empty = new Map(before.files());
    await withJournal(before, (journal) => journal.append(records("a")));
    const states = await exploreCrashes<number>(
      (fs) => withJournal(fs, (journal) => journal.rotate(2)),
      async (image) => {
        expect([[], ["1:a"]]).toContainEqual(await withJournal(image, textsOf));
      },
      // As a crash leaves it between the creation of a segment and the removal of the empty one before.
      { maxImages: 96, files: Object.fromEntries([...empty, ...before.files()]) },
    );
    expect(states).toBeGreaterThan(20);
  });
});
