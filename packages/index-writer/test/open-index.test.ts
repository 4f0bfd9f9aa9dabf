import { createMemoryFileSystem, createMemoryLockHost, type FileSystemCall, type MemoryFileSystem } from "@gov/atomic-io/testing";
import { type Journal, openJournal } from "@gov/atomic-io/journal";
import {
  type ArtifactIndex,
  indexDigest,
  type IndexRecord,
  openIndex,
  parseIndex,
  readIndex,
  rebuildIndex,
  recoverySteps,
  renderIndex,
} from "@gov/index-writer";
import { describe, expect, it } from "vitest";
import { type HolderStart, IndexHolder } from "../src/internal/index-holder.ts";
import { RecordStore } from "../src/internal/record-store.ts";
import { countingRandom, openInMemory, record } from "./records.ts";

function newRoot(options: Parameters<typeof createMemoryFileSystem>[0] = {}): MemoryFileSystem {
  return createMemoryFileSystem({ files: { "/repo/gov.yaml": "" }, ...options });
}

const indexPath = "/repo/artifacts_index.json";

describe("openIndex()", () => {
  it("keeps records through closing and opening without a checkpoint (IDX-01)", async () => {
    const fs = newRoot();
    const index = await openInMemory(fs);
    await index.put(record("b.md"), record("a.md"));
    await index.put(record("c.md"));
    await index.remove("b.md", "missing.md");
    expect(index.list().map(({ path }) => path)).toEqual(["a.md", "c.md"]);
    await index.close();
    expect(fs.text(indexPath)).toBeNull();
    const again = await openInMemory(fs);
    expect(again.list()).toEqual([record("a.md"), record("c.md")]);
    expect(again.get("a.md")).toEqual(record("a.md"));
    expect(again.get("b.md")).toBeUndefined();
    expect(again.recovery).toMatchObject({ replayed: 4, rebuilt: false, tornBytes: 0 });
    await again.close();
  });

  it("writes the index file as renderIndex gives it, and drops the journal it holds (IDX-16)", async () => {
    const fs = newRoot();
    const index = await openInMemory(fs);
    await index.put(record("b.md"), record("a.md"));
    expect(await index.checkpoint()).toEqual({ count: 2, digest: indexDigest([record("a.md"), record("b.md")]), written: true });
    expect(fs.text(indexPath)).toBe(renderIndex([record("b.md"), record("a.md")]));
    expect(await index.checkpoint()).toMatchObject({ written: false });
    await index.put(record("c.md"));
    await index.close();
    const again = await openInMemory(fs);
    expect(again.recovery.replayed).toBe(1);
    expect(again.list()).toHaveLength(3);
    await again.close();
  });

  it.each([
    ["/repo/.gov", "/outside"],
    ["/repo/.gov/index", "../../outside"],
    ["/repo/.gov/index/journal", "/outside"],
    ["/repo/.gov/index/journal/CURRENT", "/outside/file"],
    ["/repo/.gov/index/position.json", "/outside/none"],
    ["/repo/.gov/index/writer.lock", "/outside/none"],
    ["/repo/artifacts_index.json", "/outside/none"],
  ])("refuses %s when it is a link to %s, and writes nothing", async (link, target) => {
    const fs = newRoot({ files: { "/repo/gov.yaml": "", "/outside/file": "mine" } });
    const folders = ["/repo/.gov", "/repo/.gov/index", "/repo/.gov/index/journal"].filter((folder) => link.startsWith(`${folder}/`));
    for (const folder of folders) await fs.mkdir(folder);
    fs.symlink(target, link);
    const before = [...fs.files()];
    const refusal = { code: "INDEX_CORRUPT", details: { path: link } };
    await expect(openInMemory(fs, { rebuild: async () => [] })).rejects.toMatchObject(refusal);
    await expect(rebuildIndex("/repo", [record("a.md")], { fs, lockHost: createMemoryLockHost() })).rejects.toMatchObject(refusal);
    expect([[...fs.files()], await fs.readdir("/outside")]).toEqual([before, ["file"]]);
  });

  it("follows a link that stays inside the root", async () => {
    const fs = newRoot({ files: { "/repo/state/file": "" } });
    fs.symlink("state", "/repo/.gov");
    const index = await openInMemory(fs);
    await index.put(record("a.md"));
    await index.close();
    expect(await fs.readdir("/repo/state")).toEqual(["file", "index"]);
  });

  it("answers by id, kind, status, tag and path prefix", async () => {
    const index = await openInMemory(newRoot());
    await index.put(
      record("plans/a.md", "a", { status: "approved" }),
      record("plans/b.md", "b", { kind: "report", tags: ["Critical"] }),
      record("c.md", "c", { status: null }),
    );
    const paths = (query: Parameters<typeof index.query>[0]): string[] => index.query(query).map(({ path }) => path);
    expect(paths({})).toEqual(["c.md", "plans/a.md", "plans/b.md"]);
    expect(paths({ id: "c-md" })).toEqual(["c.md"]);
    expect(paths({ kind: "report" })).toEqual(["plans/b.md"]);
    expect(paths({ status: "approved" })).toEqual(["plans/a.md"]);
    expect(paths({ status: null })).toEqual(["c.md"]);
    expect(paths({ tag: "Critical" })).toEqual(["plans/b.md"]);
    expect(paths({ pathPrefix: "plans/", kind: "plan" })).toEqual(["plans/a.md"]);
    await index.close();
  });

  it("spends one append on a change, and nothing on one that says nothing new (AIO-06)", async () => {
    const calls: FileSystemCall[] = [];
    const fs = newRoot({ afterCall: (call) => void calls.push(call) });
    const index = await openInMemory(fs);
    await index.put(record("a.md"));
    calls.length = 0;
    await index.put(record("b.md"));
    expect(calls.map(({ name }) => name)).toEqual(["write", "datasync"]);
    calls.length = 0;
    await index.put(record("a.md"), record("b.md"));
    await index.remove("missing.md");
    expect(calls).toEqual([]);
    await index.close();
  });

  it("judges a change by the changes under way before it", async () => {
    const fs = newRoot();
    const index = await openInMemory(fs);
    await index.put(record("a.md", "one"));
    await Promise.all([
      index.put(record("a.md", "two")),
      index.put(record("a.md", "one")),
      index.remove("a.md"),
      index.put(record("a.md", "three"), record("a.md", "one")),
    ]);
    expect(index.list()).toEqual([record("a.md", "one")]);
    await index.close();
    expect((await readIndex("/repo", { fs })).records).toEqual([record("a.md", "one")]);
  });

  it("acknowledges nothing because of a change that then fails, while others are made", async () => {
    const appended: number[] = [];
    // As a journal does with more than it can hold at once, which spoils it for nobody else.
    const append = async (records: readonly Uint8Array[]): Promise<{ firstSeq: number; lastSeq: number }> => {
      if (records.some((bytes) => bytes.byteLength > 1_000)) throw new RangeError("too much");
      return { firstSeq: appended.length + 1, lastSeq: appended.push(records.length) };
    };
    const journal = { append, lastSeq: 0 } as unknown as Journal;
    const index = new IndexHolder({ journal, records: new RecordStore() } as unknown as HolderStart);
    const large = record("large.md", "x".repeat(1_000));
    const outcomes = await Promise.allSettled([index.put(large), index.put(record("a.md")), index.put(large), index.put(record("a.md"))]);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "rejected", "fulfilled"]);
    await expect(index.put(large)).rejects.toMatchObject({ code: "INDEX_TOO_LARGE" });
    await index.put(record("large.md"));
    expect(index.list()).toEqual([record("a.md"), record("large.md")]);
    const made = appended.length;
    await index.put(record("a.md"));
    expect(appended.length).toBe(made);
  });

  it("refuses records that do not fit, and keeps the rest as it was", async () => {
    const index = await openInMemory(newRoot());
    for (const wrong of [
      { path: "../a.md" },
      { path: "" },
      { path: "/a" },
      { digest: "sha256:1" },
      { size: -1 },
      { status: "promoted" },
      { owners: [1] },
      { id: "\ud800" },
      { extra: 1 },
    ]) {
      await expect(index.put(record("good.md"), { ...record("a.md"), ...(wrong as object) }), JSON.stringify(wrong)).rejects.toMatchObject({
        code: "INDEX_RECORD_INVALID",
      });
    }
    expect(index.list()).toEqual([]);
    await index.close();
    await index.close();
    await expect(index.put(record("a.md"))).rejects.toMatchObject({ code: "INDEX_CLOSED" });
    expect(() => index.checkpoint()).toThrow(expect.objectContaining({ code: "INDEX_CLOSED" }) as Error);
  });

  it("refuses a change that is larger than an append to the journal, and goes on", { timeout: 60_000 }, async () => {
    const index = await openInMemory(newRoot());
    const large = ["a", "b", "c"].map((path) => record(path, path, { title: "x".repeat(90 * 1024 * 1024) }));
    await expect(index.put(...large)).rejects.toMatchObject({ code: "INDEX_TOO_LARGE", details: { count: 3 } });
    expect(index.list()).toEqual([]);
    await index.put(record("a"), record("b"));
    expect(index.list()).toEqual([record("a"), record("b")]);
    await index.close();
  });

  it("refuses a second writer and names the first (IDX-04)", async () => {
    const fs = newRoot();
    const held = new Set<string>();
    const first = await openInMemory(fs, { lockHost: createMemoryLockHost({ pid: 41, held }) });
    await expect(openInMemory(fs, { lockHost: createMemoryLockHost({ pid: 42, held }) })).rejects.toMatchObject({
      code: "INDEX_LOCKED",
      details: { owner: { pid: 41 } },
    });
    await first.close();
    await (await openInMemory(fs, { lockHost: createMemoryLockHost({ pid: 42, held }) })).close();
  });

  it("takes a committed index file over in a fresh clone", async () => {
    const fs = createMemoryFileSystem({ files: { [indexPath]: renderIndex([record("a.md")]) } });
    const index = await openInMemory(fs);
    expect(index.list()).toEqual([record("a.md")]);
    await index.put(record("b.md"));
    await index.close();
    expect((await readIndex("/repo", { fs })).records).toEqual([record("a.md"), record("b.md")]);
  });

  it("tells its observer what it does", async () => {
    const events: string[] = [];
    const index = await openInMemory(newRoot(), { observer: { event: (name) => void events.push(name) } });
    await index.put(record("a.md"));
    await index.checkpoint();
    await index.close();
    expect(events).toEqual(["index.opened", "index.changed", "index.checkpoint"]);
  });

  it("refuses a root that does not exist, and creates nothing", async () => {
    const fs = createMemoryFileSystem();
    await expect(openInMemory(fs)).rejects.toMatchObject({ code: "INDEX_ROOT_MISSING" });
    expect(await fs.readdir("/")).toEqual([]);
    await expect(openIndex("")).rejects.toThrow(TypeError);
  });
});

