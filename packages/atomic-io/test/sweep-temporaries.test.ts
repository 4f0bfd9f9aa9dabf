import { once } from "node:events";
import { readdirSync, utimesSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { createFileOnce, isTemporaryName, type OwnerHost, replaceFile, sweepTemporaries } from "@gov/atomic-io";
import { openJournal } from "@gov/atomic-io/journal";
import { createMemoryFileSystem } from "@gov/atomic-io/testing";
import { describe, expect, it } from "vitest";
import { pidNamespaces, startTwin } from "./fight-for-lock.ts";
import { killWriters } from "./kill-writers.ts";
import { scratchDirectory } from "./scratch.ts";

const nonce = "0123456789abcdef01234567";
const named = (boot: string, namespace: number, pid: number, started: number): string =>
  `.gov-tmp-${boot}-${namespace}-${pid}-${started}-${nonce}`;

// Processes 10 (started at 500) and 11 (hidden from here); booted at second 5,000, now second 10,000.
const host: OwnerHost = {
  self: () => ({ boot: "aaaa", pidNamespace: "7", pid: 1, started: "9" }),
  startOf: (pid) => (pid === 10 ? "500" : pid === 11 ? undefined : null),
  bootedMs: () => 5_000_000,
  now: () => 10_000_000,
};

/** Makes a temporary that was last changed at that second, sweeps, and says whether it is still there. */
async function survives(name: string, changedSeconds: number, own: OwnerHost = host): Promise<boolean> {
  const directory = scratchDirectory();
  writeFileSync(join(directory, name), "half");
  utimesSync(join(directory, name), changedSeconds, changedSeconds);
  const { removed, kept } = await sweepTemporaries(directory, { host: own, maxAgeMs: 3_000_000 });
  expect([removed, kept]).toEqual(readdirSync(directory).length === 0 ? [[name], []] : [[], [name]]);
  return kept.length > 0;
}

describe("sweepTemporaries()", () => {
  it("removes what a dead process left, also when its pid lives on in another one, and keeps what a living one uses", async () => {
    expect(await survives(named("aaaa", 7, 10, 500), 1)).toBe(true);
    expect(await survives(named("aaaa", 7, 10, 499), 9_999)).toBe(false);
    expect(await survives(named("aaaa", 7, 12, 500), 9_999)).toBe(false);
  });

  it("removes what another boot left, unless it was changed since this one began", async () => {
    expect(await survives(named("bbbb", 7, 10, 500), 4_999)).toBe(false);
    expect(await survives(named("bbbb", 7, 12, 500), 9_999)).toBe(true);
  });

  it("removes by age alone what cannot be examined: another pid namespace, a hidden process, a name without an owner", async () => {
    for (const name of [named("aaaa", 8, 12, 500), named("aaaa", 7, 11, 500), named("0", 0, 12, 0), `.gov-tmp-${nonce}`]) {
      expect(await survives(name, 7_001), name).toBe(true);
      expect(await survives(name, 7_000), name).toBe(false);
    }
    const alien: OwnerHost = { ...host, bootedMs: () => null };
    expect(await survives(named("bbbb", 7, 12, 500), 7_001, alien)).toBe(true);
  });

  it("touches nothing else, and takes a missing directory for an empty one", async () => {
    const directory = scratchDirectory();
    const names = ["a.tmp", ".gov-tmp-short", `.gov-tmp-${nonce}0`, "plan.yaml"];
    for (const name of names) writeFileSync(join(directory, name), "");
    expect(await sweepTemporaries(directory, { host, maxAgeMs: 0 })).toEqual({ removed: [], kept: [] });
    expect(readdirSync(directory).sort()).toEqual(names.sort());
    expect(await sweepTemporaries(join(directory, "missing"))).toEqual({ removed: [], kept: [] });
    await expect(sweepTemporaries(join(directory, "plan.yaml"))).rejects.toMatchObject({ code: "ATOMIC_IO_READ_FAILED" });
    await expect(sweepTemporaries(directory, { maxAgeMs: -1 })).rejects.toThrow(RangeError);
  });

  it("does not count what it may not remove, or what its writer has finished meanwhile", async () => {
    for (const failing of ["unlink", "lstat"]) {
      const fs = createMemoryFileSystem({
        files: { [`/d/.gov-tmp-${nonce}`]: "" },
        fault: (call) => (call.name === failing ? { errno: "EACCES" } : undefined),
      });
      expect((await sweepTemporaries("/d", { fs, host, maxAgeMs: 0 })).removed).toEqual([]);
    }
  });

  it("keeps what this process is writing", async () => {
    const directory = scratchDirectory();
    let swept: unknown;
    const parts = (async function* () {
      yield "half";
      swept = await sweepTemporaries(directory, { maxAgeMs: 0 });
      yield "half";
    })();
    const { replaceFileFromStream } = await import("@gov/atomic-io");
    await replaceFileFromStream(join(directory, "a"), parts);
    expect(swept).toMatchObject({ removed: [], kept: [expect.stringMatching(new RegExp(`-${process.pid}-`))] });
  });
});

describe.runIf(pidNamespaces)("sweepTemporaries() in a pid namespace whose /proc is that of another", () => {
  it("keeps what a living process is writing, and removes what a dead one left", async () => {
    const directory = scratchDirectory();
    const script = join(import.meta.dirname, "sweep-while-writing.mjs");
    const child = startTwin([process.execPath, "--conditions=@gov/source", "--experimental-strip-types", script, directory], true);
    const [said] = (await once(createInterface({ input: child.stdout as Readable }), "line")) as [string];
    const { own, dead, removed, kept } = JSON.parse(said) as Record<string, unknown>;
    expect({ removed, kept }).toEqual({ removed: [dead], kept: [own] });
    if (child.exitCode === null) await once(child, "exit");
    expect(child.exitCode).toBe(0);
    expect(readdirSync(directory)).toEqual(["a"]);
  });
});

describe("replaceFile(), createFileOnce() and openJournal()", () => {
  const dead = named("aaaa", 1, 4_000_000, 1);

  it("sweep the directory they write in, the first two the first time and after their acknowledgement", async () => {
    const calls: string[] = [];
    const fs = createMemoryFileSystem({ files: { [`/d/${dead}`]: "half", [`/j/${dead}`]: "half", [`/o/${dead}`]: "half" } });
    const watched = {
      ...fs,
      readdir: (path: string) => {
        calls.push(path);
        return fs.readdir(path);
      },
    };
    for (const file of ["/d/a", "/d/b"]) await replaceFile(file, "", { fs: watched });
    for (const file of ["/o/a", "/o/b"]) await createFileOnce(file, "", { fs: watched });
    await (await openJournal("/j", { fs })).close();
    await new Promise((resolve) => setImmediate(resolve));
    expect(calls).toEqual(["/d", "/o"]);
    expect([...fs.files().keys()].filter((path) => isTemporaryName(basename(path)))).toEqual([]);
  });
});

describe.runIf(process.platform === "linux")("writers that are killed", () => {
  it("leave no orphan once the directory is opened again, and no torn file (the full form is a proof)", async () => {
    const report = await killWriters(scratchDirectory(), { kills: 12, seed: 7 });
    expect(report).toMatchObject({ orphans: 0, torn: 0 });
    expect(report.seen).toBeGreaterThan(0);
  });
});
