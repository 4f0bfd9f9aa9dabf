import { replaceFile } from "@gov/atomic-io";
import { createMemoryFileSystem, type MemoryFileSystem } from "@gov/atomic-io/testing";
import { describe, expect, it } from "vitest";
import { exploreCrashes, type Promised } from "./crash-harness.ts";
import { ignoreShortWrites, type ReplaceMutant, writeRenameSyncNames, writeSyncRename, writeThenRename } from "./mutants.ts";

const old = "old content, long enough to be torn";
const contents = ["first replacement of the content", "second", "third replacement, a little longer than the others"];

interface Verdict {
  states: number;
  torn: number;
  lost: number;
}

/** Replaces one file three times and judges every state a crash can leave. */
async function judge(replace: ReplaceMutant, directoryOrder: "ordered" | "any"): Promise<Verdict> {
  const verdict: Verdict = { states: 0, torn: 0, lost: 0 };
  verdict.states = await exploreCrashes<string>(
    async (fs, promised) => {
      for (const content of contents) {
        promised.attempted = content;
        await replace(fs, "/plan", content);
        promised.acknowledged.push(content);
      }
    },
    (image, promised) => {
      const text = image.text("/plan");
      if (text === null || ![old, ...contents].includes(text)) verdict.torn += 1;
      else if (text !== promised.attempted && text !== (promised.acknowledged.at(-1) ?? old)) verdict.lost += 1;
    },
    { files: { "/plan": old }, directoryOrder },
  );
  return verdict;
}

const ours: ReplaceMutant = async (fs, path, data) => void (await replaceFile(path, data, { fs }));

describe("replaceFile() under power cuts", () => {
  for (const order of ["ordered", "any"] as const) {
    it(`convicts write-then-rename of torn and of lost content, directory ${order}`, async () => {
      const { torn, lost } = await judge(writeThenRename, order);
      expect(torn).toBeGreaterThan(0);
      expect(lost).toBeGreaterThan(0);
    });

    it(`convicts write-fsync-rename of lost acknowledgements, directory ${order}`, async () => {
      const { torn, lost } = await judge(writeSyncRename, order);
      expect(torn).toBe(0);
      expect(lost).toBeGreaterThan(0);
    });

    it(`convicts a directory sync without a file sync of torn content, directory ${order}`, async () => {
      expect((await judge(writeRenameSyncNames, order)).torn).toBeGreaterThan(0);
    });

    it(`leaves the old or the new bytes after a crash at every call, and keeps what was acknowledged (AIO-01, AIO-06), directory ${order}`, async () => {
      const verdict = await judge(ours, order);
      expect(verdict).toMatchObject({ torn: 0, lost: 0 });
      expect(verdict.states).toBeGreaterThan(30);
    });
  }

  it("keeps the acknowledged of three files replaced at the same time, in a seeded sample of crashes", async () => {
    const promised: Promised<string> = { acknowledged: [], attempted: undefined };
    let states = 0;
    const fs: MemoryFileSystem = createMemoryFileSystem({
      files: { "/a": old, "/b": old, "/c": old },
      afterCall: () => {
        for (const image of fs.crashImages({ maxImages: 256, seed: 7 })) {
          states += 1;
          for (const path of ["/a", "/b", "/c"]) {
            const text = image.text(path);
            expect(promised.acknowledged.includes(path) ? [path] : [old, path]).toContain(text);
          }
        }
      },
    });
    await Promise.all(
      ["/a", "/b", "/c"].map(async (path) => {
        await replaceFile(path, path, { fs });
        promised.acknowledged.push(path);
      }),
    );
    expect(states).toBeGreaterThan(100);
  });
});

