import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { nodeSyncFileSystem } from "@gov/atomic-io";
import { createMemoryFileSystem } from "@gov/atomic-io/testing";
import { openStatCache, readFileBounded, scanContents, type ScanFileSystem, type StatCache } from "@gov/index-writer";
import { digestBytes } from "@gov/schema/canonical";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { millisecondsOf } from "../src/internal/scan/noted-stat.ts";
import { decodeStatTable, encodeStatTable } from "../src/internal/scan/stat-table.ts";

/** A flat directory whose clock ticks only when told to, so that many writes share one time. */
function coarseDisk(start = 1n): {
  readonly fs: ScanFileSystem;
  readonly write: (name: string, text: string) => void;
  readonly remove: (name: string) => void;
  readonly tick: () => void;
  readonly now: () => bigint;
  readonly text: (name: string) => string | undefined;
  readonly names: () => readonly string[];
} {
  let now = start;
  const files = new Map<string, { text: string; time: bigint; inode: bigint }>();
  const stat = (path: string): ReturnType<ScanFileSystem["lstat"]> => {
    const file = files.get(path.slice(6));
    if (path === "/repo") return { kind: "directory", size: 0, inode: 1n, modifiedNs: 0n, changedNs: 0n };
    if (file === undefined) throw Object.assign(new Error("missing"), { code: "ENOENT" });
    return { kind: "file", size: file.text.length, inode: file.inode, modifiedNs: file.time, changedNs: file.time };
  };
  return {
    now: () => now,
    tick: () => void (now += 1n),
    text: (name) => files.get(name)?.text,
    names: () => [...files.keys()].sort(),
    remove: (name) => void files.delete(name),
    // In place, as the worst case for who goes by inode and size.
    write: (name, text) => void files.set(name, { text, time: now, inode: BigInt(name.charCodeAt(0)) }),
    fs: {
      stat,
      lstat: stat,
      realpath: (path) => path,
      readdir: () => [...files.keys()],
      open: (path) => {
        const bytes = Buffer.from(files.get(path.slice(6))?.text ?? "");
        return { read: (buffer, position) => bytes.copy(buffer, 0, position), stat: () => stat(path), close: () => undefined };
      },
    },
  };
}

function memoryCache(stampNs: () => bigint): StatCache {
  let saved: Uint8Array | null = null;
  return { load: async () => saved, save: async (bytes) => void (saved = bytes), stampNs: async () => stampNs() };
}

type Step = { readonly write: string; readonly text: string } | { readonly remove: string } | "tick" | "scan";
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ write: fc.constantFrom("a", "b", "c"), text: fc.constantFrom("1", "2", "33") }) },
  { weight: 1, arbitrary: fc.record({ remove: fc.constantFrom("a", "b", "c") }) },
  { weight: 2, arbitrary: fc.constantFrom<Step>("tick") },
  { weight: 3, arbitrary: fc.constantFrom<Step>("scan") },
);

async function followsEveryWrite(
  steps: readonly Step[],
  stamp: (disk: ReturnType<typeof coarseDisk>) => bigint,
  start?: bigint,
): Promise<boolean> {
  const disk = coarseDisk(start);
  const cache = memoryCache(() => stamp(disk));
  for (const each of [...steps, "scan" as const]) {
    if (each === "tick") disk.tick();
    else if (each === "scan") {
      const { files } = await scanContents("/repo", { fs: disk.fs, cache, breathe: async () => undefined });
      const wanted = disk.names().map((name) => [name, digestBytes(disk.text(name) as string)]);
      if (JSON.stringify(files.map(({ path, digest }) => [path, digest])) !== JSON.stringify(wanted)) return false;
    } else if ("write" in each) disk.write(each.write, each.text);
    else disk.remove(each.remove);
  }
  return true;
}

