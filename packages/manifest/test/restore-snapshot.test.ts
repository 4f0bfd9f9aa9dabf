import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureDirectory, type FileSystem, replaceFile } from "@gov/atomic-io";
import type { MemoryFileSystem } from "@gov/atomic-io/testing";
import {
  judgeRecovery,
  readRestoreMarker,
  rehearseRecovery,
  restoreMarkerName,
  restoreSnapshot,
  type VerifiedSnapshot,
} from "@gov/manifest/snapshot";
import { describe, expect, it } from "vitest";
import { at } from "./manifest-fakes.ts";
import { brokenFiles, clock, rootOf, sealedFiles, site, stateOf, take, taken, trusted } from "./snapshot-fakes.ts";

const from = site();
const selected = await taken(from);
const restored = Object.fromEntries(Object.entries(sealedFiles).sort());
const options = { store: from.store, clock, remove: ["new.md"] };
type Restore = (root: string, snapshot: VerifiedSnapshot, options: { fs: FileSystem }) => Promise<unknown>;
const restore: Restore = (root, snapshot, { fs }) => restoreSnapshot(root, snapshot, { ...options, remove: ["a/new.md"], fs });

/** What a power cut or a kill at any call can leave that is neither the old state nor the new one, and shows no marker; and what cannot be finished. */
async function explore(run: Restore): Promise<{ readonly points: number; readonly torn: number; readonly unfinished: number }> {
  let [points, torn, unfinished] = [0, 0, 0];
  const wide = {
    ...sealedFiles,
    // New folders, one in the other, with files only in the inner ones.
    ...Object.fromEntries(
      Array.from({ length: 10 }, (_, index) => [`n${String(index % 2)}/d${String(index % 4)}/f${String(index)}.md`, `${String(index)}\n`]),
    ),
  };
  // Nothing is removed from the root itself, so that only the restore of folders syncs it.
  const { "new.md": removed = "", ...others } = brokenFiles;
  const broken = { ...others, "a/new.md": removed };
  const snapshot = await taken(from, wide);
  const whole = JSON.stringify(Object.fromEntries(Object.entries(wide).sort(([a], [b]) => (a < b ? -1 : 1))));
  const old = Object.fromEntries(Object.entries(broken).sort());
  const look = async (image: MemoryFileSystem): Promise<void> => {
    points++;
    const state = JSON.stringify(stateOf(image));
    const marked = (await readRestoreMarker("/root", { fs: image })) !== null;
    if (!marked && state !== JSON.stringify(old) && state !== whole) torn++;
    await run("/root", snapshot, { fs: image });
    if (JSON.stringify(stateOf(image)) !== whole || (await readRestoreMarker("/root", { fs: image })) !== null) unfinished++;
  };
  const fs: MemoryFileSystem = rootOf(broken, {
    afterCall: async () => {
      await look(fs.afterKill());
      for (const image of fs.crashImages({ maxImages: 48 })) await look(image);
    },
  });
  await run("/root", snapshot, { fs });
  expect(JSON.stringify(stateOf(fs))).toBe(whole);
  return { points, torn, unfinished };
}

