import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  appendLine,
  createFileOnce,
  isAtomicIoError,
  isTemporaryName,
  replaceFile,
  replaceFileFromStream,
  replaceFileSync,
} from "@gov/atomic-io";
import { openJournal } from "@gov/atomic-io/journal";
import { describe, expect, it } from "vitest";
import { type Mounted, mountOwn } from "./mounted.ts";

const allowed = ((): boolean => {
  const probe = mountOwn("tiny tmpfs");
  probe?.unmount();
  return probe !== null;
})();

/** Gives a disk of 64 KiB to some work, and takes it away again. */
async function onTinyDisk(work: (root: string) => Promise<void>): Promise<void> {
  const mounted = mountOwn("tiny tmpfs") as Mounted;
  try {
    await work(mounted.path);
  } finally {
    mounted.unmount();
  }
}

/** Leaves so many bytes free. */
function fillUp(root: string, leave: number): void {
  const { bavail, bsize } = statfsSync(root);
  writeFileSync(join(root, "ballast"), Buffer.alloc(bavail * bsize - leave));
}

const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "done",
    (error: unknown) => (isAtomicIoError(error) ? `${error.code} ${String(error.details["errno"])}` : String(error)),
  );

describe.skipIf(!allowed)("a disk of 64 KiB that fills up (skipped where mounting is not allowed)", () => {
  it("never makes a replace report success for a part, and keeps the old file whole, where others publish the part (AIO-06)", async () => {
    await onTinyDisk(async (root) => {
      const path = join(root, "doc");
      await replaceFile(path, "old".repeat(100));
      fillUp(root, 20_480);
      const large = Buffer.alloc(30_000, "n");
      const streamed = replaceFileFromStream(path, [large.subarray(0, 12_000), large.subarray(12_000)]);
      for (const outcome of [
        replaceFile(path, large),
        streamed,
        (async () => replaceFileSync(path, large))(),
        createFileOnce(join(root, "once"), large),
      ])
        expect(await codeOf(outcome)).toBe("ATOMIC_IO_WRITE_FAILED ENOSPC");
      expect(readFileSync(path, "utf8")).toBe("old".repeat(100));
      expect(existsSync(join(root, "once"))).toBe(false);
      expect(readdirSync(root).filter(isTemporaryName)).toEqual([]);
      // What fits is written all the same.
      expect(await codeOf(replaceFile(path, Buffer.alloc(10_000, "n")))).toBe("done");
    });
  });

  it("takes a file again and again of which it has room for no more than two at a time (AIO-06)", async () => {
    await onTinyDisk(async (root) => {
      const path = join(root, "doc");
      for (let round = 0; round < 20; round++) expect(await codeOf(replaceFile(path, Buffer.alloc(24_000, round)))).toBe("done");
      expect(readFileSync(path)).toEqual(Buffer.alloc(24_000, 19));
    });
  });

  it("is refused with EROFS and touches nothing once it is read-only", async () => {
    await onTinyDisk(async (root) => {
      await replaceFile(join(root, "doc"), "old");
      execFileSync("mount", ["-o", "remount,ro", root]);
      expect(await codeOf(replaceFile(join(root, "doc"), "new"))).toBe("ATOMIC_IO_CREATE_FAILED EROFS");
      expect(readFileSync(join(root, "doc"), "utf8")).toBe("old");
    });
  });

  it("cuts a line off again that did not fit", async () => {
    await onTinyDisk(async (root) => {
      const path = join(root, "log");
      await appendLine(path, "x".repeat(4000));
      fillUp(root, 4096);
      expect(await codeOf(appendLine(path, "y".repeat(9000)))).toBe("ATOMIC_IO_WRITE_FAILED ENOSPC");
      expect(readFileSync(path, "utf8")).toBe(`${"x".repeat(4000)}\n`);
      expect(await codeOf(appendLine(path, "z"))).toBe("done");
    });
  });

  it("lets a full journal be opened anew, rotated and written to again, with every acknowledged record until then", async () => {
    await onTinyDisk(async (root) => {
      const directory = join(root, "journal");
      const journal = await openJournal(directory);
      let acknowledged = 0;
      let outcome: string;
      do {
        outcome = await codeOf(journal.append([Buffer.alloc(3000, acknowledged)]));
        if (outcome === "done") acknowledged += 1;
      } while (outcome === "done");
      expect(outcome).toBe("ATOMIC_IO_JOURNAL_POISONED ENOSPC");
      expect(acknowledged).toBeGreaterThan(10);
      await journal.close();
      fillUp(root, 0);
      const again = await openJournal(directory);
      expect(again.lastSeq).toBe(acknowledged);
      let count = 0;
      for await (const { seq, data } of again.read()) {
        expect([seq, Buffer.from(data).equals(Buffer.alloc(3000, count))]).toEqual([count + 1, true]);
        count += 1;
      }
      await again.rotate(acknowledged + 1);
      expect(await again.append([Buffer.alloc(3000)])).toEqual({ firstSeq: acknowledged + 1, lastSeq: acknowledged + 1 });
      await again.close();
    });
  });
});
