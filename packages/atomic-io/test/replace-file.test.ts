import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { createFileOnce, type FileSystem, isTemporaryName, nodeFileSystem, replaceFile, replaceFileFromStream } from "@gov/atomic-io";
import { createMemoryFileSystem } from "@gov/atomic-io/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scratchDirectory } from "./scratch.ts";

describe("replaceFile()", () => {
  it("creates and replaces a file, and says what it did (AIO-01)", async () => {
    const path = join(scratchDirectory(), "plan.yaml");
    expect(await replaceFile(path, "one")).toEqual({ path, bytes: 3, durability: "power" });
    expect(await replaceFile(path, "z\u00fcrich")).toEqual({ path, bytes: 7, durability: "power" });
    expect(readFileSync(path, "utf8")).toBe("z\u00fcrich");
    expect(await replaceFile(path, "")).toMatchObject({ bytes: 0 });
    expect(readdirSync(join(path, ".."))).toEqual(["plan.yaml"]);
  });

  it("keeps the mode of the existing file, and leaves that of a new one to the umask", async () => {
    const directory = scratchDirectory();
    const path = join(directory, "a");
    writeFileSync(path, "");
    for (const mode of [0o600, 0o640, 0o444, 0o755]) {
      chmodSync(path, mode);
      await replaceFile(path, "new");
      expect(statSync(path).mode & 0o7777).toBe(mode);
    }
    await replaceFile(join(directory, "b"), "");
    expect(statSync(join(directory, "b")).mode & 0o7777).toBe(0o666 & ~process.umask());
    await replaceFile(path, "new", { mode: 0o666 });
    expect(statSync(path).mode & 0o7777).toBe(0o666);
  });

  it("keeps the owner before the fsync, and is an error where that is not allowed", async () => {
    const owned = (fault?: { errno: string }): ReturnType<typeof createMemoryFileSystem> => {
      const fs = createMemoryFileSystem({ files: { "/a": "old" }, fault: (call) => (call.name === "chown" ? fault : undefined) });
      return fs;
    };
    const giveAway = async (fs: ReturnType<typeof owned>): Promise<void> => {
      const handle = await nodeLike(fs).open("/a", "read-write");
      await handle.chown(7, 8);
      await handle.sync();
    };
    const nodeLike = (fs: ReturnType<typeof owned>): typeof nodeFileSystem => fs;
    const fs = owned();
    await giveAway(fs);
    await replaceFile("/a", "new", { fs });
    expect(await fs.stat("/a")).toMatchObject({ uid: 7, gid: 8 });
    const refusing = createMemoryFileSystem({
      files: { "/a": "old" },
      fault: (call) => (call.name === "chown" && call.path !== "/a" ? { errno: "EPERM" } : undefined),
    });
    await giveAway(refusing);
    await expect(replaceFile("/a", "new", { fs: refusing })).rejects.toMatchObject({ code: "ATOMIC_IO_OWNER_FAILED" });
    expect(refusing.text("/a")).toBe("old");
  });

  it("follows links, creates the target of a dangling one, and leaves every link a link", async () => {
    const directory = scratchDirectory();
    mkdirSync(join(directory, "real/deep"), { recursive: true });
    writeFileSync(join(directory, "real/a"), "old");
    symlinkSync("real/a", join(directory, "one"));
    symlinkSync("one", join(directory, "two"));
    symlinkSync(join(directory, "real/created"), join(directory, "dangling"));
    symlinkSync("real/deep", join(directory, "deep"));
    symlinkSync("deep/../beside", join(directory, "up"));
    expect((await replaceFile(join(directory, "two"), "new")).path).toBe(join(directory, "real/a"));
    await replaceFile(join(directory, "dangling"), "created");
    await replaceFile(join(directory, "up"), "beside");
    expect(readFileSync(join(directory, "real/a"), "utf8")).toBe("new");
    expect(readFileSync(join(directory, "real/created"), "utf8")).toBe("created");
    expect(readFileSync(join(directory, "real/beside"), "utf8")).toBe("beside");
    expect(readlinkSync(join(directory, "two"))).toBe("one");
    expect(lstatSync(join(directory, "dangling")).isSymbolicLink()).toBe(true);
    symlinkSync("loop", join(directory, "loop"));
    await expect(replaceFile(join(directory, "loop"), "")).rejects.toMatchObject({
      code: "ATOMIC_IO_READ_FAILED",
      details: { errno: "ELOOP" },
    });
  });

  it("leaves other hard links with the old content", async () => {
    const directory = scratchDirectory();
    writeFileSync(join(directory, "a"), "old");
    linkSync(join(directory, "a"), join(directory, "b"));
    await replaceFile(join(directory, "a"), "new");
    expect(readFileSync(join(directory, "b"), "utf8")).toBe("old");
  });

  it("refuses what is not a regular file, and directories that are missing", async () => {
    const directory = scratchDirectory();
    mkdirSync(join(directory, "sub"));
    execFileSync("mkfifo", [join(directory, "pipe")]);
    for (const name of ["sub", "pipe", "sub/..", "."]) {
      await expect(replaceFile(`${directory}/${name}`, ""), name).rejects.toMatchObject({ code: "ATOMIC_IO_NOT_A_FILE" });
    }
    await expect(replaceFile(join(directory, "missing/a"), "")).rejects.toMatchObject({
      code: "ATOMIC_IO_READ_FAILED",
      hint: "create the directory first",
    });
  });

  it("replaces a file of the longest possible name, and refuses a longer one", async () => {
    const directory = scratchDirectory();
    const longest = join(directory, "n".repeat(255));
    await replaceFile(longest, "new");
    expect(readFileSync(longest, "utf8")).toBe("new");
    await expect(replaceFile(`${longest}n`, "")).rejects.toMatchObject({
      code: "ATOMIC_IO_READ_FAILED",
      details: { errno: "ENAMETOOLONG" },
    });
    expect(readdirSync(directory)).toHaveLength(1);
  });

  it("writes any view whole, by its bytes and not by its elements", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 64 }), fc.nat(8), fc.nat(8), async (bytes, before, elements) => {
        const fs = createMemoryFileSystem();
        const buffer = new ArrayBuffer(before * 8 + elements * 8 + bytes.byteLength);
        new Uint8Array(buffer).set(bytes, before * 8);
        const views = [
          new Uint8Array(buffer, before, bytes.byteLength),
          new Uint16Array(buffer, before * 8, elements),
          new Float64Array(buffer, before * 8, elements),
          new DataView(buffer, before),
        ];
        for (const view of views) {
          await replaceFile("/a", view, { fs });
          expect(Buffer.from(fs.files().get("/a") ?? [])).toEqual(Buffer.from(view.buffer, view.byteOffset, view.byteLength));
        }
      }),
    );
  });

  it("refuses data and options that make no sense, and touches nothing", async () => {
    const fs = createMemoryFileSystem({ files: { "/a": "old" } });
    for (const data of [undefined, null, 1, {}, new ArrayBuffer(1)]) {
      await expect(replaceFile("/a", data as string, { fs })).rejects.toThrow(TypeError);
    }
    for (const path of ["", "a\0b", undefined]) await expect(replaceFile(path as string, "", { fs })).rejects.toThrow(TypeError);
    await expect(replaceFile("/a", "", { fs, mode: 0o10000 })).rejects.toThrow(RangeError);
    await expect(replaceFile("/a", "", { fs, durability: "maybe" as "none" })).rejects.toThrow(RangeError);
    expect(fs.text("/a")).toBe("old");
  });

  it("never changes the options it is given", async () => {
    const fs = createMemoryFileSystem({ files: { "/a": "old" } });
    const options = Object.freeze({ fs });
    await replaceFile("/a", "new", options);
    expect(options).toEqual({ fs });
  });

  it("gives what was asked for: process syncs the file alone, none nothing", async () => {
    const syncs: string[] = [];
    const fs = createMemoryFileSystem({ afterCall: (call) => void (call.name === "sync" && syncs.push(call.path)) });
    expect(await replaceFile("/a", "", { fs, durability: "process" })).toMatchObject({ durability: "process" });
    expect(syncs.map((path) => isTemporaryName(basename(path)))).toEqual([true]);
    expect(await replaceFile("/a", "", { fs, durability: "none" })).toMatchObject({ durability: "none" });
    expect(syncs).toHaveLength(1);
  });

  it("lets writers of one file follow each other, by whatever path they come", async () => {
    const directory = scratchDirectory();
    symlinkSync("a", join(directory, "link"));
    let running = 0;
    let most = 0;
    const fs = {
      ...nodeFileSystem,
      rename: async (from: string, to: string) => {
        most = Math.max(most, ++running);
        await nodeFileSystem.rename(from, to);
        running -= 1;
      },
    };
    const contents = Array.from({ length: 20 }, (_, index) => `content ${index}`);
    await Promise.all(
      contents.map((content, index) => replaceFile(join(directory, index % 2 === 0 ? "a" : "link"), content, { fs, durability: "none" })),
    );
    expect(most).toBe(1);
    expect(readdirSync(directory)).toEqual(["a", "link"]);
  });

  it("lets a write that comes from within another one follow it", async () => {
    const path = join(scratchDirectory(), "a");
    await replaceFile(path, "before");
    const within: Promise<unknown>[] = [];
    const random = (length: number): Uint8Array => {
      if (within.length === 0) within.push(replaceFile(path, "within"));
      return randomBytes(length);
    };
    await replaceFile(path, "without", { random });
    expect(readFileSync(path, "utf8")).toBe("without");
    await Promise.all(within);
    expect(readFileSync(path, "utf8")).toBe("within");
    // A call that fails at once leaves the queue as it was.
    await expect(replaceFile(join(path, "below"), "")).rejects.toMatchObject({ code: "ATOMIC_IO_READ_FAILED" });
    await expect(replaceFile(join(path, "below"), "")).rejects.toMatchObject({ code: "ATOMIC_IO_READ_FAILED" });
  });

  it("is abandoned by its signal at once while it waits for its turn, and lets nobody begin beside the write before it", async () => {
    const reason = new Error("enough");
    const fs = createMemoryFileSystem({ files: { "/a": "old" } });
    let proceed = (): void => undefined;
    let creating = 0;
    const slow: FileSystem = {
      ...fs,
      open: async (path, intent, options) => {
        if (intent === "create" && ++creating === 1) await new Promise<void>((resolve) => (proceed = resolve));
        return fs.open(path, intent, options);
      },
    };
    const first = replaceFile("/a", "first", { fs: slow });
    const controllers = [new AbortController(), new AbortController(), new AbortController()] as const;
    const source = { asked: 0, closed: false };
    const stream = (function* () {
      try {
        for (;;) yield `${(source.asked += 1)}`;
      } finally {
        source.closed = true;
      }
    })();
    const given = [
      replaceFile("/a", "second", { fs: slow, signal: controllers[0].signal }),
      replaceFile("/./a", "third", { fs: slow, signal: controllers[1].signal }),
      replaceFileFromStream("/a", stream, { fs: slow, signal: controllers[2].signal }),
    ];
    const last = [replaceFile("/a", "fourth", { fs: slow }), replaceFile("/./a", "fifth", { fs: slow })];
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
    for (const controller of controllers) controller.abort(reason);
    for (const outcome of await Promise.allSettled(given)) expect(outcome).toEqual({ status: "rejected", reason });
    expect([creating, fs.text("/a"), source]).toEqual([1, "old", { asked: 1, closed: true }]);
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(creating).toBe(1);
    proceed();
    await first;
    await Promise.all(last);
    expect([creating, fs.text("/a")]).toEqual([3, expect.stringMatching(/^(fourth|fifth)$/)]);
  });

  it("says nothing else than what became of a write that has begun when its signal aborts", async () => {
    const path = join(scratchDirectory(), "a");
    const controller = new AbortController();
    const outcomes = Array.from({ length: 20 }, (_, index) => replaceFile(path, `${index}`, { signal: controller.signal }));
    void outcomes[4]?.then(() => controller.abort(new Error("enough")));
    const settled = await Promise.allSettled(outcomes);
    const written = settled.filter(({ status }) => status === "fulfilled").length;
    expect(readFileSync(path, "utf8")).toBe(`${written - 1}`);
    expect(settled.map(({ status }) => status)).toEqual(settled.map((_, index) => (index < written ? "fulfilled" : "rejected")));
    await replaceFile(path, "after");
    expect(readFileSync(path, "utf8")).toBe("after");
  });

  it("writes what a buffer held at the call, whatever becomes of it while the write waits for its turn", async () => {
    const path = join(scratchDirectory(), "a");
    for (const coalesce of [false, true]) {
      const buffer = Buffer.from("0000");
      const texts: string[] = [];
      const writes = ["1111", "2222", "3333"].map((text) => {
        buffer.write(text);
        return replaceFile(path, buffer, { coalesce }).then(() => texts.push(readFileSync(path, "utf8")));
      });
      buffer.write("xxxx");
      await Promise.all(writes);
      expect(texts, String(coalesce)).toEqual(coalesce ? ["3333", "3333", "3333"] : ["1111", "2222", "3333"]);
    }
    const once = Buffer.from("once");
    const created = createFileOnce(join(path, "../b"), once);
    once.write("xxxx");
    await created;
    expect(readFileSync(join(path, "../b"), "utf8")).toBe("once");
  });

  it("is abandoned by its signal without a trace", async () => {
    const reason = new Error("enough");
    await expect(replaceFile("/a", "", { fs: createMemoryFileSystem(), signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    for (const last of ["open", "write", "sync"]) {
      const controller = new AbortController();
      const fs = createMemoryFileSystem({
        files: { "/a": "old" },
        afterCall: (call) => void (call.name === last && controller.abort(reason)),
      });
      await expect(replaceFile("/a", "new", { fs, signal: controller.signal }), last).rejects.toBe(reason);
      expect([...fs.files().keys()]).toEqual(["/a"]);
      expect(fs.text("/a")).toBe("old");
    }
  });
});
