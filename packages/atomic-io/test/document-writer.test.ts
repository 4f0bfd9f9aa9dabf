import { createHash } from "node:crypto";
import type { FileSystem } from "@gov/atomic-io";
import { openJournal } from "@gov/atomic-io/journal";
import {
  type BridgeWriter,
  type ModeDay,
  openDocumentWriter,
  type OpenDocumentWriterOptions,
  planModeChange,
  writeModes,
} from "@gov/atomic-io/modes";
import { createMemoryFileSystem, documentWriterConformance, type MemoryFileSystem } from "@gov/atomic-io/testing";
import { describe, expect, it } from "vitest";
import { exploreCrashes } from "./crash-harness.ts";

/** A single writer whose journal survives crashes. */
function bridgeInMemory(taken: Map<string, Uint8Array> = new Map()): BridgeWriter & { readonly taken: Map<string, Uint8Array> } {
  return {
    taken,
    submit: async ({ path, bytes }) => void taken.set(path, bytes),
    accepted: async (path) => {
      const bytes = taken.get(path);
      return bytes === undefined ? null : createHash("sha256").update(bytes).digest("hex");
    },
  };
}

const dual = (fs: FileSystem, bridge: BridgeWriter): OpenDocumentWriterOptions => ({
  ...{ mode: "dual_write", root: "/" },
  ...{ fs, bridge, intents: "/intents" },
});

for (const mode of writeModes) {
  describe(`openDocumentWriter() in each mode, here ${mode} (IDX-06, IDX-07, IDX-08, IDX-09)`, () => {
    for (const { name, run } of documentWriterConformance) {
      it(`keeps the promise: ${name}`, async () => {
        const fs = createMemoryFileSystem({ files: { "/docs/keep": "" } });
        const bridge = bridgeInMemory();
        const writer = await openDocumentWriter({ mode, root: "/docs", fs, bridge, intents: "/intents" });
        const text = async (path: string): Promise<string | null> => {
          const bytes = bridge.taken.get(path);
          if (mode !== "bridge") return fs.text(path);
          return bytes === undefined ? null : Buffer.from(bytes).toString("utf8");
        };
        await run({ writer, root: "/docs", text });
        await writer.close();
      });
    }
  });
}

describe("openDocumentWriter()", () => {
  it("rejects a direct write in mode bridge, and what is no file in mode direct", async () => {
    const fs = createMemoryFileSystem({ files: { "/docs/keep": "" } });
    const bridge = await openDocumentWriter({ mode: "bridge", fs, bridge: bridgeInMemory() });
    await expect(bridge.writeDirect("/docs/a", "x")).rejects.toMatchObject({ code: "ATOMIC_IO_MODE_REJECTED" });
    expect([...fs.files().keys()]).toEqual(["/docs/keep"]);
    const direct = await openDocumentWriter({ mode: "direct", fs });
    await expect(direct.write("/docs", "x")).rejects.toMatchObject({ code: "ATOMIC_IO_NOT_A_FILE" });
    const full = createMemoryFileSystem({ fault: (call) => (call.name === "write" ? { errno: "ENOSPC" } : undefined) });
    const failing = await openDocumentWriter({ mode: "direct", fs: full });
    await expect(failing.write("/a", "x")).rejects.toMatchObject({ code: "ATOMIC_IO_WRITE_FAILED" });
  });
});

/** Writes an entry into the intents as nobody else than a writer should. */
async function intend(fs: FileSystem, ...entries: readonly string[]): Promise<void> {
  const journal = await openJournal("/intents", { fs });
  await journal.append(entries.map((entry) => Buffer.from(entry)));
  await journal.close();
}

