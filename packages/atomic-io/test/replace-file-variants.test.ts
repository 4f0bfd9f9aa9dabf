import { createReadStream, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { replaceFile, replaceFileFromStream, replaceFileSync, replaceFileWithJson } from "@gov/atomic-io";
import { createMemoryFileSystem } from "@gov/atomic-io/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exploreCrashes } from "./crash-harness.ts";
import { scratchDirectory } from "./scratch.ts";

const old = "old content, long enough to be torn";
const contents = ["first replacement of the content", "second", "third, a little longer than the others"];

describe("replaceFileSync()", () => {
  it("replaces as replaceFile does, on the machine (AIO-01)", () => {
    const path = join(scratchDirectory(), "a");
    expect(replaceFileSync(path, "one")).toEqual({ path, bytes: 3, durability: "power" });
    writeFileSync(path, "", { mode: 0o640 });
    expect(replaceFileSync(path, new Uint16Array([1, 2]), { mode: 0o600 })).toMatchObject({ bytes: 4 });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(replaceFileSync(path, "x", { durability: "none" })).toMatchObject({ durability: "none" });
    expect(() => replaceFileSync(join(path, ".."), "")).toThrow(expect.objectContaining({ code: "ATOMIC_IO_NOT_A_FILE" }));
    expect(readdirSync(join(path, ".."))).toEqual(["a"]);
  });

  for (const directoryOrder of ["ordered", "any"] as const) {
    it(`leaves old or new after a crash at every call, and what was returned stays (AIO-06), directory ${directoryOrder}`, async () => {
      const states = await exploreCrashes<string>(
        async (fs, promised) => {
          for (const content of contents) {
            promised.attempted = content;
            replaceFileSync("/plan", content, { fs: fs.sync });
            promised.acknowledged.push(content);
          }
        },
        (image, promised) => expect([promised.attempted, promised.acknowledged.at(-1) ?? old]).toContain(image.text("/plan")),
        { files: { "/plan": old }, directoryOrder, atOnce: true },
      );
      expect(states).toBeGreaterThan(30);
    });
  }

  it("leaves old or new and no temporary, whichever call fails", () => {
    for (const errno of ["EIO", "ENOSPC", "EACCES"]) {
      for (let failing = 1; ; failing++) {
        const fs = createMemoryFileSystem({
          files: { "/plan": old },
          fault: (call) => (call.index === failing && call.name !== "unlink" ? { errno } : undefined),
        });
        let code: string | undefined;
        try {
          replaceFileSync("/plan", "new", { fs: fs.sync });
        } catch (error) {
          code = (error as { code?: string }).code;
          expect((error as Error).name, `call ${failing}`).toMatch(/^(AtomicIo)?Error$/);
        }
        const visible = code === undefined || code === "ATOMIC_IO_COMMIT_UNCERTAIN" || fs.text("/plan") === "new";
        expect(fs.text("/plan")).toBe(visible ? "new" : old);
        expect([...fs.files().keys()], `call ${failing} with ${errno}`).toEqual(["/plan"]);
        if (fs.calls() < failing) break;
      }
    }
  });

  it("says what was achieved where a directory cannot be synced, and fails where its sync fails", () => {
    const failing = (errno: string): ReturnType<typeof createMemoryFileSystem> =>
      createMemoryFileSystem({ fault: (call) => (call.name === "sync" && call.path === "/" ? { errno } : undefined) });
    expect(replaceFileSync("/plan", "new", { fs: failing("EINVAL").sync })).toMatchObject({ durability: "process" });
    expect(() => replaceFileSync("/plan", "new", { fs: failing("EIO").sync })).toThrow(
      expect.objectContaining({ code: "ATOMIC_IO_COMMIT_UNCERTAIN" }),
    );
  });

  it("refuses a file system that is not synchronous", () => {
    const fs = createMemoryFileSystem() as unknown as ReturnType<typeof createMemoryFileSystem>["sync"];
    expect(() => replaceFileSync("/a", "", { fs })).toThrow(TypeError);
  });
});

describe("replaceFileFromStream()", () => {
  it("writes everything a stream gives, in its order", async () => {
    const path = join(scratchDirectory(), "a");
    const parts = Array.from({ length: 50 }, (_, index) => Buffer.alloc(10_000, index));
    expect(await replaceFileFromStream(path, Readable.from(parts))).toEqual({ path, bytes: 500_000, durability: "power" });
    expect(readFileSync(path)).toEqual(Buffer.concat(parts));
    expect(await replaceFileFromStream(path, [])).toMatchObject({ bytes: 0 });
  });

  it("keeps characters whole that a source cuts between two parts, and mixes text with bytes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme" }), fc.array(fc.nat(20)), async (text, cuts) => {
        const fs = createMemoryFileSystem();
        const at = [0, ...cuts.map((cut) => Math.min(cut, text.length)).sort((a, b) => a - b), text.length];
        const parts = at.slice(1).map((end, index) => text.slice(at[index], end));
        await replaceFileFromStream("/a", parts, { fs });
        expect(fs.text("/a")).toBe(Buffer.from(text, "utf8").toString("utf8"));
        await replaceFileFromStream("/b", [...parts, new Uint8Array([33]), ""], { fs });
        expect(fs.text("/b")).toBe(`${Buffer.from(text, "utf8").toString("utf8")}!`);
      }),
    );
  });

  it("rejects with the error of the source, keeps the old file, and leaves nothing behind", async () => {
    const failure = new Error("the source failed");
    const fs = createMemoryFileSystem({ files: { "/a": old } });
    await expect(
      replaceFileFromStream(
        "/a",
        (async function* () {
          yield "half";
          throw failure;
        })(),
        { fs },
      ),
    ).rejects.toBe(failure);
    await expect(replaceFileFromStream("/a", [1 as unknown as string], { fs })).rejects.toThrow(TypeError);
    await expect(replaceFileFromStream("/a", null as unknown as string[], { fs })).rejects.toThrow(TypeError);
    await expect(replaceFileFromStream("/a", new Uint8Array(1) as unknown as string[], { fs })).rejects.toThrow(TypeError);
    expect([...fs.files()].map(([path]) => path)).toEqual(["/a"]);
    expect(fs.text("/a")).toBe(old);
  });

  it("closes the source when the write fails or is abandoned", async () => {
    const full = createMemoryFileSystem({ fault: (call) => (call.name === "write" ? { errno: "ENOSPC" } : undefined) });
    const source = Readable.from(["a", "b"]);
    await expect(replaceFileFromStream("/a", source, { fs: full })).rejects.toMatchObject({ code: "ATOMIC_IO_WRITE_FAILED" });
    expect(source.destroyed).toBe(true);
    const controller = new AbortController();
    const reason = new Error("enough");
    let closed = false;
    const endless = (function* () {
      try {
        for (;;) {
          yield "more";
          controller.abort(reason);
        }
      } finally {
        closed = true;
      }
    })();
    const fs = createMemoryFileSystem();
    await expect(replaceFileFromStream("/a", endless, { fs, signal: controller.signal })).rejects.toBe(reason);
    expect([closed, fs.files().size]).toEqual([true, 0]);
  });

  it("is abandoned, and lets others write, while its source gives nothing", async () => {
    const reason = new Error("enough");
    const fs = createMemoryFileSystem({ files: { "/a": old } });
    const silent = (async function* () {
      yield "half";
      await new Promise(() => undefined);
    })();
    for (const source of [new PassThrough(), silent]) {
      const controller = new AbortController();
      const writing = replaceFileFromStream("/a", source, { fs, signal: controller.signal });
      setImmediate(() => controller.abort(reason));
      await expect(writing).rejects.toBe(reason);
      expect([...fs.files()].map(([path]) => path)).toEqual(["/a"]);
      if (source instanceof PassThrough) expect(source.destroyed).toBe(true);
    }
    await replaceFile("/a", "next", { fs });
    expect(fs.text("/a")).toBe("next");
  });

  it("rejects with the error of a stream that fails while the write waits for its turn", async () => {
    const path = join(scratchDirectory(), "a");
    const before = replaceFile(path, old);
    const writing = replaceFileFromStream(path, createReadStream(join(path, "missing")));
    await expect(writing).rejects.toMatchObject({ code: expect.stringMatching(/^(ENOENT|ENOTDIR)$/) });
    await before;
    expect(readFileSync(path, "utf8")).toBe(old);
  });

  it("rejects with what led to the end, also where the source fails to close", async () => {
    const full = createMemoryFileSystem({ fault: (call) => (call.name === "write" ? { errno: "ENOSPC" } : undefined) });
    const stubborn: Iterable<string> = {
      [Symbol.iterator]: () => ({
        next: () => ({ value: "more" }),
        return: () => {
          throw new Error("cannot close");
        },
      }),
    };
    await expect(replaceFileFromStream("/a", stubborn, { fs: full })).rejects.toMatchObject({ code: "ATOMIC_IO_WRITE_FAILED" });
  });
});

