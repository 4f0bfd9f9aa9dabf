import { mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { createFileOnce, replaceFile } from "@gov/atomic-io";
import { createMemoryFileSystem, type FileSystemCall, type MemoryFileSystem } from "@gov/atomic-io/testing";
import { describe, expect, it } from "vitest";
import { scratchDirectory } from "./scratch.ts";

function recording(files: Readonly<Record<string, string>> = {}): { readonly fs: MemoryFileSystem; readonly calls: FileSystemCall[] } {
  const calls: FileSystemCall[] = [];
  return { calls, fs: createMemoryFileSystem({ files, afterCall: (call) => void calls.push(call) }) };
}

const contents = (count: number): string[] => Array.from({ length: count }, (_, index) => `content ${index}`);

describe("replaceFile(), writers of one directory at the same time", () => {
  it("share one fsync of it: at most 1.1 fsyncs per file at 16 files", async () => {
    const { fs, calls } = recording({ "/d/keep": "" });
    const acknowledged = new Set<string>();
    await Promise.all(
      contents(16).map(async (content, index) => {
        await replaceFile(`/d/${index}`, content, { fs });
        acknowledged.add(content);
        for (const image of fs.crashImages({ maxImages: 16 })) expect(image.text(`/d/${index}`)).toBe(content);
      }),
    );
    expect(acknowledged.size).toBe(16);
    expect(calls.filter(({ name }) => name === "sync").length / 16).toBeLessThanOrEqual(1.1);
  });

  it("share it with files that are created once", async () => {
    const { fs, calls } = recording({ "/d/keep": "" });
    await Promise.all([...contents(8).map((name) => createFileOnce(`/d/${name}`, "", { fs })), replaceFile("/d/keep", "", { fs })]);
    expect(calls.filter(({ name, path }) => name === "sync" && path === "/d")).toHaveLength(1);
  });

  it("do not wait for one that fails, nor for one that began later", async () => {
    const fs = createMemoryFileSystem({
      files: { "/d/keep": "" },
      fault: (call) => (call.name === "write" && call.path.includes("tmp") && call.index % 3 === 0 ? { errno: "EIO" } : undefined),
    });
    const outcomes = await Promise.allSettled(contents(12).map((content, index) => replaceFile(`/d/${index}`, content, { fs })));
    expect(new Set(outcomes.map(({ status }) => status)).size).toBe(2);
    let running = true;
    const stream = (async () => {
      while (running)
        await Promise.all(contents(4).map((content, index) => replaceFile(`/d/s${index}`, content, { fs }).catch(() => null)));
    })();
    for (let round = 0; round < 20; round++) await replaceFile("/d/a", "x", { fs }).catch(() => null);
    running = false;
    await stream;
  });

  it("all learn of a directory that could not be synced", async () => {
    const fs = createMemoryFileSystem({ fault: (call) => (call.name === "sync" && call.path === "/" ? { errno: "EIO" } : undefined) });
    const outcomes = await Promise.allSettled(["/a", "/b", "/c"].map((path) => replaceFile(path, "", { fs })));
    for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: { code: "ATOMIC_IO_COMMIT_UNCERTAIN" } });
    await expect(replaceFile("/a", "", { fs })).rejects.toMatchObject({ code: "ATOMIC_IO_COMMIT_UNCERTAIN" });
  });
});

describe("replaceFile(), a directory that is exchanged between two writes", () => {
  it("writes where the path leads now, durably, in memory", async () => {
    const { fs } = recording({ "/a/x": "old" });
    await replaceFile("/a/x", "one", { fs });
    await fs.rename("/a", "/b");
    await fs.mkdir("/a");
    await replaceFile("/a/x", "two", { fs });
    expect([fs.text("/b/x"), fs.text("/a/x")]).toEqual(["one", "two"]);
    const root = await fs.open("/", "directory");
    await root.sync();
    for (const image of fs.crashImages()) expect(image.text("/a/x")).toBe("two");
  });

  it("writes where the path leads now, on the machine", async () => {
    const root = scratchDirectory();
    mkdirSync(join(root, "a"));
    symlinkSync("a", join(root, "link"));
    for (const path of [join(root, "a/x"), join(root, "link/x")]) await replaceFile(path, "one");
    renameSync(join(root, "a"), join(root, "b"));
    mkdirSync(join(root, "a"));
    expect(await replaceFile(join(root, "link/x"), "two")).toMatchObject({ bytes: 3, durability: "power" });
    await replaceFile(join(root, "a/y"), "three");
    expect(readFileSync(join(root, "a/x"), "utf8")).toBe("two");
    expect(readFileSync(join(root, "b/x"), "utf8")).toBe("one");
    expect([readdirSync(join(root, "a")), readdirSync(join(root, "b"))]).toEqual([["x", "y"], ["x"]]);
  });
});

describe("replaceFile() with coalesce", () => {
  it("writes only the last of a thousand contents of one path, and acknowledges each with itself or a later one durable (AIO-01)", async () => {
    const { fs, calls } = recording();
    await Promise.all(
      contents(1000).map(async (content, index) => {
        await replaceFile("/a", content, { fs, coalesce: true });
        if (index % 100 > 1) return;
        for (const image of fs.crashImages()) expect(Number(image.text("/a")?.slice(8))).toBeGreaterThanOrEqual(index);
      }),
    );
    expect(fs.text("/a")).toBe("content 999");
    expect(calls.filter(({ name }) => name === "rename")).toHaveLength(1);
  });

  it("writes anew what comes while a write is under way", async () => {
    const later: Promise<unknown>[] = [];
    const fs: MemoryFileSystem = createMemoryFileSystem({
      afterCall: ({ name }) => {
        if (name === "write" && later.length === 0)
          for (const content of ["b", "c"]) later.push(replaceFile("/a", content, { fs, coalesce: true }));
      },
    });
    await replaceFile("/a", "a", { fs, coalesce: true });
    expect(fs.text("/a")).toBe("a");
    await Promise.all(later);
    expect(fs.text("/a")).toBe("c");
  });

  it("never lets an earlier content follow a later one that was not to be coalesced, nor mixes modes", async () => {
    const { fs, calls } = recording();
    const write = (text: string, options: object = { coalesce: true }): Promise<unknown> => replaceFile("/a", text, { fs, ...options });
    await Promise.all([write("1"), write("2"), write("3", {}), write("4"), write("5"), write("6", { coalesce: true, mode: 0o600 })]);
    expect(fs.text("/a")).toBe("6");
    expect(calls.filter(({ name }) => name === "rename")).toHaveLength(4);
  });

  it("tells everyone who gave way when the write fails, and starts anew afterwards", async () => {
    let broken = true;
    const fs = createMemoryFileSystem({ fault: (call) => (broken && call.name === "write" ? { errno: "ENOSPC" } : undefined) });
    const outcomes = await Promise.allSettled(contents(5).map((content) => replaceFile("/a", content, { fs, coalesce: true })));
    for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: { code: "ATOMIC_IO_WRITE_FAILED" } });
    broken = false;
    await replaceFile("/a", "later", { fs, coalesce: true });
    expect(fs.text("/a")).toBe("later");
  });
});
