import { createMemoryFileSystem } from "@gov/atomic-io/testing";
import { type IndexRecord, type RecordInput, refreshIndex } from "@gov/index-writer";
import type { Result } from "@gov/schema";
import { describe, expect, it } from "vitest";
import { openInMemory, record } from "./records.ts";

const toRecord = ({ path, bytes }: RecordInput): Result<IndexRecord | null> => {
  const text = Buffer.from(bytes).toString("utf8");
  if (text === "invalid")
    return { ok: false, findings: [{ code: "TEST", severity: "error", message: "Invalid", path, line: 1, column: 1, hint: "mend it" }] };
  return { ok: true, value: text === "none" ? null : record(path, text), findings: [] };
};

async function write(fs: ReturnType<typeof createMemoryFileSystem>, path: string, text: string): Promise<void> {
  await fs.unlink(path).catch(() => undefined);
  const handle = await fs.open(path, "create");
  await handle.write(Buffer.from(text), 0);
  await handle.close();
}

describe("refreshIndex()", () => {
  it("reads what changed, puts and removes in one change, and the second time does nothing (IDX-01)", async () => {
    const fs = createMemoryFileSystem({ files: { "/repo/a.md": "a", "/repo/b.md": "b", "/repo/c.md": "none", "/repo/d.md": "invalid" } });
    const index = await openInMemory(fs);
    const refresh = (): ReturnType<typeof refreshIndex> => refreshIndex(index, "/repo", { fs, include: ["*.md"], toRecord });
    expect(await refresh()).toMatchObject({ put: 2, removed: 0, read: 4, findings: [{ path: "d.md", code: "TEST" }] });
    expect(index.list()).toEqual([record("a.md", "a"), record("b.md", "b")]);
    await write(fs, "/repo/a.md", "changed");
    await write(fs, "/repo/c.md", "c");
    await fs.unlink("/repo/b.md");
    await fs.unlink("/repo/d.md");
    expect(await refresh()).toEqual({ put: 2, removed: 1, read: 2, findings: [] });
    expect(index.list()).toEqual([record("a.md", "changed"), record("c.md", "c")]);
    expect(await refresh()).toEqual({ put: 0, removed: 0, read: 0, findings: [] });
    expect(await refreshIndex(index, "/repo", { fs, include: ["*.md"], toRecord, read: "all" })).toMatchObject({ read: 2 });
    await index.close();
  });

  it("makes one finding of a name or a record that the index cannot keep, and takes the others", async () => {
    const fs = createMemoryFileSystem({
      files: { "/repo/a\\b.md": "x", "/repo/good.md": "good", "/repo/half.md": "half", "/repo/other.md": "other" },
    });
    const index = await openInMemory(fs);
    await index.put(record("half.md", "before"));
    const toOdd = (input: RecordInput): Result<IndexRecord | null> => {
      const value = record(input.path, Buffer.from(input.bytes).toString("utf8"));
      if (input.path === "half.md") return { ok: true, findings: [], value: { ...value, title: "\ud800" } };
      return { ok: true, findings: [], value: input.path === "other.md" ? { ...value, path: "good.md" } : value };
    };
    const { put, removed, findings } = await refreshIndex(index, "/repo", { fs, include: ["*.md"], toRecord: toOdd });
    expect([put, removed, findings.map(({ code, path }) => [code, path])]).toEqual([
      1,
      0,
      ["a\\b.md", "half.md", "other.md"].map((path) => ["INDEX_RECORD_REFUSED", path]),
    ]);
    expect(index.list()).toEqual([record("good.md", "good"), record("half.md", "before")]);
    await index.close();
  });

  it("keeps the record of a file that cannot be read, and says so", async () => {
    let fault: string | null = null;
    const fs = createMemoryFileSystem({
      files: { "/repo/a.md": "a", "/repo/b.md": "b" },
      fault: ({ name, path }) => (name === "open" && path === fault ? { errno: "EIO" } : undefined),
    });
    const index = await openInMemory(fs);
    await refreshIndex(index, "/repo", { fs, include: ["*.md"], toRecord });
    await write(fs, "/repo/a.md", "new");
    fault = "/repo/a.md";
    expect(await refreshIndex(index, "/repo", { fs, include: ["*.md"], toRecord })).toMatchObject({
      put: 0,
      removed: 0,
      findings: [{ path: "a.md", code: "INDEX_FILE_UNREADABLE" }],
    });
    expect(index.get("a.md")).toEqual(record("a.md", "a"));
    await index.close();
  });

  it("takes nothing for gone where it could not look: below an unreadable directory, and with globs that cannot be used", async () => {
    let fault: string | null = null;
    const fs = createMemoryFileSystem({
      files: { "/repo/a/b/c.md": "c", "/repo/a/d.md": "d", "/repo/a/bc.md": "bc" },
      fault: ({ name, path }) => (name === "readdir" && path === fault ? { errno: "EIO" } : undefined),
    });
    const index = await openInMemory(fs);
    const refresh = (include: string, maxDepth?: number): ReturnType<typeof refreshIndex> =>
      refreshIndex(index, "/repo", { fs, include: [include], toRecord, maxDepth });
    await refresh("**/*.md");
    await fs.unlink("/repo/a/bc.md");
    fault = "/repo/a/b";
    expect(await refresh("**/*.md")).toMatchObject({ removed: 1, findings: [{ path: "a/b", code: "INDEX_DIRECTORY_UNREADABLE" }] });
    fault = "/repo";
    expect(await refresh("**/*.md")).toMatchObject({ removed: 0, findings: [{ path: ".", code: "INDEX_DIRECTORY_UNREADABLE" }] });
    fault = null;
    expect(await refresh("/absolute")).toMatchObject({ removed: 0, findings: [{ code: "SCHEMA_GLOB" }] });
    expect(await refresh("**/*.md", 1)).toMatchObject({ removed: 0, findings: [{ path: "a/b", code: "INDEX_DEPTH_EXCEEDED" }] });
    expect(index.list()).toEqual([record("a/b/c.md", "c"), record("a/d.md", "d")]);
    await index.close();
  });
});
