import { createMemoryFileSystem, createMemoryLockHost, type MemoryFileSystem } from "@gov/atomic-io/testing";
import { type IndexRecord, parseIndex, planIndexChanges, readIndex, rebuildIndex, renderIndex } from "@gov/index-writer";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countingRandom, openInMemory, record } from "./records.ts";

const indexPath = "/repo/artifacts_index.json";
const paths = ["a.md", "b.md", "dir/a.md", "dir/\u00e9.md", "__proto__", "constructor", "z\ud83d\ude00.md", "z\uffee.md"];

const anyRecord = fc
  .record({
    path: fc.constantFrom(...paths),
    content: fc.string({ unit: "binary", maxLength: 12 }),
    tag: fc.constantFrom("Critical", "Risk:Low", "\u2028"),
  })
  .map(({ path, content, tag }) => record(path, content, { tags: [tag] }));

type Step = { readonly put: readonly IndexRecord[] } | { readonly remove: string } | "checkpoint" | "reopen" | "kill";

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.array(anyRecord, { minLength: 1, maxLength: 3 }).map((put) => ({ put })) },
  { weight: 3, arbitrary: fc.constantFrom(...paths).map((remove) => ({ remove })) },
  { weight: 1, arbitrary: fc.constantFrom<Step>("checkpoint", "reopen", "kill") },
);

/** The model: a map, last write wins. */
function apply(model: Map<string, IndexRecord>, step: Step): void {
  if (typeof step === "string") return;
  if ("put" in step) for (const entry of step.put) model.set(entry.path, entry);
  else model.delete(step.remove);
}

describe("rebuildIndex()", () => {
  it("gives byte for byte the index that any sequence of changes, checkpoints, restarts and kills gives (IDX-16)", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 20 }), async (steps) => {
        let fs: MemoryFileSystem = createMemoryFileSystem({ files: { "/repo/gov.yaml": "" } });
        const model = new Map<string, IndexRecord>();
        let index = await openInMemory(fs);
        for (const step of steps) {
          apply(model, step);
          if (step === "checkpoint") await index.checkpoint();
          else if (step === "reopen") {
            await index.close();
            index = await openInMemory(fs);
          } else if (step === "kill") {
            fs = fs.afterKill();
            index = await openInMemory(fs);
          } else if ("put" in step) await index.put(...step.put);
          else await index.remove(step.remove);
        }
        const wanted = [...model.values()];
        expect((await readIndex("/repo", { fs })).records).toEqual(index.list());
        await index.checkpoint();
        await index.close();
        const incremental = fs.text(indexPath);
        expect(incremental).toBe(renderIndex(wanted));
        await rebuildIndex("/repo", wanted.toReversed(), { fs, lockHost: createMemoryLockHost(), random: countingRandom });
        expect(fs.text(indexPath)).toBe(incremental);
        expect(parseIndex(incremental as string).records).toEqual(index.list());
      }),
      { numRuns: 100 },
    );
  });
});

describe("planIndexChanges()", () => {
  it("leads from any records to any others, and from equal ones nowhere", () => {
    fc.assert(
      fc.property(fc.array(anyRecord), fc.array(anyRecord), (current, wanted) => {
        const after = new Map(current.map((entry) => [entry.path, entry]));
        const plan = planIndexChanges(current, wanted);
        for (const entry of plan.put) after.set(entry.path, entry);
        for (const path of plan.remove) after.delete(path);
        const unique = [...new Map(wanted.map((entry) => [entry.path, entry])).values()];
        expect(renderIndex([...after.values()])).toBe(renderIndex(unique));
        expect(planIndexChanges(unique, unique.toReversed())).toEqual({ put: [], remove: [] });
      }),
    );
  });
});

describe("parseIndex()", () => {
  it("refuses every index of which one byte was flipped, or gives the same records", () => {
    const text = renderIndex([record("a.md"), record("dir/b.md")]);
    const { records } = parseIndex(text);
    const bytes = Buffer.from(text);
    for (let index = 0; index < bytes.byteLength; index++) {
      const flipped = Buffer.from(bytes);
      flipped[index] = (flipped[index] as number) ^ 0x01;
      let parsed: readonly IndexRecord[] | string;
      try {
        parsed = parseIndex(flipped.toString("utf8")).records;
      } catch (error) {
        parsed = (error as { code: string }).code;
      }
      expect(["INDEX_CORRUPT", "INDEX_VERSION", records], `byte ${index}`).toContainEqual(parsed);
    }
  });

  it("refuses truncated text, wrong counts, duplicates and disorder", () => {
    const text = renderIndex([record("a.md"), record("b.md")]);
    for (const damaged of [
      text.slice(0, -20),
      text.replace('"count": 2', '"count": 3'),
      text.replace('"a.md"', '"b.md"'),
      "null",
      "[]",
      text.replace('"version": 1', '"version": 0'),
    ]) {
      expect(() => parseIndex(damaged), damaged.slice(0, 80)).toThrow(expect.objectContaining({ code: "INDEX_CORRUPT" }) as Error);
    }
    expect(() => renderIndex([record("a.md"), record("a.md")])).toThrow(expect.objectContaining({ code: "INDEX_RECORD_INVALID" }) as Error);
  });
});
