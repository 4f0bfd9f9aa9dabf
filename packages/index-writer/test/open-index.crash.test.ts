import { createMemoryFileSystem, type MemoryFileSystem } from "@gov/atomic-io/testing";
import { type IndexRecord, readIndex } from "@gov/index-writer";
import { describe, expect, it } from "vitest";
import { openInMemory, record } from "./records.ts";

type State = readonly IndexRecord[];

/** The states of the index in order: after nothing, and after each change of the workload. */
const states: readonly State[] = [
  [],
  [record("a.md")],
  [record("a.md"), record("b.md")],
  [record("a.md", "changed"), record("b.md")],
  [record("b.md")],
  [record("b.md"), record("c.md")],
];

/** Changes, a checkpoint between two of them, and one more process. */
async function workload(fs: MemoryFileSystem, acknowledge: (state: number) => void): Promise<void> {
  const first = await openInMemory(fs);
  await first.put(record("a.md"));
  acknowledge(1);
  await first.put(record("b.md"));
  acknowledge(2);
  await first.checkpoint();
  await first.put(record("a.md", "changed"));
  acknowledge(3);
  await first.remove("a.md");
  acknowledge(4);
  await first.checkpoint();
  await first.close();
  const second = await openInMemory(fs);
  await second.put(record("c.md"));
  acknowledge(5);
  await second.checkpoint();
  await second.close();
}

function stateOf(records: State): number {
  return states.findIndex((state) => JSON.stringify(state) === JSON.stringify(records));
}

/** A process that is killed: after so many calls, none of its calls reaches the file system any more. */
function killedAfter(fs: MemoryFileSystem, last: number): MemoryFileSystem {
  let calls = 0;
  const mortal = <T extends object>(port: T): T =>
    Object.fromEntries(
      Object.entries(port).map(([name, call]: [string, (...given: unknown[]) => unknown]) => [
        name,
        async (...given: unknown[]) => {
          if (++calls > last) throw new Error("Killed");
          const result = await call(...given);
          return name === "open" ? mortal(result as object) : result;
        },
      ]),
    ) as T;
  return mortal(fs);
}

const files = { "/repo/gov.yaml": "" };

describe("openIndex() under power cuts", () => {
  for (const directoryOrder of ["ordered", "any"] as const) {
    it(`recovers what was acknowledged or one change more, and nothing in between, directory ${directoryOrder} (IDX-01, NFR-06)`, async () => {
      let acknowledged = 0;
      let seen = 0;
      const fs: MemoryFileSystem = createMemoryFileSystem({
        files,
        afterCall: async () => {
          for (const image of fs.crashImages({ directoryOrder, maxImages: 40, seed: fs.calls() })) {
            seen += 1;
            const read = (await readIndex("/repo", { fs: image })).records;
            const index = await openInMemory(image);
            expect(index.list()).toEqual(read);
            expect([acknowledged, acknowledged + 1]).toContain(stateOf(index.list()));
            await index.put(record("after.md"));
            await index.close();
            const after = await readIndex("/repo", { fs: image });
            expect(after.records).toContainEqual(record("after.md"));
          }
        },
      });
      await workload(fs, (state) => (acknowledged = state));
      expect(acknowledged).toBe(5);
      expect(seen).toBeGreaterThan(300);
    });
  }

  it("recovers the same after a second crash at any call of the recovery (IDX-02)", async () => {
    let acknowledged = 0;
    let seen = 0;
    const fs: MemoryFileSystem = createMemoryFileSystem({
      files,
      afterCall: async (call) => {
        // Every fifth call as the first crash, every call of the recovery as the second.
        if (call.index % 5 !== 0) return;
        for (const image of fs.crashImages({ maxImages: 2, seed: fs.calls() })) {
          const recovering: MemoryFileSystem = createMemoryFileSystem({
            files: Object.fromEntries(image.files()),
            afterCall: async () => {
              for (const second of recovering.crashImages({ maxImages: 3, seed: recovering.calls() })) {
                seen += 1;
                expect([acknowledged, acknowledged + 1]).toContain(stateOf((await readIndex("/repo", { fs: second })).records));
                const index = await openInMemory(second);
                expect([acknowledged, acknowledged + 1]).toContain(stateOf(index.list()));
                await index.close();
              }
            },
          });
          const index = await openInMemory(recovering);
          await index.checkpoint();
          await index.close();
        }
      },
    });
    await workload(fs, (state) => (acknowledged = state));
    expect(seen).toBeGreaterThan(1000);
  });

  it("survives a power cut after another process was killed at any call, whose last renames nobody synced", async () => {
    let seen = 0;
    for (let last = 20; ; last += 10) {
      let acknowledged = 0;
      let exploring = false;
      const fs: MemoryFileSystem = createMemoryFileSystem({
        files,
        afterCall: async () => {
          if (!exploring) return;
          for (const image of fs.crashImages({ maxImages: 6, seed: fs.calls() })) {
            seen += 1;
            const index = await openInMemory(image);
            expect([acknowledged, acknowledged + 1]).toContain(stateOf(index.list().filter(({ path }) => path !== "next.md")));
            await index.close();
          }
        },
      });
      const died = await workload(killedAfter(fs, last), (state) => (acknowledged = state)).then(
        () => false,
        () => true,
      );
      exploring = true;
      const index = await openInMemory(fs);
      await index.put(record("next.md"));
      await index.checkpoint();
      await index.close();
      if (!died) break;
    }
    expect(seen).toBeGreaterThan(300);
  }, 300_000);

  it("rebuilds through a crash at any call of the rebuild", async () => {
    const base = createMemoryFileSystem({ files });
    const before = await openInMemory(base);
    await before.put(record("a.md"), record("b.md"));
    await before.put(record("c.md"));
    await before.close();
    const damaged = Object.fromEntries(base.files());
    const segment = Object.keys(damaged).find((path) => path.endsWith(".log")) as string;
    (damaged[segment] as Uint8Array)[100] = 0xff;
    const wanted = [record("a.md"), record("b.md"), record("c.md")];
    let seen = 0;
    const fs: MemoryFileSystem = createMemoryFileSystem({
      files: damaged,
      afterCall: async () => {
        for (const image of fs.crashImages({ maxImages: 20, seed: fs.calls() })) {
          seen += 1;
          // Whatever is left: nobody may take it for an index that lacks the records.
          const read = await readIndex("/repo", { fs: image }).then(
            ({ records }) => records,
            () => wanted,
          );
          expect(read).toEqual(wanted);
          const index = await openInMemory(image, { rebuild: async () => wanted });
          expect(index.list()).toEqual(wanted);
          await index.close();
        }
      },
    });
    await (await openInMemory(fs, { rebuild: async () => wanted })).close();
    expect(seen).toBeGreaterThan(50);
  });
});
