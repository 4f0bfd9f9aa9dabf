import { readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { createFileOnce } from "@gov/atomic-io";
import { createMemoryFileSystem } from "@gov/atomic-io/testing";
import { describe, expect, it } from "vitest";
import { exploreCrashes } from "./crash-harness.ts";
import { scratchDirectory } from "./scratch.ts";

describe("createFileOnce()", () => {
  it("creates a file, and refuses to write it again, whatever the content (AIO-13)", async () => {
    const path = join(scratchDirectory(), "manifest.json");
    expect(await createFileOnce(path, "{}", { mode: 0o444 })).toEqual({ path, bytes: 2, durability: "power" });
    expect(statSync(path).mode & 0o7777).toBe(0o444);
    for (const data of ["{}", "other", Buffer.alloc(0)]) {
      await expect(createFileOnce(path, data)).rejects.toMatchObject({ code: "ATOMIC_IO_TARGET_EXISTS", details: { path } });
    }
    expect(readFileSync(path, "utf8")).toBe("{}");
  });

  it("does not write through a dangling link", async () => {
    const directory = scratchDirectory();
    symlinkSync("elsewhere", join(directory, "link"));
    await expect(createFileOnce(join(directory, "link"), "")).rejects.toMatchObject({ code: "ATOMIC_IO_TARGET_EXISTS" });
  });

  it("lets exactly one of many callers succeed", async () => {
    const path = join(scratchDirectory(), "a");
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, (_, index) => createFileOnce(path, `caller ${index}`)));
    const winner = outcomes.findIndex(({ status }) => status === "fulfilled");
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(readFileSync(path, "utf8")).toBe(`caller ${winner}`);
  });

  it("leaves the whole file or none after a crash at every call, and keeps it once acknowledged", async () => {
    const states = await exploreCrashes<string>(
      async (fs, promised) => {
        await createFileOnce("/a", "the whole content", { fs });
        promised.acknowledged.push("a");
      },
      (image, promised) => {
        const text = image.text("/a");
        expect(promised.acknowledged.length === 0 ? [null, "the whole content"] : ["the whole content"]).toContain(text);
      },
    );
    expect(states).toBeGreaterThan(20);
  });

  it("leaves no temporary and no half file, whichever call fails", async () => {
    for (let failing = 1; ; failing++) {
      const fs = createMemoryFileSystem({
        fault: (call) => (call.index === failing && call.name !== "unlink" ? { errno: "EIO" } : undefined),
      });
      const error: unknown = await createFileOnce("/a", "content", { fs }).catch((caught: unknown) => caught);
      if (error instanceof Error) expect(error.name).toBe("AtomicIoError");
      expect([[], ["/a"]]).toContainEqual([...fs.files().keys()]);
      expect([null, "content"]).toContain(fs.text("/a"));
      if (fs.calls() < failing) break;
    }
  });

  it("refuses a missing directory and a path that is none", async () => {
    await expect(createFileOnce("/missing/a", "", { fs: createMemoryFileSystem() })).rejects.toMatchObject({
      code: "ATOMIC_IO_READ_FAILED",
    });
    await expect(createFileOnce("", "")).rejects.toThrow(TypeError);
  });
});
