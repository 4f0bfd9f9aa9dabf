import { readFileSync } from "node:fs";
import { join } from "node:path";
import { appendLine, ensureDirectory, isAtomicIoError } from "@gov/atomic-io";
import { createMemoryFileSystem } from "@gov/atomic-io/testing";
import { describe, expect, it } from "vitest";
import { exploreCrashes } from "./crash-harness.ts";
import { scratchDirectory } from "./scratch.ts";

describe("appendLine()", () => {
  it("appends lines and says where", async () => {
    const path = join(scratchDirectory(), "log.jsonl");
    expect(await appendLine(path, "one")).toEqual({ path, offset: 0, bytes: 4, durability: "power" });
    expect(await appendLine(path, "")).toMatchObject({ offset: 4, bytes: 1 });
    expect(await appendLine(path, "\u00fc")).toMatchObject({ offset: 5, bytes: 3 });
    expect(readFileSync(path, "utf8")).toBe("one\n\n\u00fc\n");
  });

  it("keeps every acknowledged line through a crash at every call, in order, with at most one half line behind them", async () => {
    const lines = ["first line", "second", "third, which is longer than the others"];
    const states = await exploreCrashes<string>(
      async (fs, promised) => {
        for (const line of lines) {
          await appendLine("/log", line, { fs });
          promised.acknowledged.push(line);
        }
      },
      (image, promised) => {
        const parts = (image.text("/log") ?? "").split("\n");
        const torn = parts.pop();
        expect(parts.slice(0, promised.acknowledged.length)).toEqual(promised.acknowledged);
        // Beyond the acknowledged: the next line, whole or torn, or zeros of it.
        expect(parts.length).toBeLessThanOrEqual(promised.acknowledged.length + 1);
        expect((torn ?? "").replaceAll("\0", "").length).toBeLessThanOrEqual((lines[promised.acknowledged.length] ?? "").length);
      },
    );
    expect(states).toBeGreaterThan(20);
  });

  it("syncs the directory again when another process created the file and may have died before doing so", async () => {
    const fs = createMemoryFileSystem();
    const created = await fs.open("/log", "create");
    await created.close();
    await appendLine("/log", "line", { fs });
    for (const image of fs.crashImages()) expect(image.text("/log")).toBe("line\n");
  });

  it("refuses to glue a line to a torn one, or removes the torn one when told so", async () => {
    for (const torn of ["half", `${"x".repeat(9000)}`]) {
      const fs = createMemoryFileSystem({ files: { "/log": `whole\n${torn}` } });
      await expect(appendLine("/log", "next", { fs })).rejects.toMatchObject({
        code: "ATOMIC_IO_LINE_TORN",
        details: { offset: 6, size: 6 + torn.length },
      });
      expect(fs.text("/log")).toBe(`whole\n${torn}`);
      await appendLine("/log", "next", { fs, tornLine: "remove" });
      expect(fs.text("/log")).toBe("whole\nnext\n");
    }
    const fs = createMemoryFileSystem({ files: { "/log": "only half" } });
    await appendLine("/log", "next", { fs, tornLine: "remove" });
    expect(fs.text("/log")).toBe("next\n");
  });

  it("cuts a failed line off again, so that the next one stands alone", async () => {
    for (const name of ["write", "sync"]) {
      let calls = 0;
      const fs = createMemoryFileSystem({
        files: { "/log": "whole\n" },
        fault: (call) => {
          if (call.name !== name || call.path !== "/log") return undefined;
          calls += 1;
          if (name === "sync") return calls === 1 ? { errno: "EIO" } : undefined;
          return calls === 1 ? { shortWrite: 2 } : calls === 2 ? { errno: "ENOSPC" } : undefined;
        },
      });
      await expect(appendLine("/log", "lost line", { fs })).rejects.toMatchObject({
        code: name === "sync" ? "ATOMIC_IO_SYNC_FAILED" : "ATOMIC_IO_WRITE_FAILED",
      });
      expect(fs.text("/log")).toBe("whole\n");
      await appendLine("/log", "next", { fs });
      expect(fs.text("/log")).toBe("whole\nnext\n");
    }
  });

  it("fails with a typed error whichever call fails, and keeps what was acknowledged", async () => {
    const codes = new Set<string>();
    for (const text of ["whole\n", "whole\nhalf"]) {
      for (let failing = 0, failed = true; failed; failing++) {
        let calls = 0;
        failed = false;
        const fs = createMemoryFileSystem({
          files: { "/log": text },
          fault: (call) => (call.path.startsWith("/log") && calls++ === failing ? ((failed = true), { errno: "EIO" }) : undefined),
        });
        try {
          await appendLine("/log", "next", { fs, tornLine: "remove" });
        } catch (error) {
          if (!isAtomicIoError(error)) throw error;
          codes.add(error.code);
        }
        expect(fs.text("/log")).toMatch(/^whole\n/);
      }
    }
    expect([...codes].sort()).toEqual([
      "ATOMIC_IO_CREATE_FAILED",
      "ATOMIC_IO_READ_FAILED",
      "ATOMIC_IO_SYNC_FAILED",
      "ATOMIC_IO_WRITE_FAILED",
    ]);
  });

  it("refuses options that make no sense before anything is touched", async () => {
    const fs = createMemoryFileSystem({ files: { "/log": "whole\nhalf" } });
    for (const wrong of [
      { tornLine: "keep" as "remove" },
      { tornLine: null as unknown as "remove" },
      { mode: -1 },
      { mode: "600" as never },
    ])
      await expect(appendLine("/log", "next", { fs, ...wrong })).rejects.toThrow(RangeError);
    expect(fs.text("/log")).toBe("whole\nhalf");
  });

  it("writes lines of concurrent callers whole, in the order of the calls", async () => {
    const path = join(scratchDirectory(), "log");
    await Promise.all(Array.from({ length: 50 }, (_, index) => appendLine(path, `line ${index}`, { durability: "none" })));
    expect(readFileSync(path, "utf8")).toBe(Array.from({ length: 50 }, (_, index) => `line ${index}\n`).join(""));
  });

  it("refuses line breaks, and what is not a file", async () => {
    const fs = createMemoryFileSystem({ files: { "/directory/a": "" } });
    for (const line of ["a\nb", "a\r", undefined]) await expect(appendLine("/log", line as string, { fs })).rejects.toThrow(TypeError);
    await expect(appendLine("/directory", "a", { fs })).rejects.toMatchObject({ code: "ATOMIC_IO_NOT_A_FILE" });
    const closed = createMemoryFileSystem({ fault: (call) => (call.name === "open" ? { errno: "EACCES" } : undefined) });
    await expect(appendLine("/log", "a", { fs: closed })).rejects.toMatchObject({ code: "ATOMIC_IO_CREATE_FAILED" });
  });
});

