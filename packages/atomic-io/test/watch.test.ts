import { mkdirSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type AtomicIoError, type FileSystem, nodeFileSystem, replaceFile } from "@gov/atomic-io";
import type { WaitTimers } from "@gov/atomic-io/lock";
import { createMemoryFileSystem } from "@gov/atomic-io/testing";
import {
  type FileChange,
  openDirectoryWatch,
  openFileWatch,
  readDual,
  type Watch,
  type WatchListener,
  type WatchSource,
} from "@gov/atomic-io/watch";
import { afterEach, describe, expect, it } from "vitest";
import { scratchDirectory } from "./scratch.ts";

const open: Watch[] = [];

afterEach(async () => {
  for (const watch of open.splice(0)) await watch.close();
});

function keeping(watch: Watch): Watch {
  open.push(watch);
  return watch;
}

/** Waits until something holds; only for what the real file system does. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await holds()); tries++) {
    if (tries > 500) throw new Error("It did not come about within five seconds");
    await sleep(10);
  }
}

/** Events that a test gives. */
function givenEvents(): {
  readonly source: WatchSource;
  readonly say: (name: string | null) => void;
  readonly fail: (error: Error) => void;
  subscriptions: number;
} {
  let listener: WatchListener | null = null;
  const given = {
    subscriptions: 0,
    source: ((_directory, heard) => {
      given.subscriptions += 1;
      listener = heard;
      return () => void (listener = null);
    }) satisfies WatchSource,
    say: (name: string | null) => listener?.onEvent(name),
    fail: (error: Error) => listener?.onError(error),
  };
  return given;
}

/** A clock that only a test moves. */
function handTimers(): WaitTimers & { readonly pass: (ms: number) => Promise<void> } {
  let now = 0;
  let sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  return {
    monotonicMs: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        sleepers.push({ at: now + ms, wake: resolve });
        signal?.addEventListener("abort", () => resolve());
      }),
    pass: async (ms) => {
      now += ms;
      const due = sleepers.filter(({ at }) => at <= now);
      sleepers = sleepers.filter(({ at }) => at > now);
      for (const { wake } of due) wake();
      for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
};

describe("openFileWatch() on the machine's file system", () => {
  it("delivers each of fifty replaces and the last one for sure, where watching the file itself goes deaf after the first (AIO-07)", async () => {
    const path = join(scratchDirectory(), "plan.yaml");
    const changes: FileChange[] = [];
    const seen: string[] = [];
    keeping(
      await openFileWatch(path, {
        onChange: async (change) => {
          changes.push(change);
          if (change.stat !== null) seen.push(await readFile(path, "utf8"));
        },
      }),
    );
    expect(changes).toEqual([]);
    for (let round = 1; round <= 50; round++) {
      await replaceFile(path, `round ${round}`, { durability: "none" });
      await until(() => seen.at(-1) === `round ${round}`);
    }
    expect(changes.filter(({ replaced }) => replaced)).toHaveLength(50);
    // An event that comes after its file was examined already is believed once more, within a tick of the clock.
    const repeated = changes.filter(({ replaced }) => !replaced);
    for (const change of repeated) expect(change.stat).toEqual(changes[changes.indexOf(change) - 1]?.stat);
  });

  it("delivers the last of a burst of replaces, which may be all it delivers", async () => {
    const path = join(scratchDirectory(), "plan.yaml");
    let seen = "";
    keeping(await openFileWatch(path, { onChange: async () => void (seen = await readFile(path, "utf8")) }));
    for (let round = 1; round <= 200; round++) await replaceFile(path, `round ${round}`, { durability: "none" });
    await until(() => seen === "round 200");
  });

  it("waits for a writer in place to be done, and says that the file is still the same one (AIO-07)", async () => {
    const path = join(scratchDirectory(), "report.txt");
    writeFileSync(path, "old");
    const changes: string[] = [];
    keeping(
      await openFileWatch(path, {
        writing: "in_place",
        settleMs: 60,
        onChange: async ({ replaced }) => void changes.push(`${replaced} ${await readFile(path, "utf8")}`),
      }),
    );
    expect(changes).toEqual(["true old"]);
    truncateSync(path, 0);
    for (let part = 1; part <= 5; part++) {
      writeFileSync(path, `${part}`.repeat(part), { flag: "a" });
      await sleep(10);
    }
    await until(() => changes.at(-1) === "false 122333444455555");
    expect(changes).toHaveLength(2);
  });

  it("follows a file that is removed and created anew, in a directory that is exchanged", async () => {
    const root = scratchDirectory();
    mkdirSync(join(root, "a"));
    const path = join(root, "a/plan.yaml");
    const changes: (number | null)[] = [];
    keeping(await openFileWatch(path, { pollMs: 20, onChange: ({ stat }) => void changes.push(stat?.size ?? null) }));
    writeFileSync(path, "1");
    await until(() => changes.at(-1) === 1);
    rmSync(path);
    await until(() => changes.at(-1) === null);
    renameSync(join(root, "a"), join(root, "b"));
    mkdirSync(join(root, "a"));
    writeFileSync(path, "12");
    await until(() => changes.at(-1) === 2);
    await replaceFile(path, "123");
    await until(() => changes.at(-1) === 3);
  });
});

