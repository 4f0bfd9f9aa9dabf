import { createMemoryFileSystem, createMemoryLockHost, type MemoryFileSystem } from "@gov/atomic-io/testing";
import {
  backoffDelay,
  type Bridge,
  type BridgeEntry,
  createCircuitBreaker,
  openBridge,
  type OpenBridgeOptions,
  readBridge,
} from "@gov/index-writer/bridge";
import { canonicalJson, digestBytes } from "@gov/schema/canonical";
import { describe, expect, it } from "vitest";
import { countingRandom } from "./records.ts";

/** A clock that stands still until somebody sleeps. */
function fakeTimers(): {
  readonly monotonicMs: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly pass: (ms: number) => void;
  readonly slept: number[];
} {
  let now = 0;
  const slept: number[] = [];
  const pass = (ms: number): void => void (now += ms);
  return { monotonicMs: () => now, slept, pass, sleep: async (ms) => (slept.push(ms), pass(ms)) };
}

interface Opened {
  readonly bridge: Bridge;
  readonly delivered: BridgeEntry[];
}

async function open(fs: MemoryFileSystem, options: Partial<OpenBridgeOptions> = {}): Promise<Opened> {
  const delivered: BridgeEntry[] = [];
  const deliver = async (entry: BridgeEntry): Promise<void> => void delivered.push(entry);
  const ports = { fs, lockHost: createMemoryLockHost(), fileRandom: countingRandom, timers: fakeTimers(), random: () => 0.5 };
  return { bridge: await openBridge("/queue", { deliver, ...ports, ...options }), delivered };
}

const disk = (): MemoryFileSystem => createMemoryFileSystem({ files: { "/keep": "" } });