describe("replaceFile() when a call fails", () => {
  it("convicts an implementation that ignores short writes", async () => {
    const fs = createMemoryFileSystem({
      files: { "/plan": old },
      fault: (call) => (call.name === "write" ? { shortWrite: 5 } : undefined),
    });
    await ignoreShortWrites(fs, "/plan", contents[0] as string);
    expect([old, contents[0]]).not.toContain(fs.text("/plan"));
  });

  it("writes the rest after a short write", async () => {
    let writes = 0;
    const fs = createMemoryFileSystem({ fault: (call) => (call.name === "write" && ++writes < 4 ? { shortWrite: 5 } : undefined) });
    await replaceFile("/plan", contents[0] as string, { fs });
    expect(fs.text("/plan")).toBe(contents[0]);
    expect(writes).toBe(4);
  });

  it("reports the full disk that follows a short write, and keeps the old file (AIO-06)", async () => {
    let writes = 0;
    const fs = createMemoryFileSystem({
      files: { "/plan": old },
      fault: (call) => (call.name === "write" ? (++writes === 1 ? { shortWrite: 5 } : { errno: "ENOSPC" }) : undefined),
    });
    await expect(replaceFile("/plan", contents[0] as string, { fs })).rejects.toMatchObject({
      code: "ATOMIC_IO_WRITE_FAILED",
      details: { errno: "ENOSPC" },
    });
    expect([...fs.files()].map(([path]) => path)).toEqual(["/plan"]);
    expect(fs.text("/plan")).toBe(old);
  });

  it("refuses a file system that takes no byte", async () => {
    const fs = createMemoryFileSystem({
      files: { "/plan": old },
      fault: (call) => (call.name === "write" ? { shortWrite: 0 } : undefined),
    });
    await expect(replaceFile("/plan", "new", { fs })).rejects.toMatchObject({ code: "ATOMIC_IO_WRITE_FAILED" });
    expect(fs.text("/plan")).toBe(old);
  });

  it("leaves old or new and no temporary, whichever call fails with whichever errno", async () => {
    for (const errno of ["EIO", "ENOSPC", "EDQUOT", "EMFILE", "EACCES", "EROFS"]) {
      for (let failing = 1; ; failing++) {
        const fs = createMemoryFileSystem({
          files: { "/plan": old },
          fault: (call) => (call.index === failing && call.name !== "unlink" ? { errno } : undefined),
        });
        const outcome = await replaceFile("/plan", "new", { fs }).then(
          (result) => result,
          (error: unknown) => error as Error & { code?: string },
        );
        const text = fs.text("/plan");
        if (outcome instanceof Error) {
          expect(outcome.name, `call ${failing} with ${errno}`).toBe("AtomicIoError");
          expect(text).toBe(outcome.code === "ATOMIC_IO_COMMIT_UNCERTAIN" ? "new" : old);
        } else {
          expect(text).toBe("new");
        }
        expect([...fs.files().keys()], `call ${failing} with ${errno}`).toEqual(["/plan"]);
        if (fs.calls() < failing) break;
      }
    }
  });

  it("waits for others to close theirs when too many files are open, and gives up after a while", async () => {
    for (const errno of ["EMFILE", "ENFILE"]) {
      let refusals = 0;
      const refusing = (most: number): MemoryFileSystem =>
        createMemoryFileSystem({
          files: { "/plan": old },
          fault: (call) => (call.name === "open" && call.path !== "/" && refusals++ < most ? { errno } : undefined),
        });
      const fs = refusing(3);
      await replaceFile("/plan", "new", { fs });
      expect(fs.text("/plan")).toBe("new");
      refusals = 0;
      const never = refusing(Number.POSITIVE_INFINITY);
      await expect(replaceFile("/plan", "new", { fs: never })).rejects.toMatchObject({
        code: "ATOMIC_IO_CREATE_FAILED",
        details: { errno },
      });
      expect(refusals).toBe(8);
      expect(never.text("/plan")).toBe(old);
    }
  });

  it("says by its code which step the file system refused, on a full or a read-only one among others", async () => {
    const refusals = [
      ["open", "EROFS", "ATOMIC_IO_CREATE_FAILED"],
      ["open", "EACCES", "ATOMIC_IO_CREATE_FAILED"],
      ["open", "ENOSPC", "ATOMIC_IO_CREATE_FAILED"],
      ["write", "ENOSPC", "ATOMIC_IO_WRITE_FAILED"],
      ["write", "EDQUOT", "ATOMIC_IO_WRITE_FAILED"],
      ["sync", "EIO", "ATOMIC_IO_SYNC_FAILED"],
      ["rename", "EXDEV", "ATOMIC_IO_RENAME_FAILED"],
      ["rename", "EBUSY", "ATOMIC_IO_RENAME_FAILED"],
    ] as const;
    for (const [name, errno, code] of refusals) {
      const fs = createMemoryFileSystem({ files: { "/plan": old }, fault: (call) => (call.name === name ? { errno } : undefined) });
      await expect(replaceFile("/plan", "new", { fs }), `${name} ${errno}`).rejects.toMatchObject({ code, details: { errno } });
      expect(Object.fromEntries(fs.files())).toEqual({ "/plan": Buffer.from(old) });
    }
  });

  it("keeps the old file when rename fails", async () => {
    const fs = createMemoryFileSystem({
      files: { "/plan": old },
      fault: (call) => (call.name === "rename" ? { errno: "EXDEV" } : undefined),
    });
    await expect(replaceFile("/plan", "new", { fs })).rejects.toMatchObject({
      code: "ATOMIC_IO_RENAME_FAILED",
      message: 'Cannot replace "/plan": rename failed with EXDEV',
    });
    expect([...fs.files().keys()]).toEqual(["/plan"]);
    expect(fs.text("/plan")).toBe(old);
  });

  it("never retries an fsync, whose failure marks the pages clean", async () => {
    let syncs = 0;
    const fs = createMemoryFileSystem({
      files: { "/plan": old },
      fault: (call) => (call.name === "sync" && ++syncs === 1 ? { errno: "EIO" } : undefined),
    });
    await expect(replaceFile("/plan", "new", { fs })).rejects.toMatchObject({ code: "ATOMIC_IO_SYNC_FAILED" });
    expect(syncs).toBe(1);
    for (const image of fs.crashImages()) expect(image.text("/plan")).toBe(old);
  });

  it("says what was achieved where a directory cannot be synced, and fails where its sync fails", async () => {
    const failing = (errno: string): MemoryFileSystem =>
      createMemoryFileSystem({ fault: (call) => (call.name === "sync" && call.path === "/" ? { errno } : undefined) });
    expect(await replaceFile("/plan", "new", { fs: failing("EINVAL") })).toEqual({ path: "/plan", bytes: 3, durability: "process" });
    await expect(replaceFile("/plan", "new", { fs: failing("EIO") })).rejects.toMatchObject({ code: "ATOMIC_IO_COMMIT_UNCERTAIN" });
  });
});