describe("openDocumentWriter() with a root", () => {
  const outside = [
    "/secret",
    "/docs/../secret",
    "/docs/away/secret",
    "/docs/link",
    "/docs/dangling",
    "/docs/missing/../../secret",
    "/docsed",
    "/docs",
    "/docs/.",
  ];
  const inside = ["/docs/a", "/docs/new/b", "/docs/within/a", "/./docs/docs/../a"];

  function hostile(): MemoryFileSystem {
    const fs = createMemoryFileSystem({ files: { "/secret": "s", "/docsed": "s", "/docs/a": "a", "/docs/docs/keep": "" } });
    fs.symlink("/", "/docs/away");
    fs.symlink("/secret", "/docs/link");
    fs.symlink("/nothing", "/docs/dangling");
    fs.symlink("docs/..", "/docs/within");
    return fs;
  }

  it("recovers nothing when the intents name a path out of it, and touches nothing (IDX-08)", async () => {
    const digest = createHash("sha256").update("s").digest("hex");
    for (const path of outside) {
      const fs = hostile();
      await intend(
        fs,
        JSON.stringify({ path: "/docs/a", digest: createHash("sha256").update("a").digest("hex") }),
        JSON.stringify({ path, digest }),
      );
      const before = [(await fs.stat("/secret")).inode, (await fs.stat("/docs/a")).inode];
      const bridge = bridgeInMemory();
      const opening = openDocumentWriter({ ...dual(fs, bridge), root: "/docs" });
      await expect(opening, path).rejects.toMatchObject({ code: "ATOMIC_IO_OUTSIDE_ROOT", details: { path, root: "/docs" } });
      expect([(await fs.stat("/secret")).inode, (await fs.stat("/docs/a")).inode, bridge.taken.size], path).toEqual([...before, 0]);
    }
    for (const path of inside) {
      const fs = hostile();
      await intend(fs, JSON.stringify({ path, digest }));
      const writer = await openDocumentWriter({ ...dual(fs, bridgeInMemory()), root: "/docs" });
      const { finished, abandoned, diverged } = writer.recovered;
      expect([...finished, ...abandoned, ...diverged.map((divergence) => divergence.path)]).toEqual([path]);
      await writer.close();
    }
  });

  it("writes nothing out of it, in any mode", async () => {
    for (const mode of writeModes) {
      const fs = hostile();
      const bridge = bridgeInMemory();
      const writer = await openDocumentWriter({ ...dual(fs, bridge), mode, root: "/docs" });
      for (const path of outside) {
        for (const write of mode === "bridge" ? [writer.write] : [writer.write, writer.writeDirect])
          await expect(write(path, "x"), `${mode} ${path}`).rejects.toMatchObject({ code: "ATOMIC_IO_OUTSIDE_ROOT" });
      }
      expect([fs.text("/secret"), fs.text("/docsed"), fs.text("/nothing"), bridge.taken.size]).toEqual(["s", "s", null, 0]);
      await writer.write("/docs/within/a", "x");
      expect(mode === "bridge" ? bridge.taken.size : fs.text("/docs/a")).toBe(mode === "bridge" ? 1 : "x");
      await writer.close();
      if (mode === "dual_write") await expect(openDocumentWriter({ ...dual(fs, bridge), root: "/none" })).resolves.toBeDefined();
    }
    const fs = hostile();
    const writer = await openDocumentWriter({ mode: "atomic", fs, root: "/none" });
    await expect(writer.write("/docs/a", "x")).rejects.toMatchObject({ code: "ATOMIC_IO_READ_FAILED" });
  });
});

