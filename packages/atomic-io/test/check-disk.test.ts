import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkDisk, diskFindingCodes, type SpaceProbe } from "@gov/atomic-io";
import { createMemoryFileSystem } from "@gov/atomic-io/testing";
import { describe, expect, it } from "vitest";
import { scratchDirectory } from "./scratch.ts";

const probe: SpaceProbe = async () => ({ type: 0, totalBytes: 1000, freeBytes: 99 });

/** Three files, one in a folder and changed at second 100, and a link that leads elsewhere. */
function directory(): string {
  const path = scratchDirectory();
  mkdirSync(join(path, "sub"));
  for (const [name, seconds] of [
    ["a", 900],
    ["b", 950],
    ["sub/old", 100],
  ] as const) {
    writeFileSync(join(path, name), "x".repeat(100));
    utimesSync(join(path, name), seconds, seconds);
  }
  return path;
}

const now = (): number => 1_000_000;

describe("checkDisk()", () => {
  it("finds nothing where every limit is kept", async () => {
    const path = directory();
    const limits = { path, maxBytes: 300, maxFiles: 3, maxAgeMs: 900_000, minFreeBytes: 99, minFreeRatio: 0.09 };
    expect(await checkDisk([limits], { probe, now })).toEqual({
      ok: true,
      directories: [{ path, bytes: 300, files: 3, freeBytes: 99 }],
      findings: [],
    });
  });

  it("reports every limit that is not kept, of every directory, with the measure (AIO-10)", async () => {
    const path = directory();
    const limits = { path, maxBytes: 299, maxFiles: 2, maxAgeMs: 899_999, minFreeRatio: 0.1 };
    const { ok, findings } = await checkDisk([limits, { path: join(path, "sub"), maxBytes: 0 }], { probe, now });
    expect(ok).toBe(false);
    expect(findings.map(({ code, measured, limit }) => [code, measured, limit])).toEqual([
      ["ATOMIC_IO_DISK_QUOTA", 300, 299],
      ["ATOMIC_IO_DISK_QUOTA", 3, 2],
      ["ATOMIC_IO_DISK_RETENTION", 900_000, 899_999],
      ["ATOMIC_IO_DISK_FREE_SPACE", 99, 100],
      ["ATOMIC_IO_DISK_QUOTA", 100, 0],
    ]);
    expect(findings[2]?.message).toContain("sub/old");
    expect([...diskFindingCodes].sort()).toEqual(diskFindingCodes);
  });

  it("does not follow links, and takes a missing directory for an empty one", async () => {
    const path = directory();
    const other = scratchDirectory();
    symlinkSync(path, join(other, "link"));
    const { directories } = await checkDisk([{ path: other }, { path: join(other, "missing") }], { now });
    expect(directories.map(({ files }) => files)).toEqual([1, 0]);
    expect(directories[1]?.freeBytes).toBeGreaterThan(0);
    const deep = await checkDisk([{ path: join(other, "missing", "deep", "er"), minFreeRatio: 0 }], { now });
    expect(deep.directories[0]?.freeBytes).toBeGreaterThan(0);
  });

  it("fails with a typed error where it cannot measure, and passes over what is removed meanwhile", async () => {
    const files = { "/d/a": "x" };
    for (const name of ["readdir", "lstat"]) {
      const fs = createMemoryFileSystem({ files, fault: (call) => (call.name === name ? { errno: "EACCES" } : undefined) });
      await expect(checkDisk([{ path: "/d" }], { fs, probe, now })).rejects.toMatchObject({ code: "ATOMIC_IO_READ_FAILED" });
    }
    const fs = createMemoryFileSystem({ files, fault: (call) => (call.name === "lstat" ? { errno: "ENOENT" } : undefined) });
    expect((await checkDisk([{ path: "/d" }], { fs, probe, now })).directories[0]?.files).toBe(0);
    const broken: SpaceProbe = () => Promise.reject(new Error("away"));
    await expect(checkDisk([{ path: "/d" }], { fs, probe: broken })).rejects.toMatchObject({ code: "ATOMIC_IO_READ_FAILED" });
  });

  it("refuses limits that make no sense", async () => {
    for (const limits of [{ maxBytes: -1 }, { maxFiles: Number.NaN }, { minFreeRatio: 1.1 }]) {
      await expect(checkDisk([{ path: ".", ...limits }])).rejects.toThrow(RangeError);
    }
    for (const path of ["", undefined]) await expect(checkDisk([{ path: path as string, maxBytes: 1 }])).rejects.toThrow(TypeError);
  });
});