describe("openBridge() append", () => {
  it("gives gap-free sequence numbers in the order of the calls, also when they overlap (IDX-10)", async () => {
    const { bridge } = await open(disk());
    const results = await Promise.all(["a", "b", "c", "d"].map((id) => bridge.append(id, id)));
    expect(results.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    await bridge.close();
  });

  it("knows an id for ever: while it is on its way, delivered, and after a restart (IDX-10)", async () => {
    const fs = disk();
    const first = await open(fs);
    const twice = await Promise.all([first.bridge.append("a", { n: 1 }), first.bridge.append("a", { n: 1 })]);
    expect(twice).toEqual([
      { seq: 1, duplicate: false },
      { seq: 1, duplicate: true },
    ]);
    await first.bridge.drain();
    expect(await first.bridge.append("a", { n: 1 })).toEqual({ seq: 1, duplicate: true });
    await first.bridge.close();
    const second = await open(fs);
    expect(await second.bridge.append("a", { n: 1 })).toEqual({ seq: 1, duplicate: true });
    expect(await second.bridge.append("b", null)).toEqual({ seq: 2, duplicate: false });
    await expect(second.bridge.append("a", { n: 2 })).rejects.toMatchObject({
      code: "INDEX_BRIDGE_CONFLICT",
      details: { id: "a", seq: 1 },
    });
    await second.bridge.close();
  });

  it("pushes back at its bounds and accepts again once drained (IDX-11)", async () => {
    const { bridge } = await open(disk(), { maxPending: 2, maxPendingBytes: 1000 });
    await bridge.append("a", 1);
    await bridge.append("b", 2);
    await expect(bridge.append("c", 3)).rejects.toMatchObject({ code: "INDEX_BRIDGE_FULL", details: { depth: 2 } });
    await bridge.drain();
    expect(await bridge.append("c", 3)).toEqual({ seq: 3, duplicate: false });
    await expect(bridge.append("d", "x".repeat(1000))).rejects.toMatchObject({ code: "INDEX_BRIDGE_FULL" });
    await bridge.close();
  });

  it("goes on after an entry that no journal takes, and opens again (IDX-10, IDX-11)", async () => {
    const fs = disk();
    const { bridge } = await open(fs, { maxPendingBytes: 2 ** 30 });
    await bridge.append("a", 1);
    for (const id of ["\ud800", 7 as never, "x".repeat(257)]) await expect(bridge.append(id, 1), String(id)).rejects.toThrow(RangeError);
    await expect(bridge.append("cyclic", Number.NaN)).rejects.toMatchObject({ code: "SCHEMA_NOT_CANONICAL" });
    await expect(bridge.append("huge", "x".repeat(256 * 1024 * 1024))).rejects.toThrow(/at most/);
    expect(await bridge.append("b", 2)).toEqual({ seq: 2, duplicate: false });
    expect(bridge.health()).toMatchObject({ depth: 2, pendingBytes: 2 });
    await bridge.close();
    const again = await open(fs);
    expect(await again.bridge.append("b", 2)).toEqual({ seq: 2, duplicate: true });
    await again.bridge.close();
  });

  it("delivers what was accepted, whatever its caller does with the payload afterwards (IDX-10)", async () => {
    const { bridge, delivered } = await open(disk());
    const payload = { verdict: "PASS", list: [1] };
    const accepted = bridge.append("a", payload);
    payload.verdict = "FAIL";
    payload.list.push(2);
    await accepted;
    expect(await bridge.append("a", { verdict: "PASS", list: [1] })).toEqual({ seq: 1, duplicate: true });
    await bridge.drain();
    expect(delivered).toEqual([{ seq: 1, id: "a", payload: { verdict: "PASS", list: [1] } }]);
    expect(bridge.health()).toMatchObject({ depth: 0, pendingBytes: 0 });
    await bridge.close();
  });

  it("refuses an id without length, a second holder, and use after close", async () => {
    const fs = disk();
    const lockHost = createMemoryLockHost();
    const { bridge } = await open(fs, { lockHost });
    await expect(bridge.append("", 1)).rejects.toThrow(RangeError);
    await expect(open(fs, { lockHost })).rejects.toMatchObject({ code: "INDEX_LOCKED" });
    await bridge.close();
    await bridge.close();
    await expect(bridge.append("a", 1)).rejects.toMatchObject({ code: "INDEX_CLOSED" });
    expect(() => bridge.drain()).toThrow(/closed/);
  });

  it.each(["maxAttempts", "maxPending", "maxPendingBytes", "acknowledgeEvery", "snapshotEvery"] as const)(
    "refuses %s of 0",
    async (name) => {
      await expect(open(disk(), { [name]: 0 })).rejects.toThrow(new RegExp(name));
    },
  );
});

describe("openBridge() drain", () => {
  it("delivers in order and acknowledges durably (IDX-11)", async () => {
    const fs = disk();
    const first = await open(fs, { acknowledgeEvery: 2 });
    for (const id of ["a", "b", "c"]) await first.bridge.append(id, id);
    expect(await first.bridge.drain()).toEqual({ delivered: 3, dead: 0, stopped: "empty" });
    expect(first.delivered.map(({ seq, payload }) => [seq, payload])).toEqual([
      [1, "a"],
      [2, "b"],
      [3, "c"],
    ]);
    await first.bridge.close();
    const second = await open(fs);
    expect(await second.bridge.drain()).toEqual({ delivered: 0, dead: 0, stopped: "empty" });
    await second.bridge.close();
  });

  it("retries with growing waits, then sets aside with every error, and goes on; redrive() brings it back (IDX-11)", async () => {
    const timers = fakeTimers();
    let broken = true;
    const delivered: number[] = [];
    const deliver = async ({ seq }: BridgeEntry): Promise<void> => {
      if (seq === 1 && broken) throw new Error(`no ${String(timers.slept.length)}`);
      delivered.push(seq);
    };
    const fs = disk();
    const { bridge } = await open(fs, { deliver, timers, maxAttempts: 3 });
    await bridge.append("bad", 1);
    await bridge.append("good", 2);
    expect(await bridge.drain()).toEqual({ delivered: 1, dead: 1, stopped: "empty" });
    expect(timers.slept).toEqual([50, 100]);
    expect(bridge.deadLetters()).toEqual([{ seq: 1, id: "bad", payload: 1, errors: ["no 0", "no 1", "no 2"] }]);
    expect(bridge.health()).toMatchObject({ depth: 0, lag: 0, deadLetters: 1, errorRate: 0.75 });
    await bridge.close();

    const again = await open(fs, { deliver });
    expect(again.bridge.deadLetters()).toHaveLength(1);
    broken = false;
    expect(await again.bridge.redrive([7])).toBe(0);
    expect(await again.bridge.redrive()).toBe(1);
    await again.bridge.drain();
    expect(delivered).toEqual([2, 1]);
    expect(again.bridge.deadLetters()).toEqual([]);
    await again.bridge.close();
  });

  it("opens the breaker after failures in a row, waits or falls back, and tries again after the cool-down, as its health says (IDX-12, IDX-13)", async () => {
    const timers = fakeTimers();
    let down = true;
    const deliver = async (): Promise<void> => {
      if (down) throw new Error("down");
    };
    const options = { deliver, timers, maxAttempts: 10, breaker: { failureThreshold: 2, coolDownMs: 1_000_000 } };
    const fs = disk();
    const { bridge } = await open(fs, options);
    await bridge.append("a", 1);
    expect(await bridge.drain()).toEqual({ delivered: 0, dead: 0, stopped: "breaker_open" });
    expect(bridge.health()).toMatchObject({ depth: 1, lag: 1, breaker: "open" });
    timers.pass(1_000_000);
    expect(bridge.health().breaker).toBe("half_open");
    down = false;
    expect(await bridge.drain()).toMatchObject({ delivered: 1 });
    expect(bridge.health().breaker).toBe("closed");
    await bridge.close();

    down = true;
    const spare: number[] = [];
    const second = await open(fs, { ...options, fallback: async ({ seq }) => void spare.push(seq) });
    await second.bridge.append("b", 2);
    await second.bridge.append("c", 3);
    expect(await second.bridge.drain()).toMatchObject({ delivered: 2, stopped: "empty" });
    expect(spare).toEqual([2, 3]);
    await second.bridge.close();
  });

  it("counts attempts over the openings of the breaker, so that entries which always fail block nothing (IDX-11, IDX-12)", async () => {
    const timers = fakeTimers();
    const delivered: string[] = [];
    const deliver = async ({ id }: BridgeEntry): Promise<void> => {
      if (id.startsWith("bad")) throw new Error("no");
      delivered.push(id);
    };
    const { bridge } = await open(disk(), { deliver, timers });
    for (const id of ["bad 1", "bad 2", "good"]) await bridge.append(id, id);
    for (let drains = 0; drains < 7; drains++) {
      await bridge.drain();
      timers.pass(30_000);
    }
    expect(delivered).toEqual(["good"]);
    expect(bridge.deadLetters().map(({ id, errors }) => [id, errors.length])).toEqual([
      ["bad 1", 5],
      ["bad 2", 5],
    ]);
    // Driven again it has all its attempts again.
    expect(await bridge.redrive([2])).toBe(1);
    await bridge.drain();
    expect(bridge.deadLetters().map(({ errors }) => errors.length)).toEqual([5, 5]);
    await bridge.close();
  });

  it("sets aside an entry whose error is no well-formed text (IDX-11)", async () => {
    const errors = [new Error("cut \ud83d"), new Error("plain")];
    const fs = disk();
    const deliver = async (): Promise<void> => {
      const error = errors.shift();
      if (error !== undefined) throw error;
    };
    const { bridge } = await open(fs, { maxAttempts: 2, deliver });
    await bridge.append("a", 1);
    expect(await bridge.drain()).toMatchObject({ dead: 1, stopped: "empty" });
    await bridge.close();
    expect((await readBridge("/queue", { fs })).deadLetters).toMatchObject([{ errors: ["cut \ufffd", "plain"] }]);
  });

  it("cuts the journal also where each holder drains little (IDX-11)", async () => {
    const fs = disk();
    for (const id of ["a", "b", "c"]) {
      const { bridge } = await open(fs, { snapshotEvery: 5 });
      await bridge.append(id, id);
      await bridge.drain();
      await bridge.close();
    }
    expect(fs.text("/queue/bridge.json")).toContain('"journalSeq":6');
    expect(await readBridge("/queue", { fs })).toMatchObject({ lastSeq: 3, depth: 0 });
  });

  it("keeps what comes while a snapshot is taken, entries and letters driven again (IDX-11)", async () => {
    for (let turns = 0; turns < 40; turns++) {
      const fs = disk();
      let letters = true;
      const deliver = async (): Promise<void> => {
        if (letters) throw new Error("no");
      };
      const { bridge } = await open(fs, { deliver, maxAttempts: 1, snapshotEvery: 2, breaker: { failureThreshold: 99 } });
      await bridge.append("a", 1);
      const draining = bridge.drain();
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      const [redriven, { seq }] = await Promise.all([bridge.redrive(), bridge.append("b", 2)]);
      expect(seq).toBe(2);
      await draining;
      const { deadLetters, depth } = await readBridge("/queue", { fs });
      expect([deadLetters, depth], String(turns)).toEqual([bridge.deadLetters(), bridge.health().depth]);
      if (redriven === 0) await bridge.redrive();
      letters = false;
      await bridge.drain();
      await bridge.close();
      expect(await readBridge("/queue", { fs }), String(turns)).toMatchObject({ lastSeq: 2, depth: 0, deadLetters: [] });
    }
  });

  it("stops at the signal and leaves the rest waiting", async () => {
    const controller = new AbortController();
    const { bridge } = await open(disk(), { deliver: async () => controller.abort() });
    await bridge.append("a", 1);
    await bridge.append("b", 2);
    expect(await bridge.drain({ signal: controller.signal })).toEqual({ delivered: 1, dead: 0, stopped: "aborted" });
    expect(bridge.health()).toMatchObject({ depth: 1, lag: 1 });
    await bridge.close();
  });

  it("writes a snapshot and cuts the journal, and still knows every id", async () => {
    const fs = disk();
    const first = await open(fs, {
      snapshotEvery: 4,
      deliver: async ({ seq }) => (seq === 2 ? Promise.reject(new Error("no")) : undefined),
      maxAttempts: 1,
    });
    for (const id of ["a", "b", "c", "d"]) await first.bridge.append(id, id);
    await first.bridge.drain();
    await first.bridge.append("e", "e");
    await first.bridge.close();
    expect(fs.text("/queue/bridge.json")).toContain("gov.bridge");
    const second = await open(fs);
    expect(second.bridge.health()).toMatchObject({ depth: 1, deadLetters: 1 });
    for (const [index, id] of ["a", "b", "c", "d", "e"].entries())
      expect(await second.bridge.append(id, id)).toEqual({ seq: index + 1, duplicate: true });
    expect(await second.bridge.append("f", "f")).toEqual({ seq: 6, duplicate: false });
    await second.bridge.close();
  });

  it("refuses a snapshot that was changed, exchanged, or written by a newer version", async () => {
    const fs = disk();
    const { bridge } = await open(fs, { snapshotEvery: 1 });
    await bridge.append("a", 1);
    await bridge.drain();
    await bridge.close();
    const text = fs.text("/queue/bridge.json") ?? "";
    const withSnapshot = (content: string): MemoryFileSystem => {
      const files = new Map(fs.files());
      files.set("/queue/bridge.json", new TextEncoder().encode(content));
      return createMemoryFileSystem({ files: Object.fromEntries(files) });
    };
    for (const changed of [text.replace('"lastSeq":1', '"lastSeq":2'), "{}", "{", text.replace("gov.bridge", "gov.other")])
      await expect(open(withSnapshot(changed)), changed).rejects.toMatchObject({ code: "INDEX_CORRUPT" });
    await expect(open(withSnapshot(text.replace('"version":1', '"version":2')))).rejects.toMatchObject({ code: "INDEX_VERSION" });
  });

  it("refuses a journal that was changed, or written by a newer version, in its own words", async () => {
    const fs = disk();
    const { bridge } = await open(fs);
    await bridge.append("a", 1);
    await bridge.close();
    const name = [...fs.files().keys()].find((path) => path.startsWith("/queue/journal/") && path.endsWith(".log")) as string;
    const place = [...fs.files()].find(([, bytes]) => new TextDecoder().decode(bytes).includes('"format":"gov.journal","version":1')) as [
      string,
      Uint8Array,
    ];
    const damaged = Uint8Array.from(fs.files().get(name) as Uint8Array).fill(1, 0, 8);
    const newer = new TextEncoder().encode(new TextDecoder().decode(place[1]).replace('"version":1', '"version":2'));
    const cases = [
      [name, damaged, "INDEX_CORRUPT"],
      [place[0], newer, "INDEX_VERSION"],
    ] as const;
    for (const [path, bytes, code] of cases) {
      const changed = createMemoryFileSystem({ files: Object.fromEntries(new Map(fs.files()).set(path, bytes)) });
      await expect(readBridge("/queue", { fs: changed })).rejects.toMatchObject({ name: "IndexError", code });
      await expect(open(changed)).rejects.toMatchObject({ name: "IndexError", code });
    }
  });
});

/** What a power cut after each call of a short life of a bridge breaks, and how many states were looked at. */
async function explore(
  directoryOrder: "ordered" | "any",
  through: (fs: MemoryFileSystem) => MemoryFileSystem,
): Promise<{ readonly broken: readonly string[]; readonly images: number }> {
  const accepted: string[] = [];
  const broken: string[] = [];
  let images = 0;
  const look = async (image: MemoryFileSystem): Promise<void> => {
    const { bridge, delivered } = await open(image);
    // Everything accepted is known under its old number; the entry on its way may be, too.
    for (const [index, id] of accepted.entries()) {
      const found = await bridge.append(id, id);
      if (!found.duplicate || found.seq !== index + 1) broken.push(`${id} was lost`);
    }
    const next = await bridge.append("next", "next");
    if (next.seq > accepted.length + 2) broken.push(`a gap before ${String(next.seq)}`);
    await bridge.drain();
    const seqs = delivered.map(({ seq }) => seq);
    if (JSON.stringify(seqs) !== JSON.stringify([...new Set(seqs)].sort((x, y) => x - y))) broken.push(`delivered ${seqs.join()}`);
    if (seqs.at(-1) !== next.seq || bridge.health().depth > 0) broken.push("something still waits");
    await bridge.close();
  };
  const fs: MemoryFileSystem = createMemoryFileSystem({
    files: { "/keep": "" },
    afterCall: async () => {
      for (const image of fs.crashImages({ directoryOrder, maxImages: 12, seed: fs.calls() })) {
        images += 1;
        await look(image).catch((error: unknown) => broken.push(String(error)));
      }
    },
  });
  const { bridge } = await open(through(fs), { acknowledgeEvery: 1, snapshotEvery: 3 });
  for (const id of ["a", "b"]) {
    await bridge.append(id, id);
    accepted.push(id);
  }
  await bridge.drain();
  await bridge.append("c", "c");
  accepted.push("c");
  await bridge.drain();
  await bridge.close();
  return { broken, images };
}

/** A file system whose syncs do nothing. */
function unsynced(fs: MemoryFileSystem): MemoryFileSystem {
  const nothing = async (): Promise<void> => undefined;
  return { ...fs, open: async (...given) => ({ ...(await fs.open(...given)), sync: nothing, datasync: nothing }) };
}

describe("openBridge() under power cuts", () => {
  for (const directoryOrder of ["ordered", "any"] as const) {
    it(`loses no accepted entry, keeps the order gap-free, and delivers what was not acknowledged, directory ${directoryOrder} (IDX-11, NFR-06)`, async () => {
      const { broken, images } = await explore(directoryOrder, (fs) => fs);
      expect(broken).toEqual([]);
      expect(images).toBeGreaterThan(100);
    });
  }

  it("is tried by a harness that convicts a bridge on a disk without syncs", async () => {
    const { broken } = await explore("any", unsynced);
    expect(broken).toContain("a was lost");
  });
});

describe("createCircuitBreaker()", () => {
  it("lets a single call through while half open, and opens again when it fails", () => {
    let now = 0;
    const breaker = createCircuitBreaker({ failureThreshold: 1, coolDownMs: 10, monotonicMs: () => now });
    breaker.record("failure");
    expect([breaker.state(), breaker.admit()]).toEqual(["open", false]);
    now = 10;
    expect([breaker.admit(), breaker.admit()]).toEqual([true, false]);
    breaker.record("failure");
    expect(breaker.state()).toBe("open");
    now = 20;
    expect(breaker.admit()).toBe(true);
    breaker.record("success");
    expect(breaker.state()).toBe("closed");
  });

  it("refuses options out of range", () => {
    expect(() => createCircuitBreaker({ failureThreshold: 0, monotonicMs: () => 0 })).toThrow(RangeError);
    expect(() => createCircuitBreaker({ coolDownMs: Number.NaN, monotonicMs: () => 0 })).toThrow(RangeError);
  });
});

describe("backoffDelay()", () => {
  it("grows up to its bound and is spread over all of it", () => {
    expect([1, 2, 3, 20].map((attempt) => backoffDelay(attempt, 0.999_999))).toEqual([99, 199, 399, 9999]);
    expect(backoffDelay(20, 0)).toBe(0);
  });
});

describe("readBridge()", () => {
  it("sees beside the holder what waits and what is dead, before and after the journal was cut, and changes nothing (IDX-13)", async () => {
    const fs = disk();
    expect(await readBridge("/queue", { fs })).toEqual({ lastSeq: 0, depth: 0, lag: 0, pendingBytes: 0, deadLetters: [] });
    const deliver = async ({ id }: BridgeEntry): Promise<void> => {
      if (id === "b") throw new Error("refused");
    };
    const { bridge } = await open(fs, { deliver, maxAttempts: 1, snapshotEvery: 3, breaker: { failureThreshold: 9 } });
    for (const id of ["a", "b"]) await bridge.append(id, id);
    expect(await readBridge("/queue", { fs })).toMatchObject({ lastSeq: 2, depth: 2, lag: 2, pendingBytes: 6, deadLetters: [] });
    await bridge.drain();
    for (const id of ["c", "d"]) await bridge.append(id, id);
    const before = JSON.stringify([...fs.files()]);
    const dead = [{ seq: 2, id: "b", payload: "b", errors: ["refused"] }];
    expect(await readBridge("/queue", { fs })).toMatchObject({ lastSeq: 4, depth: 2, lag: 2, deadLetters: dead });
    expect(JSON.stringify([...fs.files()])).toBe(before);
    const { depth, lag, pendingBytes } = bridge.health();
    expect(await readBridge("/queue", { fs })).toMatchObject({ depth, lag, pendingBytes });
    await bridge.close();
    await fs.unlink("/queue/bridge.json");
    await expect(readBridge("/queue", { fs })).rejects.toMatchObject({ code: "INDEX_CORRUPT" });
  });

  it("tells the lag of more entries than a call takes arguments, also where the oldest was put back behind younger ones (IDX-13)", async () => {
    const count = 200_000;
    const seqs = [...Array.from({ length: count - 1 }, (_, index) => index + 2), 1];
    const pending = seqs.map((seq) => ({ seq, id: `e${String(seq)}`, payload: 0 }));
    const content = { journalSeq: 0, lastSeq: count, ids: [], pending, dead: [] };
    const snapshot = { format: "gov.bridge", version: 1, content, digest: digestBytes(canonicalJson(content)) };
    const fs = createMemoryFileSystem({ files: { "/queue/bridge.json": canonicalJson(snapshot) } });
    expect(await readBridge("/queue", { fs })).toMatchObject({ lastSeq: count, depth: count, lag: count });
    const { bridge } = await open(fs, { maxPending: count });
    expect(bridge.health()).toMatchObject({ depth: count, lag: count });
    await bridge.close();
  });
});