describe("openDocumentWriter() in mode dual_write (B-26)", () => {
  it("reports a leg that was changed behind its back, and tells the observer (IDX-08)", async () => {
    const fs = createMemoryFileSystem();
    const heard: unknown[] = [];
    const writer = await openDocumentWriter({
      ...dual(fs, bridgeInMemory()),
      observer: { event: (name, fields) => void heard.push([name, fields]) },
    });
    await writer.write("/a", "one");
    await writer.writeDirect("/a", "changed");
    const [divergence, ...rest] = await writer.compare(["/a", "/none"]);
    expect([divergence?.path, divergence?.file === divergence?.bridge, rest]).toEqual(["/a", false, []]);
    expect(heard).toEqual([["mode.divergence", divergence]]);
    await writer.close();
  });

  for (const directoryOrder of ["ordered", "any"] as const) {
    it(`finishes or abandons what a power cut at any call left, so that both legs agree, directory ${directoryOrder}`, async () => {
      const taken = new Map<string, Uint8Array>();
      const outcomes = new Set<string>();
      const states = await exploreCrashes<string>(
        async (fs, promised) => {
          const writer = await openDocumentWriter(dual(fs, bridgeInMemory(taken)));
          for (const content of ["one", "two"]) {
            await writer.write("/a", content);
            promised.acknowledged.push(content);
          }
        },
        async (image, promised) => {
          const bridge = bridgeInMemory(new Map(taken));
          const writer = await openDocumentWriter(dual(image, bridge));
          const { finished, abandoned, diverged } = writer.recovered;
          outcomes.add(`${finished.length} ${abandoned.length} ${diverged.length}`);
          expect(diverged).toEqual([]);
          expect(await writer.compare(["/a"])).toEqual([]);
          const texts = [null, "one", "two"];
          expect(texts.indexOf(image.text("/a"))).toBeGreaterThanOrEqual(promised.acknowledged.length);
          for (const second of image.crashImages({ maxImages: 4 })) expect(second.text("/a")).toBe(image.text("/a"));
          await writer.close();
          const again = await openDocumentWriter(dual(image, bridge));
          expect(again.recovered).toEqual({ finished: [], abandoned: [], diverged: [] });
          await again.close();
        },
        { directoryOrder, maxImages: 24, seed: 5 },
      );
      expect(states).toBeGreaterThan(50);
      expect([...outcomes].sort()).toEqual(["0 0 0", "0 1 0", "1 0 0"]);
    });
  }

  it("reports what it cannot finish without choosing between two contents, and keeps the intent of a write that failed half way", async () => {
    const fs = createMemoryFileSystem();
    const bridge = bridgeInMemory();
    const failing: BridgeWriter = { ...bridge, submit: () => Promise.reject(new Error("the single writer is away")) };
    const writer = await openDocumentWriter(dual(fs, failing));
    await expect(writer.write("/a", "one")).rejects.toThrow("away");
    await writer.close();
    bridge.taken.set("/a", Buffer.from("other"));
    const changed = createMemoryFileSystem({ files: { ...Object.fromEntries(fs.files()), "/a": "third" } });
    const again = await openDocumentWriter(dual(changed, bridge));
    expect(again.recovered.diverged).toMatchObject([{ path: "/a" }]);
    await again.close();
    const finishing = await openDocumentWriter(dual(fs, bridge));
    expect(finishing.recovered.finished).toEqual(["/a"]);
    expect(Buffer.from(bridge.taken.get("/a") ?? []).toString()).toBe("one");
    await finishing.close();
  });

  it("writes what it was given, whatever becomes of the caller's buffer meanwhile", async () => {
    const fs = createMemoryFileSystem();
    const writer = await openDocumentWriter(dual(fs, bridgeInMemory()));
    const digest = createHash("sha256").update("one").digest("hex");
    for (const write of [writer.write, writer.writeDirect]) {
      const buffer = Buffer.from("one");
      const writing = write("/a", buffer);
      buffer.fill("x");
      expect([(await writing).digest, fs.text("/a")]).toEqual([digest, "one"]);
    }
    await writer.close();
  });

  it("recovers a path once, by whichever of its open writes the file holds (IDX-08)", async () => {
    for (const [last, expected] of [
      ["rename", "one"],
      ["submit", "two"],
    ] as const) {
      let failing = false;
      const fs = createMemoryFileSystem({ fault: (call) => (failing && call.name === last ? { errno: "EIO" } : undefined) });
      const bridge = bridgeInMemory();
      const away: BridgeWriter = { ...bridge, submit: () => Promise.reject(new Error("the single writer is away")) };
      const writer = await openDocumentWriter(dual(fs, away));
      await expect(writer.write("/a", "one")).rejects.toThrow("away");
      failing = true;
      await expect(writer.write("/a", "two")).rejects.toThrow();
      failing = false;
      await writer.close();
      const heard: unknown[] = [];
      const again = await openDocumentWriter({ ...dual(fs, bridge), observer: { event: (name) => void heard.push(name) } });
      expect([again.recovered, heard]).toEqual([{ finished: ["/a"], abandoned: [], diverged: [] }, []]);
      expect([fs.text("/a"), Buffer.from(bridge.taken.get("/a") ?? []).toString()]).toEqual([expected, expected]);
      await again.close();
    }
  });

  it("leaves no file open when the single writer cannot be asked while it opens", async () => {
    const fs = createMemoryFileSystem();
    const away: BridgeWriter = {
      submit: () => Promise.reject(new Error("away")),
      accepted: () => Promise.reject(new Error("away")),
    };
    const writer = await openDocumentWriter(dual(fs, away));
    await expect(writer.write("/a", "one")).rejects.toThrow("away");
    await writer.close();
    const open = new Set<string>();
    const watched: FileSystem = {
      ...fs,
      open: async (path, intent, options) => {
        const handle = await fs.open(path, intent, options);
        // A directory stays open for a moment on purpose.
        if (intent !== "directory") open.add(path);
        return { ...handle, close: () => handle.close().finally(() => open.delete(path)) };
      },
    };
    await expect(openDocumentWriter(dual(watched, away))).rejects.toThrow("away");
    expect([...open]).toEqual([]);
  });

  it("does not take a write back because its journal cannot be begun anew", async () => {
    let failing = false;
    const fs = createMemoryFileSystem();
    const stuck: FileSystem = {
      ...fs,
      rename: (from, to) =>
        failing && to.startsWith("/intents/") ? Promise.reject(Object.assign(new Error("EIO"), { code: "EIO" })) : fs.rename(from, to),
    };
    const writer = await openDocumentWriter(dual(stuck, bridgeInMemory()));
    for (let write = 1; write < 1024; write++) await writer.write("/a", "one");
    failing = true;
    await writer.write("/a", "two");
    expect(fs.text("/a")).toBe("two");
    await writer.close();
  });

  it("is refused without what it needs, and over a journal of something else", async () => {
    const fs = createMemoryFileSystem();
    await expect(openDocumentWriter({ mode: "bridge", fs })).rejects.toThrow(TypeError);
    await expect(openDocumentWriter({ mode: "dual_write", fs, bridge: bridgeInMemory() })).rejects.toThrow(TypeError);
    await expect(openDocumentWriter({ mode: "fast" as "direct", fs })).rejects.toThrow(RangeError);
    await expect(openDocumentWriter({ mode: "dual_write", fs, bridge: bridgeInMemory(), intents: "/intents" })).rejects.toThrow(
      /without a root/,
    );
    await expect(openDocumentWriter({ mode: "atomic", fs, root: "" })).rejects.toThrow(TypeError);
    for (const entry of ["{}", "null", "no JSON", '{"path":"","digest":"x"}', '{"path":"/a\\u0000","digest":"x"}', '{"path":"/a"}']) {
      const other = createMemoryFileSystem();
      await intend(other, entry);
      await expect(openDocumentWriter(dual(other, bridgeInMemory())), entry).rejects.toMatchObject({ code: "ATOMIC_IO_JOURNAL_CORRUPT" });
    }
  });
});