describe("replaceFileWithJson()", () => {
  it("writes the value's JSON text and a line feed", async () => {
    const fs = createMemoryFileSystem();
    await replaceFileWithJson("/a", { b: [1], a: null }, { fs });
    expect(fs.text("/a")).toBe('{\n  "b": [\n    1\n  ],\n  "a": null\n}\n');
    await replaceFileWithJson("/a", "text", { fs, indent: 0 });
    expect(fs.text("/a")).toBe('"text"\n');
  });

  it("refuses what has no JSON text, and writes nothing", async () => {
    const fs = createMemoryFileSystem({ files: { "/a": old } });
    const circular: unknown[] = [];
    circular.push(circular);
    for (const value of [undefined, () => 1, Symbol("x"), 1n, circular]) {
      await expect(replaceFileWithJson("/a", value, { fs })).rejects.toThrow(TypeError);
    }
    for (const indent of [-1, 11, 0.5]) await expect(replaceFileWithJson("/a", 1, { fs, indent })).rejects.toThrow(RangeError);
    expect(fs.text("/a")).toBe(old);
  });
});

describe("the synchronous file systems", () => {
  it("are what the asynchronous ones are made of", async () => {
    const fs = createMemoryFileSystem();
    replaceFileSync("/a", "sync", { fs: fs.sync });
    await replaceFile("/b", "async", { fs });
    expect([fs.text("/a"), fs.text("/b")]).toEqual(["sync", "async"]);
    const handle = fs.sync.open("/a", "read");
    const buffer = new Uint8Array(8);
    expect(handle.read(buffer, 0)).toBe(4);
    handle.close();
    const waiting = createMemoryFileSystem({ afterCall: async () => undefined });
    expect(() => waiting.sync.mkdir("/d")).toThrow(TypeError);
  });
});
