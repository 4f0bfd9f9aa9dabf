import { type FileSystem, isAtomicIoError } from "@gov/atomic-io";
import { createMemoryFileSystem, createMemoryLockHost } from "@gov/atomic-io/testing";
import { isIndexError, openFileStore, openIndex, readIndex } from "@gov/index-writer";
import { openBridge, readBridge } from "@gov/index-writer/bridge";
import { openVerification } from "@gov/index-writer/verification";
import { describe, expect, it } from "vitest";
import { record } from "./records.ts";

const works: Readonly<Record<string, (fs: FileSystem) => Promise<void>>> = {
  "openIndex() and readIndex()": async (fs) => {
    for (const path of ["a.md", "b.md"]) {
      const index = await openIndex("/repo", { fs, lockHost: createMemoryLockHost(), resume: { attempts: 1 } });
      try {
        await index.put(record(path));
        await index.checkpoint();
      } finally {
        await index.close();
      }
    }
    await readIndex("/repo", { fs });
  },
  "openIndex() over a damaged journal": async (fs) => {
    const rebuild = async (): Promise<ReturnType<typeof record>[]> => [record("a.md")];
    await (await openIndex("/damaged", { fs, lockHost: createMemoryLockHost(), resume: { attempts: 1 }, rebuild })).close();
  },
  "openBridge() and readBridge()": async (fs) => {
    const bridge = await openBridge("/repo/bridge", { fs, lockHost: createMemoryLockHost(), deliver: async () => undefined });
    try {
      await bridge.append("1", { a: 1 });
      await bridge.drain();
    } finally {
      await bridge.close();
    }
    await readBridge("/repo/bridge", { fs });
  },
  "openFileStore()": async (fs) => {
    const store = await openFileStore("/repo/record", { fs });
    try {
      const { epoch, seq } = await store.acquire();
      await store.commit({ epoch, expectedSeq: seq, entries: [{ id: "1", payload: 1 }] });
      for await (const entry of store.read()) void entry;
    } finally {
      await store.close();
    }
  },
  "openVerification()": async (fs) => {
    const verification = await openVerification("/repo", { fs, lockHost: createMemoryLockHost(), verticals: ["docs"] });
    try {
      await verification.report("docs", { status: "PASS", rationale: "all hold", findings: [], at: "2026-01-01T00:00:00Z" });
    } finally {
      await verification.close();
    }
  },
};

describe("every call to the file system that fails", () => {
  for (const [name, work] of Object.entries(works)) {
    it(`is told of as a typed error by ${name}`, async () => {
      let failures = 0;
      for (const errno of ["EIO", "EACCES"]) {
        for (let at = 1, reached = true; reached; at++) {
          let calls = 0;
          const fs = createMemoryFileSystem({
            files: { "/repo/keep": "", "/damaged/.gov/index/journal/CURRENT": "no epoch" },
            fault: () => (++calls === at ? { errno } : undefined),
          });
          const error: unknown = await work(fs).catch((reason: unknown) => reason);
          reached = calls >= at;
          if (error !== undefined) failures += 1;
          expect(error === undefined || isAtomicIoError(error) || isIndexError(error), `${errno} at call ${at}: ${String(error)}`).toBe(
            true,
          );
        }
      }
      expect(failures).toBeGreaterThan(5);
    });
  }
});
