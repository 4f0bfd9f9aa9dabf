import { mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMemoryFileSystem } from "@gov/atomic-io/testing";
import { type IndexRecord, openIndex, readIndex, renderIndex } from "@gov/index-writer";
import { describe, expect, it } from "vitest";
import { openInMemory, record } from "./records.ts";

const name = (number: number): string => `d${number % 7}/${String(number * 7919).padStart(9, "0")}.md`;

describe("checkpoint()", () => {
  it("handles a bounded number of records in a turn, lets changes go on, and writes the moment at which it was called", async () => {
    const fs = createMemoryFileSystem({ files: { "/repo/gov.yaml": "" } });
    let turns = 0;
    let during: (() => void) | null = null;
    const index = await openInMemory(fs, {
      breathe: async () => {
        turns += 1;
        during?.();
      },
    });
    const before: IndexRecord[] = Array.from({ length: 20_000 }, (_, number) => record(name(number), "x"));
    await index.put(...before);
    expect(turns).toBe(0);
    const changes: Promise<void>[] = [];
    during = () => {
      if (changes.length < 40)
        changes.push(index.put(record(name(changes.length), "changed")), index.remove(name(10_000 + changes.length)));
    };
    const written = await index.checkpoint();
    await Promise.all(changes);
    // At least one turn for each 500 records: for sorting them, for hashing them, for writing them to a file system that answers at once.
    expect(turns).toBeGreaterThanOrEqual(3 * (before.length / 500));
    expect(written).toMatchObject({ count: before.length, written: true });
    expect(fs.text("/repo/artifacts_index.json")).toBe(renderIndex(before));
    expect(index.get(name(0))?.title).toBe("changed");
    expect(index.list()).toHaveLength(before.length - 20);
    expect((await readIndex("/repo", { fs })).records).toEqual(index.list());
    during = null;
    await index.checkpoint();
    expect(fs.text("/repo/artifacts_index.json")).toBe(renderIndex(index.list()));
    await index.close();
  });

  it("goes on after one that failed, with the changes made meanwhile", async () => {
    let failing = false;
    const fs = createMemoryFileSystem({
      files: { "/repo/gov.yaml": "" },
      fault: ({ name: call }) => (failing && call === "rename" ? { errno: "EIO" } : undefined),
    });
    const index = await openInMemory(fs);
    await index.put(record("a.md"));
    failing = true;
    const checkpoint = index.checkpoint();
    const change = index.put(record("b.md"));
    await expect(checkpoint).rejects.toMatchObject({ code: "ATOMIC_IO_RENAME_FAILED" });
    await change;
    failing = false;
    expect(await index.checkpoint()).toMatchObject({ count: 2, written: true });
    expect(fs.text("/repo/artifacts_index.json")).toBe(renderIndex([record("a.md"), record("b.md")]));
    await index.close();
  });

  it("reads a file back that a formatter has laid out anew", async () => {
    const fs = createMemoryFileSystem({
      files: { "/repo/artifacts_index.json": JSON.stringify(JSON.parse(renderIndex([record("a.md"), record("b.md")])), null, 4) },
    });
    expect((await readIndex("/repo", { fs })).records).toEqual([record("a.md"), record("b.md")]);
    const index = await openInMemory(fs);
    expect(index.list()).toHaveLength(2);
    await index.close();
  });

  it("writes and reads on a disk what it does in memory", async () => {
    const root = realpathSync(mkdtempSync(join(tmpdir(), "gov-checkpoint-")));
    try {
      const index = await openIndex(root);
      const records = Array.from({ length: 3_000 }, (_, number) => record(name(number)));
      await index.put(...records);
      await index.checkpoint();
      await index.close();
      expect(readFileSync(join(root, "artifacts_index.json"), "utf8")).toBe(renderIndex(records));
      expect((await readIndex(root)).records).toHaveLength(3_000);
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});