describe("restoreSnapshot()", () => {
  it("leaves the old state, the new one, or a marker, at over 500 points of death, and is finished by restoring again (PRO-03)", async () => {
    const { points, torn, unfinished } = await explore(restore);
    expect([torn, unfinished]).toEqual([0, 0]);
    expect(points).toBeGreaterThan(500);
  });

  it("would be caught without its marker: that is what the exploration is for", async () => {
    const naive: Restore = async (root, { snapshot }, { fs }) => {
      for (const { path, digest } of snapshot.artifacts) {
        await ensureDirectory(join(root, path, ".."), { fs });
        await replaceFile(join(root, path), (await from.store.get(digest)) ?? "", { fs });
      }
      await fs.unlink(`${root}/a/new.md`).catch(() => undefined);
    };
    expect((await explore(naive)).torn).toBeGreaterThan(0);
  });

  it("writes only what differs, removes what it is told to, and finds nothing to do the second time", async () => {
    const fs = rootOf(brokenFiles);
    const first = await restoreSnapshot("/root", selected, { ...options, fs });
    expect(first).toMatchObject({ snapshot: selected.digest, written: ["a/b/map.md", "a/plan.yaml"], removed: ["new.md"] });
    expect(stateOf(fs)).toEqual(restored);
    expect(await restoreSnapshot("/root", selected, { ...options, fs })).toMatchObject({ written: [], removed: [] });
    expect(fs.text(`/root/${restoreMarkerName}`)).toBeNull();
  });

  it("touches nothing when an object is missing or damaged", async () => {
    const other = site();
    const gone = await taken(other);
    for (const name of await other.backend.list("objects/")) await other.backend.remove(name);
    const fs = rootOf(brokenFiles);
    await expect(restoreSnapshot("/root", gone, { store: other.store, clock, fs })).rejects.toMatchObject({
      code: "MANIFEST_RESTORE_FAILED",
    });
    expect(stateOf(fs)).toEqual(Object.fromEntries(Object.entries(brokenFiles).sort()));
    expect(await readRestoreMarker("/root", { fs })).toBeNull();
  });

  it("lets no other snapshot be restored over one that was cut short", async () => {
    const fs = rootOf(brokenFiles);
    let left = 60;
    const dying = new Proxy(fs, {
      get: (target, key: keyof FileSystem) => (key !== "rename" || left-- > 59 ? target[key] : () => Promise.reject(new Error("killed"))),
    });
    await expect(restoreSnapshot("/root", selected, { ...options, fs: dying })).rejects.toThrow();
    expect(await readRestoreMarker("/root", { fs })).toBe(selected.digest);
    await take(from, undefined, { "other.md": "other" });
    const second = await taken(from);
    await expect(restoreSnapshot("/root", second, { store: from.store, clock, fs })).rejects.toMatchObject({
      code: "MANIFEST_RESTORE_PENDING",
    });
    await replaceFile(`/root/${restoreMarkerName}`, "?", { fs });
    await expect(restoreSnapshot("/root", selected, { ...options, fs })).rejects.toMatchObject({ code: "MANIFEST_RESTORE_PENDING" });
  });

  it("says so and keeps its marker when the disk does not keep what was written", async () => {
    const fs = rootOf(brokenFiles);
    let writes = 0;
    const lying: FileSystem = {
      ...fs,
      rename: async (old, name) => {
        await fs.rename(old, name);
        if (++writes === 1) await replaceFile(name, "rotten", { fs });
      },
    };
    await expect(restoreSnapshot("/root", selected, { ...options, fs: lying })).rejects.toMatchObject({ code: "MANIFEST_RESTORE_FAILED" });
    expect(await readRestoreMarker("/root", { fs })).toBe(selected.digest);
  });

  it("never leaves the root: links, paths that climb, folders in the way, and names that are one file elsewhere", async () => {
    const outside = mkdtempSync(join(tmpdir(), "gov-outside-"));
    const root = mkdtempSync(join(tmpdir(), "gov-root-"));
    try {
      symlinkSync(outside, join(root, "a"));
      const unsafe = expect.objectContaining({ code: "MANIFEST_RESTORE_UNSAFE" }) as Error;
      await expect(restoreSnapshot(root, selected, options)).rejects.toEqual(unsafe);
      rmSync(join(root, "a"));
      symlinkSync(join(outside, "victim"), join(root, "twin.md"));
      await expect(restoreSnapshot(root, selected, options)).rejects.toEqual(unsafe);
      rmSync(join(root, "twin.md"));
      mkdirSync(join(root, "twin.md"));
      await expect(restoreSnapshot(root, selected, options)).rejects.toEqual(unsafe);
      rmSync(join(root, "twin.md"), { recursive: true });
      const artifact = { ...(selected.snapshot.artifacts[0] as (typeof selected.snapshot.artifacts)[0]) };
      for (const path of ["../victim", "/victim", "a/../../victim", ".gov/restoring.json", "a//b", "a\\b", "A/B/MAP.md", "e\u0301"]) {
        const artifacts = path.startsWith("A/") ? [{ ...artifact, path }, artifact] : [{ ...artifact, path }];
        const forged = { ...selected, snapshot: { ...selected.snapshot, artifacts } };
        await expect(restoreSnapshot(root, forged, options), path).rejects.toEqual(unsafe);
        if (!path.startsWith("A/"))
          await expect(restoreSnapshot(root, selected, { ...options, remove: [path] }), path).rejects.toEqual(unsafe);
      }
      expect([readdirSync(outside), readdirSync(root)]).toEqual([[], []]);
      await restoreSnapshot(root, selected, options);
      expect(readdirSync(root).sort()).toEqual([".gov", "a", "twin.md"]);
    } finally {
      for (const folder of [outside, root]) rmSync(folder, { recursive: true });
    }
  });
});

describe("rehearseRecovery()", () => {
  it("restores twice into a scratch place with the same result, and measures what would be lost and how long it takes (PRO-09, D-12)", async () => {
    const own = site();
    const { digest } = await take(own);
    const fs = rootOf({});
    let ticks = 0;
    const later = { now: () => Date.parse(at) + 90_000, monotonicMs: () => (ticks += 5) };
    const verify = { ...own, clock: later, policy: trusted, at, fs };
    const report = await rehearseRecovery("/scratch", verify);
    expect(report).toMatchObject({ snapshot: digest, artifacts: 3, identical: true, recoveryPointMs: 90_000 });
    expect(report.results[0]).toBe(report.results[1]);
    expect(report.recoveryTimeMs).toBeGreaterThan(0);
    expect((await rehearseRecovery("/scratch", verify)).results).toEqual(report.results);
    expect(stateOf(fs)).toEqual({});
    await expect(rehearseRecovery("/scratch", { ...verify, ...site() })).rejects.toMatchObject({ code: "MANIFEST_SNAPSHOT_MISSING" });
  });
});

describe("judgeRecovery()", () => {
  const objectives = { recoveryPointMs: 1000, recoveryTimeMs: 500 };
  const codes = (measured: Partial<Parameters<typeof judgeRecovery>[0]>) =>
    judgeRecovery({ identical: true, recoveryPointMs: 1000, recoveryTimeMs: 500, ...measured }, objectives).map(({ code }) => code);

  it("finds what differs and what misses its objective, or was not measured; what just keeps to it passes (PRO-09, D-12)", () => {
    expect(codes({})).toEqual([]);
    expect(codes({ identical: false })).toEqual(["MANIFEST_RECOVERY_DIFFERS"]);
    expect(codes({ recoveryPointMs: 1001 })).toEqual(["MANIFEST_RECOVERY_POINT_MISSED"]);
    expect(codes({ recoveryTimeMs: 500.5 })).toEqual(["MANIFEST_RECOVERY_TIME_MISSED"]);
    expect(codes({ identical: false, recoveryPointMs: NaN, recoveryTimeMs: NaN })).toEqual([
      "MANIFEST_RECOVERY_DIFFERS",
      "MANIFEST_RECOVERY_POINT_MISSED",
      "MANIFEST_RECOVERY_TIME_MISSED",
    ]);
    const [late] = judgeRecovery({ identical: true, recoveryPointMs: 0, recoveryTimeMs: 501 }, objectives);
    expect(late).toMatchObject({ severity: "error", message: "The recovery took 501 ms", expected: "a recovery time of at most 500 ms" });
  });
});