describe("openDirectoryWatch()", () => {
  it("delivers the files of a directory and never a temporary, however long a writer takes", async () => {
    const directory = scratchDirectory();
    mkdirSync(join(directory, "sub"));
    const paths: string[] = [];
    keeping(await openDirectoryWatch(directory, { pollMs: 5, onChange: ({ path }) => void paths.push(path) }));
    const slow: FileSystem = {
      ...nodeFileSystem,
      rename: async (from, to) => {
        await sleep(60);
        await nodeFileSystem.rename(from, to);
      },
    };
    for (const name of ["b", "a", "b"]) await replaceFile(join(directory, name), name, { fs: slow, durability: "none" });
    // A rescan may see a file before its event comes: within a tick of the clock the event is believed as well, and the same state is told twice in a row.
    const changes = (): readonly string[] => paths.filter((path, index) => path !== paths[index - 1]);
    await until(() => changes().length >= 3);
    expect(changes()).toEqual(["b", "a", "b"].map((name) => join(directory, name)));
  });

  it("examines everything when events were dropped, and says so", async () => {
    const fs = createMemoryFileSystem({ files: { "/d/a": "1", "/d/b": "1" } });
    const { source, say } = givenEvents();
    const paths: string[] = [];
    const heard: string[] = [];
    const timers = handTimers();
    const watch = await openDirectoryWatch("/d", {
      ...{ fs, source, timers },
      onChange: ({ path, stat }) => void paths.push(`${path} ${stat?.size ?? "gone"}`),
      observer: { event: (name) => void heard.push(name) },
    });
    expect(paths.splice(0)).toEqual(["/d/a 1", "/d/b 1"]);
    await replaceFile("/d/b", "22", { fs });
    await replaceFile("/d/c", "333", { fs });
    await fs.unlink("/d/a");
    await settle();
    expect(paths).toEqual([]);
    say(null);
    await settle();
    expect(paths).toEqual(["/d/a gone", "/d/b 2", "/d/c 3"]);
    expect(heard).toEqual(["watch.rescan"]);
    await watch.close();
    say("b");
    await replaceFile("/d/b", "4444", { fs });
    await settle();
    expect(paths).toHaveLength(3);
  });

  it("tells a file that was replaced twice from one that was written to, also when it got the inode number of the first (AIO-07)", async () => {
    const disk = createMemoryFileSystem({ files: { "/d/log": "1" } });
    const fs: FileSystem = { ...disk, stat: async (path) => ({ ...(await disk.stat(path)), inode: 7n }) };
    const { source, say } = givenEvents();
    const seen: string[] = [];
    const watch = await openFileWatch("/d/log", {
      ...{ fs, source, timers: handTimers() },
      onChange: ({ replaced, stat }) => void seen.push(`${replaced} ${stat?.size}`),
    });
    const handle = await disk.open("/d/log", "append");
    await handle.write(Buffer.from("22"), null);
    await handle.close();
    say("log");
    await settle();
    await replaceFile("/d/log", "new", { fs: disk });
    await replaceFile("/d/log", "newer", { fs: disk });
    say("log");
    await settle();
    expect(seen).toEqual(["true 1", "false 3", "true 5"]);
    await watch.close();
  });

  it("examines what there is though the observer throws", async () => {
    const fs = createMemoryFileSystem({ files: { "/d/a": "1" } });
    const { source, say } = givenEvents();
    const paths: string[] = [];
    const watch = await openDirectoryWatch("/d", {
      ...{ fs, source, timers: handTimers() },
      onChange: ({ path }) => void paths.push(path),
      observer: {
        event: (name) => {
          throw new Error(`heard ${name}`);
        },
      },
    });
    await replaceFile("/d/b", "22", { fs });
    say(null);
    await settle();
    expect(paths).toEqual(["/d/a", "/d/b"]);
    await watch.close();
  });

  it("goes on by polling when events cannot be had, tries again, and says so once", async () => {
    const fs = createMemoryFileSystem({ files: { "/d/a": "1" } });
    const given = givenEvents();
    let broken = true;
    const source: WatchSource = (directory, listener) => {
      if (broken) throw Object.assign(new Error("ENOSPC: no more watches"), { code: "ENOSPC" });
      return given.source(directory, listener);
    };
    const timers = handTimers();
    const sizes: (number | undefined)[] = [];
    const heard: string[] = [];
    const observer = { event: (name: string) => void heard.push(name) };
    keeping(
      await openDirectoryWatch("/d", { fs, source, timers, pollMs: 100, observer, onChange: ({ stat }) => void sizes.push(stat?.size) }),
    );
    for (let round = 0; round < 3; round++) {
      await replaceFile("/d/a", "x".repeat(round + 2), { fs });
      await timers.pass(100);
    }
    expect(sizes).toEqual([1, 2, 3, 4]);
    expect(heard.filter((name) => name === "watch.degraded")).toHaveLength(1);
    broken = false;
    await timers.pass(100);
    expect(given.subscriptions).toBe(1);
    await replaceFile("/d/a", "x".repeat(9), { fs });
    given.say("a");
    await settle();
    expect(sizes.at(-1)).toBe(9);
    given.fail(new Error("gone"));
    expect(heard.filter((name) => name === "watch.degraded")).toHaveLength(2);
  });

  it("believes an event about a file that looks as it did, when it was written within one tick of the clock", async () => {
    const fs = createMemoryFileSystem({ files: { "/d/a": "1" } });
    const { source, say } = givenEvents();
    const frozen: FileSystem = {
      ...fs,
      stat: async (path) => ({ ...(await fs.stat(path)), inode: 7n, modifiedNs: 5_000_000_000n, changedNs: 5_000_000_000n }),
    };
    for (const [now, times] of [
      [5_010, 2],
      [5_100, 1],
    ] as const) {
      let delivered = 0;
      const watch = await openDirectoryWatch("/d", {
        fs: frozen,
        source,
        timers: handTimers(),
        now: () => now,
        onChange: () => void (delivered += 1),
      });
      say("a");
      await settle();
      expect(delivered).toBe(times);
      await watch.close();
    }
  });

  it("delivers a file that never settles after a while, and what comes later as well", async () => {
    const fs = createMemoryFileSystem({ files: { "/d/a": "1" } });
    const { source, say } = givenEvents();
    const timers = handTimers();
    const sizes: (number | undefined)[] = [];
    const options = { fs, source, timers, writing: "in_place", settleMs: 50, maxDelayMs: 200, pollMs: 1e6 } as const;
    const opening = openDirectoryWatch("/d", { ...options, onChange: ({ stat }) => void sizes.push(stat?.size) });
    await settle();
    for (let round = 0; round < 4; round++) await timers.pass(50);
    keeping(await opening);
    sizes.length = 0;
    for (let round = 1; round <= 12; round++) {
      const handle = await fs.open("/d/a", "append");
      await handle.write(Buffer.from("x"), null);
      await handle.close();
      say("a");
      await timers.pass(50);
    }
    expect(sizes.length).toBeGreaterThanOrEqual(2);
    for (let round = 0; round < 10; round++) await timers.pass(50);
    expect(sizes.at(-1)).toBe(13);
  });

  it("never throws: what the listener throws, and what cannot be examined, goes to onError", async () => {
    let broken = false;
    const fs = createMemoryFileSystem({
      files: { "/d/a": "1" },
      fault: (call) => (broken && (call.name === "stat" || call.name === "readdir") && call.path !== "/d" ? { errno: "EIO" } : undefined),
    });
    const { source, say } = givenEvents();
    const errors: AtomicIoError[] = [];
    const watch = await openDirectoryWatch("/d", {
      ...{ fs, source, timers: handTimers() },
      onChange: () => Promise.reject(new Error("of no consequence")),
      onError: (error) => void errors.push(error),
    });
    broken = true;
    say("a");
    await settle();
    expect(errors.map(({ code, details }) => [code, details["step"]])).toEqual([
      ["ATOMIC_IO_READ_FAILED", "the listener"],
      ["ATOMIC_IO_READ_FAILED", "examining it"],
    ]);
    await watch.close();
    await watch.close();
  });

  it("goes on when onError throws as well", async () => {
    const fs = createMemoryFileSystem({ files: { "/d/a": "1" } });
    const { source, say } = givenEvents();
    const sizes: (number | undefined)[] = [];
    const fail = (): never => {
      throw new Error("of no consequence");
    };
    const onChange = ({ stat }: FileChange): void => void (sizes.push(stat?.size), fail());
    keeping(await openFileWatch("/d/a", { fs, source, timers: handTimers(), onChange, onError: fail }));
    await replaceFile("/d/a", "22", { fs });
    say("a");
    await settle();
    expect(sizes).toEqual([1, 2]);
  });

  it("ends with its signal, and refuses options that make no sense", async () => {
    const fs = createMemoryFileSystem({ files: { "/d/a": "1" } });
    const { source, say } = givenEvents();
    const controller = new AbortController();
    let delivered = 0;
    const options = { fs, source, timers: handTimers(), signal: controller.signal, onChange: () => void (delivered += 1) };
    await openDirectoryWatch("/d", options);
    controller.abort();
    await replaceFile("/d/a", "22", { fs });
    say("a");
    await settle();
    expect(delivered).toBe(1);
    await expect(openDirectoryWatch("/d", options)).rejects.toThrow();
    const onChange = (): void => undefined;
    await expect(openFileWatch("/d/a", {} as { onChange: () => void })).rejects.toThrow(TypeError);
    await expect(openFileWatch("", { onChange })).rejects.toThrow(TypeError);
    for (const wrong of [{ pollMs: 0 }, { settleMs: -1 }, { maxDelayMs: Number.NaN }, { writing: "copy" as "rename" }])
      await expect(openFileWatch("/d/a", { fs, source, onChange, ...wrong })).rejects.toThrow(RangeError);
  });

  it("ends with a signal that aborts while it opens, and subscribes to nothing any more once it is closed", async () => {
    const fs = createMemoryFileSystem({ files: { "/d/a": "1" } });
    const given = givenEvents();
    const timers = handTimers();
    let delivered = 0;
    const controller = new AbortController();
    const onChange = (): void => {
      delivered += 1;
      controller.abort();
    };
    await openFileWatch("/d/a", { fs, source: given.source, timers, signal: controller.signal, onChange });
    await replaceFile("/d/a", "22", { fs });
    given.say("a");
    await timers.pass(1000);
    expect(delivered).toBe(1);
    let looked = (): void => undefined;
    let slow = false;
    const later: FileSystem = {
      ...fs,
      stat: async (path) => {
        if (slow && path === "/d") await new Promise<void>((resolve) => (looked = resolve));
        return fs.stat(path);
      },
    };
    let subscribed = 0;
    const source: WatchSource = () => {
      subscribed += 1;
      return () => void (subscribed -= 1);
    };
    const watch = await openFileWatch("/d/a", { fs: later, source, timers, onChange: () => undefined });
    slow = true;
    await timers.pass(1000);
    const closing = watch.close();
    looked();
    await closing;
    expect(subscribed).toBe(0);
  });

  it("examines what comes while it lists a directory", async () => {
    const fs = createMemoryFileSystem({ files: { "/d/a": "1" } });
    let listed = (): void => undefined;
    let slow = false;
    const later: FileSystem = {
      ...fs,
      readdir: async (path) => {
        const names = await fs.readdir(path);
        if (slow) await new Promise<void>((resolve) => (listed = resolve));
        return names;
      },
    };
    const { source, say } = givenEvents();
    const paths: string[] = [];
    const onChange = ({ path }: FileChange): void => void paths.push(path);
    const watch = keeping(await openDirectoryWatch("/d", { fs: later, source, timers: handTimers(), onChange }));
    for (const [name, tell] of [
      ["b", () => say("b")],
      ["c", () => say(null)],
      ["d", () => void watch.rescan()],
    ] as const) {
      slow = true;
      const scanned = watch.rescan();
      await settle();
      await replaceFile(`/d/${name}`, "1", { fs });
      tell();
      slow = false;
      listed();
      await scanned;
      await settle();
      expect(paths.at(-1)).toBe(`/d/${name}`);
    }
  });

  it("waits as long as timers can where it is to wait for longer", async () => {
    const directory = scratchDirectory();
    let looks = 0;
    const fs: FileSystem = { ...nodeFileSystem, stat: (path) => ((looks += 1), nodeFileSystem.stat(path)) };
    const watch = await openFileWatch(join(directory, "a"), { fs, pollMs: Number.POSITIVE_INFINITY, onChange: () => undefined });
    await sleep(50);
    await watch.close();
    expect(looks).toBe(2);
  });
});