describe("scanContents() on a clock that stands still between ticks", () => {
  it("gives the digest of every content, however writes and scans fall into one tick", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => followsEveryWrite(steps, (disk) => disk.now())),
      { numRuns: 500 },
    );
  });

  it("does so on a clock of today that ticks every nanosecond, of which a number holds each 250th", async () => {
    const start = 1_705_312_800_000_000_001n;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => followsEveryWrite(steps, (disk) => disk.now(), start)),
      { numRuns: 500 },
    );
    // A stamp that is later than the clock by a microsecond is caught.
    const late = await fc.check(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => followsEveryWrite(steps, (disk) => disk.now() + 1_000n, start)),
      { numRuns: 500 },
    );
    expect(late.failed).toBe(true);
  });

  it("is a test that notices a missing racy rule", async () => {
    const found = await fc.check(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => followsEveryWrite(steps, () => 1_000n)),
      { numRuns: 500 },
    );
    expect(found.failed).toBe(true);
  });

  it("reads nothing again once the files are older than a scan, and saves nothing then", async () => {
    const disk = coarseDisk();
    const cache = memoryCache(disk.now);
    const scan = async (): Promise<unknown> => {
      const { hashed, reused, cache: saved } = await scanContents("/repo", { fs: disk.fs, cache });
      return [hashed, reused, saved];
    };
    disk.write("a", "1");
    expect(await scan()).toEqual([1, 0, "saved"]);
    disk.tick();
    expect(await scan()).toEqual([1, 0, "saved"]);
    expect(await scan()).toEqual([0, 1, "unchanged"]);
    disk.remove("a");
    expect(await scan()).toEqual([0, 0, "saved"]);
  });
});

describe("scanContents() through a file system", () => {
  it("makes a finding of what it cannot hash, and takes no changed content for the one it found", async () => {
    const fs = createMemoryFileSystem({
      files: { "/repo/a.md": "a", "/repo/closed.md": "", "/repo/large.md": "xxxx", "/repo/moving.md": "1" },
      fault: ({ name, path }) => (name === "open" && path === "/repo/closed.md" ? { errno: "EACCES" } : undefined),
    });
    const open: ScanFileSystem["open"] = async (path, intent) => {
      if (path !== "/repo/moving.md") return fs.open(path, intent);
      const writer = await fs.open(path, "read-write");
      await writer.write(Buffer.from("2"), 0);
      await writer.close();
      return fs.open(path, intent);
    };
    const { files, findings, hashed, cache } = await scanContents("/repo", { fs: { ...fs, open }, maxBytes: 3 });
    expect(files.map(({ path, digest }) => [path, digest])).toEqual([["a.md", digestBytes("a")]]);
    expect(findings.map(({ path, code }) => [path, code])).toEqual([
      ["closed.md", "INDEX_FILE_UNREADABLE"],
      ["large.md", "INDEX_FILE_TOO_LARGE"],
      ["moving.md", "INDEX_FILE_CHANGED"],
    ]);
    expect([hashed, cache]).toEqual([3, "none"]);
  });

  it("refuses globs that cannot be used, and then lists nothing", async () => {
    const fs = createMemoryFileSystem({ files: { "/repo/a.md": "a" } });
    const { files, findings } = await scanContents("/repo", { fs, include: ["/absolute"] });
    expect([files, findings.map(({ code }) => code)]).toEqual([[], ["SCHEMA_GLOB"]]);
  });
});

describe("decodeStatTable()", () => {
  it("knows nothing from a table of which a byte was flipped or that was cut short", () => {
    const stat = { kind: "file", size: 3, inode: 7n, modifiedNs: 5n, changedNs: 1_705_312_800_000_000_000n } as const;
    const rows = [
      { path: "a\nb.md", stat, digest: digestBytes("a") },
      { path: "é.md", stat, digest: digestBytes("b") },
    ];
    const bytes = encodeStatTable(rows);
    const table = decodeStatTable(bytes);
    for (const { path, digest } of rows.toReversed()) expect(table?.digestOf(path, stat)).toBe(digest);
    expect(table?.digestOf("a\nb.md", { ...stat, changedNs: stat.changedNs + 250n })).toBe(null);
    expect(table?.digestOf("", stat)).toBe(null);
    for (let at = 0; at < bytes.byteLength; at++) {
      const flipped = Uint8Array.from(bytes);
      flipped[at] = (flipped[at] as number) ^ 1;
      const found = decodeStatTable(flipped);
      // In the head, a flip may only change the spelling of what is not used.
      if (found !== null) for (const { path, digest } of rows) expect(found.digestOf(path, stat)).toBe(digest);
    }
    for (let length = 0; length < bytes.byteLength; length++) expect(decodeStatTable(bytes.subarray(0, length))).toBe(null);
  });
});