describe("ensureDirectory()", () => {
  it("creates what is missing, so that a crash afterwards keeps it", async () => {
    const fs = createMemoryFileSystem();
    await ensureDirectory("/a/b/c", { fs });
    await ensureDirectory("/a/b/c", { fs });
    for (const image of fs.crashImages()) expect((await image.stat("/a/b/c")).kind).toBe("directory");
    const files = createMemoryFileSystem({ files: { "/a": "" } });
    await expect(ensureDirectory("/a", { fs: files })).rejects.toMatchObject({ code: "ATOMIC_IO_CREATE_FAILED" });
    await expect(ensureDirectory("/a/b", { fs: files })).rejects.toMatchObject({ code: "ATOMIC_IO_CREATE_FAILED" });
    const failing = createMemoryFileSystem({ fault: (call) => (call.name === "sync" ? { errno: "EIO" } : undefined) });
    await expect(ensureDirectory("/a", { fs: failing })).rejects.toMatchObject({ code: "ATOMIC_IO_COMMIT_UNCERTAIN" });
  });

  it("fails where nothing can be created although the directory above is there, and without a path", async () => {
    let calls = 0;
    const fs = createMemoryFileSystem({
      // As below /proc, or in a working directory that has been removed.
      fault: ({ name, path }) => (name === "mkdir" && path !== "/a" && calls++ < 100 ? { errno: "ENOENT" } : undefined),
    });
    await expect(ensureDirectory("/a/b", { fs })).rejects.toMatchObject({
      code: "ATOMIC_IO_CREATE_FAILED",
      details: { path: "/a/b", errno: "ENOENT" },
    });
    expect(calls).toBe(2);
    for (const path of ["", undefined]) await expect(ensureDirectory(path as string)).rejects.toThrow(TypeError);
  });
});
