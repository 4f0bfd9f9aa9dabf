import { AtomicIoError, type FileSystem } from "@gov/atomic-io";
import { openJournal, readArchive, readJournal } from "@gov/atomic-io/journal";
import { acquireLease, acquireLock } from "@gov/atomic-io/lock";
import { createMemoryFileSystem, createMemoryLockHost, type MemoryFileSystem } from "@gov/atomic-io/testing";
import { describe, expect, it } from "vitest";
import { records } from "./journal-records.ts";

/** A memory file system whose call of that number fails, and every later one where it is sticky; and what is still open of it. */
function failing(
  at: number,
  { errno, sticky }: { readonly errno: string; readonly sticky: boolean },
): {
  readonly fs: FileSystem;
  readonly open: Set<object>;
  readonly calls: () => number;
} {
  let calls = 0;
  let counts = false;
  const base: MemoryFileSystem = createMemoryFileSystem({
    files: { "/d/keep": "" },
    fault: () => (counts && (++calls === at || (sticky && calls > at)) ? { errno } : undefined),
  });
  counts = true;
  const open = new Set<object>();
  const fs: FileSystem = {
    ...base,
    open: async (path, intent, options) => {
      const handle = await base.open(path, intent, options);
      // A directory, and a file that is replaced again and again, stay open for a moment on purpose.
      if (intent === "directory" || path.includes("tmp")) return handle;
      const token = {};
      open.add(token);
      const close = async (): Promise<void> => (open.delete(token), handle.close());
      return { ...handle, close, closeAside: close };
    },
  };
  return { fs, open, calls: () => calls };
}

const works: Readonly<Record<string, (fs: FileSystem) => Promise<void>>> = {
  "acquireLock()": async (fs) => (await acquireLock("/d/lock", { fs, host: createMemoryLockHost() })).release(),
  "acquireLease()": async (fs) => {
    const lease = await acquireLease("/d/lease", { fs });
    try {
      await lease.confirm();
    } finally {
      await lease.release();
    }
  },
  "openJournal()": async (fs) => {
    const journal = await openJournal("/d/journal", { fs });
    try {
      await journal.append(records("a"));
      await journal.append([Buffer.alloc(10_000)]);
      await journal.rotate(3, { archive: "/d/archive" });
      await journal.append(records("b"));
    } finally {
      await journal.close();
    }
  },
  "openJournal() over a segment without records": async (fs) => {
    for (let opening = 0; opening < 3; opening++) await (await openJournal("/d/journal", { fs })).close();
  },
  "readJournal() and readArchive()": async (fs) => {
    for await (const record of (await readJournal("/d/journal", { fs })).read()) void record;
    for await (const record of readArchive("/d/archive", { fs })) void record;
  },
};

describe("every call that fails", () => {
  for (const [name, work] of Object.entries(works)) {
    it(`is told of as an AtomicIoError by ${name}, which leaves no file open`, async () => {
      let failures = 0;
      for (const errno of ["EIO", "EACCES", "EMFILE"]) {
        for (const sticky of [false, true]) {
          for (let at = 1, reached = true; reached; at++) {
            const { fs, open, calls } = failing(at, { errno, sticky });
            const error: unknown = await work(fs).catch((reason: unknown) => reason);
            reached = calls() >= at;
            if (error !== undefined) failures += 1;
            const shown = `${errno} at call ${at}: ${String(error)}`;
            expect(error === undefined || error instanceof AtomicIoError, shown).toBe(true);
            // What the operating system said, wherever in the package it was told first.
            expect(shown).not.toContain("failed with ATOMIC_IO_");
            expect(String(error instanceof AtomicIoError && error.details["errno"]), shown).not.toContain("ATOMIC_IO_");
            expect(open.size, shown).toBe(0);
          }
        }
      }
      expect(failures).toBeGreaterThan(5);
    });
  }

  it("lets go of the segment when whoever hears of commits fails", async () => {
    const { fs, open } = failing(0, { errno: "EIO", sticky: false });
    const journal = await openJournal("/d/journal", { fs });
    await journal.append(records("a"));
    await journal.close();
    const onCommit = (): never => {
      throw new Error("enough");
    };
    await expect(readJournal("/d/journal", { fs, onCommit })).rejects.toThrow("enough");
    await expect(openJournal("/d/journal", { fs, onCommit })).rejects.toThrow("enough");
    expect(open.size).toBe(0);
  });
});