describe("limits of scans", () => {
  it("are refused when they would limit nothing", async () => {
    const { fs } = coarseDisk();
    for (const limit of [NaN, -1]) {
      await expect(scanContents("/repo", { fs, maxBytes: limit })).rejects.toThrow(RangeError);
      await expect(scanContents("/repo", { fs, maxDepth: limit })).rejects.toThrow(RangeError);
      await expect(readFileBounded("/repo/a.md", { maxBytes: limit })).rejects.toThrow(RangeError);
    }
  });
});

describe("scanContents() on the machine", () => {
  let root = "";
  beforeEach(() => (root = realpathSync(mkdtempSync(join(tmpdir(), "gov-scan-")))));
  afterEach(() => rmSync(root, { recursive: true }));

  it("writes its cache through no link that somebody has committed, in place of its files or of their folder", async () => {
    const outside = join(root, "outside");
    mkdirSync(join(outside, "folder"), { recursive: true });
    writeFileSync(join(outside, "victim"), "mine");
    writeFileSync(join(root, "a.md"), "a");
    const links = [
      ["stat-v2", join(outside, "victim")],
      ["stat-v2.stamp", join(outside, "victim")],
      ["", join(outside, "folder")],
    ] as const;
    for (const [name, target] of links) {
      rmSync(join(root, ".gov"), { recursive: true, force: true });
      mkdirSync(join(root, name === "" ? ".gov" : ".gov/cache"), { recursive: true });
      symlinkSync(target, join(root, ".gov/cache", name));
      const { cache, files } = await scanContents(root, { include: ["a.md"] });
      expect([name, cache, files.length]).toEqual([name, "unavailable", 1]);
    }
    expect([readFileSync(join(outside, "victim"), "utf8"), readdirSync(join(outside, "folder"))]).toEqual(["mine", []]);
  });

  it("stamps the start of a scan later each time, in a file that stays small", async () => {
    const cache = openStatCache(join(root, "stat-v2"));
    const stamps: bigint[] = [];
    const sizes: number[] = [];
    for (const before of ["", ".".repeat(5), ".".repeat(4_095), ".".repeat(100_000), null]) {
      if (before !== null) writeFileSync(join(root, "stat-v2.stamp"), before);
      await sleep(20);
      stamps.push(await cache.stampNs());
      sizes.push(lstatSync(join(root, "stat-v2.stamp")).size);
    }
    expect(sizes).toEqual([1, 6, 0, 0, 1]);
    stamps.reduce((earlier, later) => (expect(later).toBeGreaterThan(earlier), later));
  });

  it("remembers of a file what its exact times say, whichever file system asks", async () => {
    const times = [0, 1.000001, 1_705_312_800.123457, 1_705_312_799.999_999, 1_500_000_000.5];
    times.forEach((time, at) => {
      writeFileSync(join(root, `${at}.md`), "text");
      utimesSync(join(root, `${at}.md`), time, time);
      const { mtimeMs } = lstatSync(join(root, `${at}.md`));
      expect([time, millisecondsOf(lstatSync(join(root, `${at}.md`), { bigint: true }).mtimeNs)]).toEqual([time, mtimeMs]);
    });
    await sleep(50);
    const cache = openStatCache(join(root, ".gov/cache/stat-v2"));
    expect((await scanContents(root)).hashed).toBe(times.length);
    expect((await scanContents(root, { fs: nodeSyncFileSystem, cache })).reused).toBe(times.length);
    rmSync(join(root, ".gov"), { recursive: true });
    expect((await scanContents(root, { fs: nodeSyncFileSystem, cache })).hashed).toBe(times.length);
    expect((await scanContents(root)).reused).toBe(times.length);
  });

  it("gives a hasher of one's own the exact numbers of a file, and none that a file has once it was replaced", async () => {
    for (const name of ["a.md", "b.md"]) writeFileSync(join(root, name), name);
    const exact = lstatSync(join(root, "a.md"), { bigint: true });
    const given: (readonly [bigint, bigint, bigint])[] = [];
    await scanContents(root, {
      hasher: async (files) => {
        writeFileSync(join(root, "other"), "b.md");
        renameSync(join(root, "other"), join(root, "b.md"));
        for (const { stat } of files) given.push([stat.inode, stat.modifiedNs, stat.changedNs]);
        return files.map(() => digestBytes(""));
      },
    });
    expect(given).toEqual([
      [exact.ino, exact.mtimeNs, exact.ctimeNs],
      [-1n, -1n, -1n],
    ]);
  });

  it("hashes small and large files in several threads, and reads none of them again", async () => {
    const contents = new Map<string, string>();
    for (let number = 0; number < 2_500; number++) contents.set(`d${number % 7}/${number}.md`, `text ${number}`);
    for (let number = 0; number < 5; number++) contents.set(`large-${number}.bin`, String(number).repeat(600_000 + 700_000 * number));
    for (let directory = 0; directory < 7; directory++) mkdirSync(join(root, `d${directory}`));
    const past = new Date("2020-01-01T00:00:00Z");
    for (const [path, text] of contents) {
      writeFileSync(join(root, path), text);
      utimesSync(join(root, path), past, past);
    }
    symlinkSync("d0/0.md", join(root, "link.md"));
    contents.set("link.md", "text 0");
    await new Promise((resolve) => setTimeout(resolve, 30));
    const first = await scanContents(root, { maxBytes: 1 << 24 });
    expect(first.files.map(({ path, digest }) => [path, digest])).toEqual(
      [...contents].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, text]) => [path, digestBytes(text)]),
    );
    expect([first.hashed, first.cache]).toEqual([2_506, "saved"]);
    const second = await scanContents(root, { maxBytes: 1 << 24 });
    expect([second.hashed, second.reused, second.cache]).toEqual([0, 2_506, "unchanged"]);
    expect(second.files).toEqual(first.files);
    // The time of the content can be set back, the time of the change cannot.
    writeFileSync(join(root, "d1/1.md"), "next 1");
    utimesSync(join(root, "d1/1.md"), past, past);
    const third = await scanContents(root, { maxBytes: 1 << 24 });
    expect([third.hashed, third.files.find(({ path }) => path === "d1/1.md")?.digest]).toEqual([1, digestBytes("next 1")]);
    // What was expected from the time before and has gone, come or become something else.
    for (const gone of ["d2/2.md", "d3/3.md", "d4/4.md"]) rmSync(join(root, gone));
    mkdirSync(join(root, "d3/3.md"));
    writeFileSync(join(root, "d3/3.md/inner.md"), "inner");
    symlinkSync("../d0/0.md", join(root, "d4/4.md"));
    writeFileSync(join(root, "d2/1.md"), "came");
    const fourth = await scanContents(root, { maxBytes: 1 << 24 });
    const found = new Map(fourth.files.map(({ path, digest }) => [path, digest]));
    expect([found.has("d2/2.md"), found.has("d3/3.md"), found.size]).toEqual([false, false, third.files.length]);
    expect([found.get("d3/3.md/inner.md"), found.get("d4/4.md"), found.get("d2/1.md")]).toEqual(
      ["inner", "text 0", "came"].map((text) => digestBytes(text)),
    );
    expect(fourth.files).toEqual((await scanContents(root, { maxBytes: 1 << 24, cache: null })).files);
  });

  it("finds again a file whose name the file system spells otherwise, however many are examined early", async () => {
    // Enough of them that the ones remembered are examined before the walk comes to them.
    for (let number = 0; number < 8_100; number++) writeFileSync(join(root, `${number}.md`), "");
    mkdirSync(join(root, "de\u0301"));
    for (const name of ["de\u0301/a.md", "e\u0301.md", "\u2126.md", "z.md"]) writeFileSync(join(root, name), name);
    await sleep(50);
    const first = await scanContents(root);
    const second = await scanContents(root);
    expect([first.files.length, second.findings, second.reused]).toEqual([8_104, [], 8_104]);
    expect(second.files).toEqual(first.files);
    expect(second.files.slice(-4).map(({ path }) => path)).toEqual(["z.md", "dé/a.md", "é.md", "\u03a9.md"].sort());
  });

  it("works without a place for its cache", async () => {
    writeFileSync(join(root, "a.md"), "a");
    writeFileSync(join(root, ".gov"), "a file where a directory should be");
    expect(await scanContents(root)).toMatchObject({ hashed: 2, cache: "unavailable" });
    expect(await scanContents(root, { cache: openStatCache(join(root, "a.md", "cache")) })).toMatchObject({
      hashed: 2,
      cache: "unavailable",
    });
  });

  it("stops when told to", async () => {
    writeFileSync(join(root, "a.md"), "a");
    await expect(scanContents(root, { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
  });
});