describe("openIndex() after a crash", () => {
  it("is tried again after growing waits when the disk disturbs it, and gives up in the end (IDX-02)", async () => {
    let failures = 2;
    const fs = createMemoryFileSystem({
      files: { "/repo/gov.yaml": "" },
      fault: ({ name, path }) => (name === "rename" && path.includes("/journal/") && failures-- > 0 ? { errno: "EIO" } : undefined),
    });
    const waits: number[] = [];
    const events: string[] = [];
    const ports = {
      jitter: () => 1,
      timers: { monotonicMs: () => 0, sleep: async (ms: number) => void waits.push(ms) },
      observer: { event: (name: string) => void events.push(name) },
    };
    const index = await openInMemory(fs, ports);
    expect([waits, events]).toEqual([
      [100, 200],
      ["index.recovery_failed", "index.recovery_failed", "index.opened"],
    ]);
    await index.put(record("a.md"));
    await index.close();
    failures = 100;
    await expect(openInMemory(fs, { ...ports, resume: { attempts: 4, initialMs: 10 } })).rejects.toMatchObject({
      details: { errno: "EIO" },
    });
    expect(waits.slice(2)).toEqual([10, 20, 40]);
    failures = 0;
    expect((await openInMemory(fs)).list()).toEqual([record("a.md")]);
  });

  it("reports the steps of the playbook in their order (IDX-02)", async () => {
    const fs = newRoot();
    const died = await openInMemory(fs, { lockHost: createMemoryLockHost({ pid: 7 }) });
    await died.put(record("a.md"));
    const index = await openInMemory(fs.afterKill());
    expect(index.recovery.steps.map(({ step }) => step)).toEqual(recoverySteps);
    expect(index.recovery.steps.map(({ outcome }) => outcome)).toEqual(["done", "done", "done", "not_needed", "done", "done"]);
    expect(index.recovery.steps[0]?.detail).toContain("process 7");
    expect(index.list()).toEqual([record("a.md")]);
    await index.close();
  });

  it("notices an index file that something else changed, and rebuilds when it can", async () => {
    for (const text of [renderIndex([record("other.md")]), "", "{}", '{"format":"gov.artifacts_index"}', "\ufffd"]) {
      const fs = newRoot();
      const before = await openInMemory(fs);
      await before.put(record("a.md"));
      await before.checkpoint();
      await before.close();
      await fs.unlink(indexPath);
      const changed = createMemoryFileSystem({ files: { ...Object.fromEntries(fs.files()), [indexPath]: text } });
      await expect(openInMemory(changed), text).rejects.toMatchObject({
        code: expect.stringMatching(/^INDEX_(STALE|CORRUPT)$/),
        hint: "rebuild the index from the artifacts",
      });
      await expect(readIndex("/repo", { fs: changed }), text).rejects.toMatchObject({
        code: expect.stringMatching(/^INDEX_(STALE|CORRUPT)$/),
      });
      const index = await openInMemory(changed, { rebuild: async () => [record("a.md"), record("b.md")] });
      expect(index.recovery.rebuilt).toBe(true);
      await index.close();
      expect(changed.text(indexPath)).toBe(renderIndex([record("a.md"), record("b.md")]));
      expect((await readIndex("/repo", { fs: changed })).records).toHaveLength(2);
    }
  });

  it("sets a damaged journal aside when it can rebuild, and is an error when it cannot", async () => {
    const fs = newRoot();
    const before = await openInMemory(fs);
    await before.put(record("a.md"));
    await before.put(record("b.md"));
    await before.close();
    const files = Object.fromEntries(fs.files());
    const segment = Object.keys(files).find((path) => path.endsWith(".log")) as string;
    (files[segment] as Uint8Array)[100] = 0xff;
    const damaged = createMemoryFileSystem({ files });
    await expect(openInMemory(damaged)).rejects.toMatchObject({ code: "INDEX_CORRUPT" });
    await expect(readIndex("/repo", { fs: damaged })).rejects.toMatchObject({ code: "INDEX_CORRUPT" });
    const result = await rebuildIndex("/repo", [record("c.md")], { fs: damaged, lockHost: createMemoryLockHost(), random: countingRandom });
    expect(result).toMatchObject({ count: 1, recovery: { rebuilt: true } });
    expect(await damaged.readdir("/repo/.gov/index")).toEqual(["damaged-1", "journal", "position.json"]);
    expect((await readIndex("/repo", { fs: damaged })).records).toEqual([record("c.md")]);
  });

  it("notices a damaged position file, an index file that is not UTF-8, and a journal that another program wrote to", async () => {
    const fs = newRoot();
    const before = await openInMemory(fs);
    await before.put(record("a.md"));
    await before.checkpoint();
    await before.close();
    const files = Object.fromEntries(fs.files());
    const foreign = createMemoryFileSystem({ files });
    const journal = await openJournal("/repo/.gov/index/journal", { fs: foreign, random: countingRandom });
    await journal.append([Buffer.from('{"op":"rename"}')]);
    await journal.close();
    const damages = [
      ...["", "null", "{}", '{"format":"gov.index_position","version":1,"checkpoints":[{"digest":"x","seq":0}]}', Buffer.from([0xff])].map(
        (position) => ({
          ...files,
          "/repo/.gov/index/position.json": position,
        }),
      ),
      { ...files, [indexPath]: Buffer.from([0xff, 0xfe]) },
      Object.fromEntries(foreign.files()),
    ];
    for (const damaged of damages) {
      const open = (rebuild?: () => Promise<readonly IndexRecord[]>): Promise<ArtifactIndex> =>
        openInMemory(createMemoryFileSystem({ files: damaged }), { rebuild });
      await expect(readIndex("/repo", { fs: createMemoryFileSystem({ files: damaged }) })).rejects.toMatchObject({ name: "IndexError" });
      await expect(open()).rejects.toMatchObject({ code: expect.stringMatching(/^INDEX_(STALE|CORRUPT)$/) });
      const index = await open(async () => [record("b.md")]);
      expect(index.list()).toEqual([record("b.md")]);
      await index.close();
    }
  });

  it("refuses waits that are none, and keeps no lock", async () => {
    const fs = createMemoryFileSystem({ files: { "/repo/gov.yaml": "" } });
    for (const resume of [{ attempts: 0 }, { attempts: NaN }, { maxMs: NaN }])
      await expect(openInMemory(fs, { resume })).rejects.toThrow(RangeError);
    await (await openInMemory(fs)).close();
  });

  it("refuses an index file of a newer version", async () => {
    const fs = createMemoryFileSystem({ files: { [indexPath]: renderIndex([]).replace('"version": 1', '"version": 2') } });
    await expect(openInMemory(fs, { rebuild: async () => [] })).rejects.toMatchObject({ code: "INDEX_VERSION" });
    await expect(readIndex("/repo", { fs })).rejects.toMatchObject({ code: "INDEX_VERSION" });
  });
});

describe("readIndex()", () => {
  it("merges the index file with what the journal holds beyond it, and writes nothing", async () => {
    const fs = newRoot();
    const index = await openInMemory(fs);
    await index.put(record("a.md"), record("b.md"));
    await index.checkpoint();
    await index.put(record("c.md"));
    await index.remove("a.md");
    const before = new Map(fs.files());
    const snapshot = await readIndex("/repo", { fs });
    expect(snapshot).toEqual({
      records: [record("b.md"), record("c.md")],
      digest: indexDigest([record("b.md"), record("c.md")]),
      replayed: 2,
    });
    expect(fs.files()).toEqual(before);
    await index.close();
  });

  it("finds an empty index where nothing was ever written", async () => {
    expect(await readIndex("/repo", { fs: newRoot() })).toEqual({ records: [], digest: indexDigest([]), replayed: 0 });
  });

  it("proves a plain index file whole", () => {
    expect(parseIndex(renderIndex([])).records).toEqual([]);
  });
});
