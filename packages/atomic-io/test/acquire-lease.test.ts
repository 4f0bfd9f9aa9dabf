import { readdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { type AtomicIoError, type FileSystem, nodeFileSystem, replaceFile } from "@gov/atomic-io";
import { acquireLease, acquireLock, type Observer, type WaitTimers } from "@gov/atomic-io/lock";
import { createMemoryFileSystem, createMemoryLockHost, type MemoryFileSystem } from "@gov/atomic-io/testing";
import { describe, expect, it } from "vitest";
import { fightForLease } from "./fight-for-lease.ts";
import { scratchDirectory } from "./scratch.ts";

/** Time that only passes when someone waits, or when a test says so. */
function fakeTime(): WaitTimers & { readonly pass: (ms: number) => void } {
  let now = 0;
  return {
    monotonicMs: () => now,
    pass: (ms) => void (now += ms),
    sleep: async (ms) => void (now += ms),
  };
}

/** Renewals that happen when a test says so. */
function renewals(): WaitTimers & { readonly due: () => Promise<void> } {
  let wake = (): void => undefined;
  return {
    monotonicMs: () => 0,
    sleep: (_ms, signal) =>
      new Promise((resolve) => {
        wake = resolve;
        signal?.addEventListener("abort", () => resolve());
      }),
    due: async () => {
      wake();
      for (let turn = 0; turn < 50; turn++) await Promise.resolve();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

/** A file system on which every call fails from some moment on, as for a process that is no more. */
function createStoppingFileSystem(fs: MemoryFileSystem, stopped: () => boolean): FileSystem {
  return new Proxy(fs, {
    get: (_, name) => {
      if (stopped()) throw Object.assign(new Error("stopped"), { code: "EIO" });
      return fs[name as keyof FileSystem];
    },
  });
}

const never = renewals();
const host = (pid: number): ReturnType<typeof createMemoryLockHost> => createMemoryLockHost({ pid });
const hearing = (heard: string[]): Observer => ({ event: (name, fields) => void heard.push(`${name} ${JSON.stringify(fields)}`) });

describe("acquireLease()", () => {
  it("gives each holder a higher epoch, and the next one the lease as soon as it is released", async () => {
    const fs = createMemoryFileSystem();
    for (const epoch of [1, 2, 3]) {
      const lease = await acquireLease("/lease", { fs, host: host(epoch), renewalTimers: never });
      expect(lease).toMatchObject({ epoch, directory: "/lease", owner: { pid: epoch } });
      await lease.confirm();
      await lease.release();
      await lease.release();
      await expect(lease.confirm()).rejects.toMatchObject({ code: "ATOMIC_IO_LEASE_LOST" });
      expect(lease.signal.aborted).toBe(false);
    }
  });

  it("keeps contenders out while the holder renews, by their own clock alone (B-28)", async () => {
    const fs = createMemoryFileSystem();
    const beat = renewals();
    const lease = await acquireLease("/lease", { fs, host: host(1), leaseMs: 100, renewalTimers: beat });
    const timers = { ...fakeTime(), sleep: async (ms: number) => (timers.pass(ms), beat.due()) };
    const heard: string[] = [];
    const waiting = acquireLease("/lease", { fs, host: host(2), leaseMs: 100, timeoutMs: 1000, timers, observer: hearing(heard) });
    await expect(waiting).rejects.toMatchObject({ code: "ATOMIC_IO_LOCK_HELD", details: { epoch: 1, owner: { pid: 1 } } });
    await lease.confirm();
    expect(heard.map((line) => line.split(" ")[0])).toEqual(["lease.contended", "lease.timeout"]);
  });

  it("supersedes a holder that gives no sign of life, who then gets no acknowledgement and is told once", async () => {
    const fs = createMemoryFileSystem();
    const lost: AtomicIoError[] = [];
    const heard: string[] = [];
    const beat = renewals();
    const onLost = (error: AtomicIoError): void => {
      lost.push(error);
      throw new Error("of no consequence");
    };
    const paused = await acquireLease("/lease", { fs, host: host(1), leaseMs: 100, renewalTimers: beat, onLost, observer: hearing(heard) });
    const next = await acquireLease("/lease", {
      fs,
      host: host(2),
      leaseMs: 100,
      timeoutMs: 1000,
      timers: fakeTime(),
      renewalTimers: never,
    });
    expect(next.epoch).toBe(2);
    await expect(paused.confirm()).rejects.toMatchObject({ code: "ATOMIC_IO_LEASE_LOST", details: { epoch: 1 } });
    await beat.due();
    await expect(paused.confirm()).rejects.toBe(lost[0]);
    expect([lost.length, paused.signal.aborted, paused.signal.reason === lost[0]]).toEqual([1, true, true]);
    expect(heard.filter((line) => line.startsWith("lease.lost"))).toHaveLength(1);
    await paused.release();
    await next.confirm();
  });

  it("tells the paused holder by its next renewal, without being asked", async () => {
    const fs = createMemoryFileSystem();
    const beat = renewals();
    const paused = await acquireLease("/lease", { fs, host: host(1), leaseMs: 100, renewalTimers: beat });
    await acquireLease("/lease", { fs, host: host(2), leaseMs: 100, timeoutMs: 1000, timers: fakeTime(), renewalTimers: never });
    await beat.due();
    expect(paused.signal.aborted).toBe(true);
  });

  it("acknowledges nothing while it cannot be found out whether the lease holds, and goes on when it can", async () => {
    let broken = false;
    const beat = renewals();
    const fs = createMemoryFileSystem({
      fault: (call) => (broken && (call.name === "stat" || call.name === "readdir") ? { errno: "EIO" } : undefined),
    });
    const lease = await acquireLease("/lease", { fs, host: host(1), renewalTimers: beat });
    broken = true;
    await expect(lease.confirm()).rejects.toMatchObject({ code: "ATOMIC_IO_READ_FAILED" });
    await beat.due();
    broken = false;
    await lease.confirm();
    expect(lease.signal.aborted).toBe(false);
  });

  it("asks after every commit with one look at one file", async () => {
    const calls: string[] = [];
    const fs = createMemoryFileSystem({ fault: ({ name, path }) => void calls.push(`${name} ${path}`) });
    const lease = await acquireLease("/lease", { fs, host: host(1), renewalTimers: never });
    calls.length = 0;
    await lease.confirm();
    expect(calls.map((call) => call.replace(/[0-9a-f]{24}/, "NONCE"))).toEqual(["stat /lease/fence-0000000001-NONCE"]);
    await lease.release();
    expect(await fs.readdir("/lease")).toEqual(["lease-0000000001"]);
  });

  it("gives nobody the lease before the holder has lost the right to acknowledge, wherever the contender is stopped", async () => {
    for (let stop = 1; ; stop++) {
      const fs: MemoryFileSystem = createMemoryFileSystem();
      const holder = await acquireLease("/lease", { fs, host: host(1), renewalTimers: never });
      let calls = 0;
      const faulty = createStoppingFileSystem(fs, () => ++calls >= stop);
      const timers = fakeTime();
      const taken = acquireLease("/lease", { fs: faulty, host: host(2), leaseMs: 10, timeoutMs: 100, timers, renewalTimers: never });
      const given = await taken.then(
        (lease) => lease,
        () => null,
      );
      const acknowledges = await holder.confirm().then(
        () => true,
        () => false,
      );
      expect([given !== null, acknowledges]).not.toEqual([true, true]);
      if (given === null) continue;
      expect(acknowledges).toBe(false);
      break;
    }
  });

  it("takes no other fence for its own, whoever put it up", async () => {
    const scratch = scratchDirectory();
    for (const [place, fs] of [["/lease", createMemoryFileSystem()] as const, [join(scratch, "lease"), nodeFileSystem] as const]) {
      const lease = await acquireLease(place, { fs, renewalTimers: never });
      await lease.confirm();
      const own = (await fs.readdir(place)).filter((name) => name.startsWith("fence-"));
      expect(own).toHaveLength(1);
      await fs.unlink(`${place}/${own[0] as string}`);
      await (await fs.open(`${place}/fence-0000000001-${"0".repeat(24)}`, "create")).close();
      await expect(lease.confirm()).rejects.toMatchObject({ code: "ATOMIC_IO_LEASE_LOST" });
    }
  });

  it("lets exactly one of many contenders have an epoch, and keeps few files", async () => {
    const fs = createMemoryFileSystem();
    const winners = await Promise.allSettled(
      Array.from({ length: 10 }, (_, pid) => acquireLease("/lease", { fs, host: host(pid), renewalTimers: never })),
    );
    expect(winners.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (let holder = 0; holder < 30; holder++) {
      const timers = fakeTime();
      await acquireLease("/lease", { fs, host: host(holder), leaseMs: 10, timeoutMs: 100, timers, renewalTimers: never });
    }
    expect((await fs.readdir("/lease")).length).toBeLessThanOrEqual(9);
  });

  it("does not believe an epoch that it could create only because later holders had removed its file", async () => {
    const fs: MemoryFileSystem = createMemoryFileSystem({ files: { "/lease/lease-0000000003": '{"released":true}' } });
    let moved = false;
    const late = {
      ...fs,
      link: async (existing: string, name: string) => {
        if (!moved && name.endsWith("4")) {
          moved = true;
          await replaceFile("/lease/lease-0000000012", "{}", { fs });
        }
        await fs.link(existing, name);
      },
    };
    await expect(acquireLease("/lease", { fs: late, host: host(1), renewalTimers: never })).rejects.toMatchObject({
      code: "ATOMIC_IO_LOCK_HELD",
      details: { epoch: 12 },
    });
    expect(await fs.readdir("/lease")).toEqual(["lease-0000000003", "lease-0000000012"]);
  });

  it("takes a link to nothing in place of an epoch's file for a holder that gives no sign of life", async () => {
    const directory = scratchDirectory();
    await symlink("nowhere", join(directory, "lease-0000000007"));
    const timers = fakeTime();
    const options = { leaseMs: 1000, timers, renewalTimers: renewals() };
    await expect(acquireLease(directory, options)).rejects.toMatchObject({ code: "ATOMIC_IO_LOCK_HELD" });
    const lease = await acquireLease(directory, { ...options, timeoutMs: 5000 });
    expect(lease.epoch).toBe(8);
    await lease.release();
    expect(await readdir(directory)).not.toContain("nowhere");
  });

  it("ends the wait when the signal aborts, and refuses what makes no sense", async () => {
    const fs = createMemoryFileSystem();
    await acquireLease("/lease", { fs, host: host(1), renewalTimers: never });
    const controller = new AbortController();
    const timers = { ...fakeTime(), sleep: async () => controller.abort(new Error("enough")) };
    await expect(acquireLease("/lease", { fs, timers, timeoutMs: 100, signal: controller.signal })).rejects.toThrow("enough");
    for (const wrong of [-1, Number.NaN, "50", null, true]) {
      await expect(acquireLease("/lease", { fs, leaseMs: wrong as number }), `${String(wrong)}`).rejects.toThrow(RangeError);
      await expect(acquireLease("/lease", { fs, timeoutMs: wrong as number }), `${String(wrong)}`).rejects.toThrow(RangeError);
    }
    // A holder would never be superseded.
    for (const leaseMs of [0, Number.POSITIVE_INFINITY]) await expect(acquireLease("/lease", { fs, leaseMs })).rejects.toThrow(RangeError);
    const closed = createMemoryFileSystem({
      files: { "/d/keep": "" },
      fault: (call) => (call.name === "realpath" ? { errno: "EACCES" } : undefined),
    });
    await expect(acquireLease("/d", { fs: closed })).rejects.toMatchObject({ code: "ATOMIC_IO_LOCK_FAILED" });
  });
});

describe("acquireLock(), observed", () => {
  it("counts contention, and names a wait for oneself a deadlock (AIO-12)", async () => {
    const fs = createMemoryFileSystem();
    const held = new Set<string>();
    const own = createMemoryLockHost({ pid: 1, held });
    const heard: string[] = [];
    const lock = await acquireLock("/lock", { fs, host: own, observer: hearing(heard) });
    for (const contender of [own, createMemoryLockHost({ pid: 2, held })]) {
      const refused = acquireLock("/lock", { fs, host: contender, timers: fakeTime(), timeoutMs: 5, observer: hearing(heard) });
      await expect(refused).rejects.toMatchObject({ code: "ATOMIC_IO_LOCK_HELD" });
    }
    await lock.release();
    expect(heard.map((line) => line.split(" ")[0])).toEqual([
      "lock.acquired",
      ...["lock.contended", "lock.timeout", "lock.contended", "lock.timeout"],
    ]);
    expect(heard.filter((line) => line.includes('"deadlock":true'))).toEqual([heard[2]]);
  });

  it("keeps no lock or lease that its caller does not get because the observer throws", async () => {
    const fs = createMemoryFileSystem();
    const host = createMemoryLockHost({ pid: 1, held: new Set() });
    const observer = {
      event: (name: string) => {
        throw new Error(`heard ${name}`);
      },
    };
    const lock = await acquireLock("/lock", { fs, host, observer });
    const refused = acquireLock("/lock", { fs, host, timers: fakeTime(), timeoutMs: 5, observer });
    await expect(refused).rejects.toMatchObject({ code: "ATOMIC_IO_LOCK_HELD" });
    await lock.release();
    const lease = await acquireLease("/lease", { fs, host, observer });
    await lease.release();
    expect((await acquireLease("/lease", { fs, host, observer })).epoch).toBe(lease.epoch + 1);
  });
});

describe.runIf(process.platform === "linux")("six processes fighting for one lease, holders stopped past it", () => {
  it("are convicted of double acknowledgements when they do not confirm", async () => {
    const { doubles } = await fightForLease(scratchDirectory(), { rounds: 4, leaseMs: 40, careless: true });
    expect(doubles).toBeGreaterThan(0);
  });

  it("never acknowledge a number twice (10,000 rounds are a proof)", async () => {
    const report = await fightForLease(scratchDirectory(), { rounds: 12, leaseMs: 40 });
    expect(report.doubles).toBe(0);
    expect(report.epochs).toBeGreaterThan(3);
  });
});