describe("openFileWatch(), from within its listener", () => {
  it("is closed and told to look again without waiting for the listener itself, and closes for others once it is over", async () => {
    const fs = createMemoryFileSystem({ files: { "/d/a": "1" } });
    const { source, say } = givenEvents();
    const seen: string[] = [];
    let finish = (): void => undefined;
    const watch = await openFileWatch("/d/a", {
      ...{ fs, source, timers: handTimers() },
      onChange: async ({ stat }) => {
        seen.push(`${stat?.size} begins`);
        if (stat?.size === 2) await watch.rescan();
        if (stat?.size === 3) {
          await watch.close();
          await watch[Symbol.asyncDispose]();
          await new Promise<void>((resolve) => (finish = resolve));
        }
        seen.push(`${stat?.size} ends`);
      },
    });
    for (const text of ["12", "123"]) {
      await replaceFile("/d/a", text, { fs });
      say("a");
      await settle();
    }
    const closed = watch.close().then(() => seen.push("closed"));
    await settle();
    expect(seen).toEqual(["1 begins", "1 ends", "2 begins", "2 ends", "3 begins"]);
    finish();
    await closed;
    expect(seen.slice(5)).toEqual(["3 ends", "closed"]);
  });

  it("waits for the listener in what a call of it before has left to be done later", async () => {
    const fs = createMemoryFileSystem({ files: { "/d/a": "1" } });
    const { source, say } = givenEvents();
    let go = (): void => undefined;
    let finish = (): void => undefined;
    const gone = new Promise<void>((resolve) => (go = resolve));
    let closed = false;
    const watch = await openFileWatch("/d/a", {
      ...{ fs, source, timers: handTimers() },
      onChange: ({ stat }) => {
        if (stat?.size !== 1) return new Promise<void>((resolve) => (finish = resolve));
        void gone.then(() => watch.close()).then(() => (closed = true));
      },
    });
    await replaceFile("/d/a", "12", { fs });
    say("a");
    await settle();
    go();
    await settle();
    expect(closed).toBe(false);
    finish();
    await settle();
    expect(closed).toBe(true);
  });
});