describe("planModeChange()", () => {
  const days = (count: number, mode: ModeDay["mode"] = "dual_write"): ModeDay[] =>
    Array.from({ length: count }, (_, index) => ({ day: `2026-03-${String(index + 1).padStart(2, "0")}`, mode, clean: true }));
  const change = { current: "dual_write", wanted: "bridge", probe: "passed", today: "2026-03-15", history: days(14) } as const;

  it("falls back to direct when the file system fails its probe, whatever is wanted (IDX-07)", () => {
    for (const wanted of writeModes) {
      expect(planModeChange({ ...change, wanted, probe: "failed" })).toMatchObject({ mode: "direct", allowed: wanted === "direct" });
    }
  });

  it("enters bridge only after 14 clean days in a row, up to yesterday and in dual_write (IDX-09)", () => {
    expect(planModeChange(change)).toEqual({ mode: "bridge", allowed: true, reasons: [] });
    const refused = [
      { history: days(13), today: "2026-03-14" },
      { today: "2026-03-16" },
      { history: days(14, "atomic") },
      { history: [...days(14), { day: "2026-03-07", mode: "dual_write" as const, clean: false }] },
      { history: days(14).filter(({ day }) => day !== "2026-03-08") },
    ];
    for (const other of refused) expect(planModeChange({ ...change, ...other })).toMatchObject({ mode: "dual_write", allowed: false });
    expect(planModeChange({ ...change, history: days(13), today: "2026-03-14" }).reasons).toEqual([
      "bridge needs 14 clean days in a row, there are 13",
    ]);
  });

  it("moves forward one step at a time and back at once", () => {
    expect(planModeChange({ ...change, current: "direct" })).toMatchObject({ mode: "direct", allowed: false });
    expect(planModeChange({ ...change, current: "direct", wanted: "atomic", history: [] })).toMatchObject({ mode: "atomic" });
    expect(planModeChange({ ...change, current: "bridge", wanted: "dual_write", history: [] })).toMatchObject({ allowed: true });
    expect(planModeChange({ ...change, wanted: "dual_write" })).toMatchObject({ allowed: true, mode: "dual_write" });
    for (const today of ["today", "2026-02-30", "2026-13-01"]) expect(() => planModeChange({ ...change, today })).toThrow(RangeError);
  });
});
