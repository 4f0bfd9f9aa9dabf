import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as root from "@gov/atomic-io";
import * as journal from "@gov/atomic-io/journal";
import * as lock from "@gov/atomic-io/lock";
import * as modes from "@gov/atomic-io/modes";
import * as testing from "@gov/atomic-io/testing";
import * as watch from "@gov/atomic-io/watch";
import { describe, expect, it } from "vitest";

describe("the public names", () => {
  it("are exactly these", () => {
    expect(Object.keys(root).sort()).toEqual([
      "AtomicIoError",
      "appendLine",
      "atomicIoErrorCodes",
      "checkDisk",
      "createFileOnce",
      "diskFindingCodes",
      "durabilities",
      "ensureDirectory",
      "freeAside",
      "isAtomicIoError",
      "isTemporaryName",
      "nodeFileSystem",
      "nodeSpaceProbe",
      "nodeSyncFileSystem",
      "probeFileSystem",
      "replaceFile",
      "replaceFileFromStream",
      "replaceFileSync",
      "replaceFileWithJson",
      "sweepTemporaries",
      "syncDirectory",
    ]);
    expect(Object.keys(journal).sort()).toEqual(["openJournal", "readArchive", "readJournal"]);
    expect(Object.keys(lock).sort()).toEqual(["acquireLease", "acquireLock", "guardedObserver", "nodeWaitTimers"]);
    expect(Object.keys(modes).sort()).toEqual(["effectiveWriteMode", "modeRules", "openDocumentWriter", "planModeChange", "writeModes"]);
    expect(Object.keys(testing).sort()).toEqual([
      "createMemoryFileSystem",
      "createMemoryLockHost",
      "createNetworkFileSystem",
      "documentWriterConformance",
      "fileSystemConformance",
    ]);
    expect(Object.keys(watch).sort()).toEqual(["openDirectoryWatch", "openFileWatch", "readDual"]);
  });
});

describe("AtomicIoError", () => {
  it("carries name, code, details, hint and cause, and is known by name and code", () => {
    const cause = new Error("cause");
    const error = new root.AtomicIoError("ATOMIC_IO_READ_FAILED", "Cannot read", { cause, hint: "look", details: { path: "a" } });
    expect(error).toMatchObject({ name: "AtomicIoError", code: "ATOMIC_IO_READ_FAILED", details: { path: "a" }, hint: "look", cause });
    expect(new root.AtomicIoError("ATOMIC_IO_READ_FAILED", "Cannot read")).toMatchObject({ details: {}, hint: undefined });
    expect(root.isAtomicIoError(error)).toBe(true);
    expect(root.isAtomicIoError(Object.assign(new Error("copy"), { name: "AtomicIoError", code: "ATOMIC_IO_READ_FAILED" }))).toBe(true);
    expect(
      [new Error("x"), Object.assign(new Error("x"), { name: "AtomicIoError", code: "OTHER" }), null, "x"].some(root.isAtomicIoError),
    ).toBe(false);
  });

  it("has every code in the table of the README", () => {
    const readme = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");
    const listed = [...readme.matchAll(/^\| `(ATOMIC_IO_\w+)`/gm)].map(([, code]) => code);
    expect(listed).toEqual([...root.atomicIoErrorCodes]);
    expect([...root.atomicIoErrorCodes].sort()).toEqual(root.atomicIoErrorCodes);
  });
});