describe("readDual()", () => {
  it("finds the file that is moved while it reads (AIO-08)", async () => {
    const fs = createMemoryFileSystem({ files: { "/old": "a" } });
    const moving: FileSystem = {
      ...fs,
      open: async (path, intent, options) => {
        if (path === "/old" && fs.text("/old") !== null) await fs.rename("/old", "/new");
        return fs.open(path, intent, options);
      },
    };
    expect(await readDual({ old: "/old", new: "/new" }, { fs: moving })).toMatchObject({ from: "new", straggler: null });
  });

  it("reads the new file where it is there, else the old one, and reports who still writes the old one (AIO-08)", async () => {
    const heard: unknown[] = [];
    const observer = { event: (name: string, fields: object) => void heard.push([name, fields]) };
    const read = async (files: Record<string, string>): Promise<string | null> => {
      const found = await readDual({ old: "/old", new: "/new" }, { fs: createMemoryFileSystem({ files }), observer });
      return found === null ? null : `${Buffer.from(found.data).toString()} from ${found.from} ${found.straggler ?? ""}`;
    };
    expect(await read({})).toBeNull();
    expect(await read({ "/new": "a" })).toBe("a from new ");
    expect(await read({ "/new": "a", "/old": "a" })).toBe("a from new ");
    expect(heard).toEqual([]);
    expect(await read({ "/old": "b" })).toBe("b from old only_old");
    expect(await read({ "/new": "a", "/old": "bc" })).toBe("a from new differs");
    expect(heard).toEqual([
      ["watch.straggler", { path: "/old", reason: "only_old", oldBytes: 1, newBytes: null }],
      ["watch.straggler", { path: "/old", reason: "differs", oldBytes: 2, newBytes: 1 }],
    ]);
  });
});
