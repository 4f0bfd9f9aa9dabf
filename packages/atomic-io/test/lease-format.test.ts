import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { acquireLease, type WaitTimers } from "@gov/atomic-io/lock";
import { createMemoryFileSystem, createMemoryLockHost, type MemoryFileSystem } from "@gov/atomic-io/testing";
import { describe, expect, it } from "vitest";

const fixture = join(import.meta.dirname, "fixtures/lease-v1");
const golden = new Map(readdirSync(fixture).map((name) => [name, new Uint8Array(readFileSync(join(fixture, name)))]));
const held = "lease-0000000002";
const leaseMs = 100;

const host = (pid: number) => createMemoryLockHost({ pid });
/** A holder that never comes to renew. */
const never: WaitTimers = {
  monotonicMs: () => 0,
  sleep: (_ms, signal) => new Promise((resolve) => void signal?.addEventListener("abort", () => resolve())),
};

/** Time that passes only when somebody waits. */
function waiting(): WaitTimers {
  let now = 0;
  return { monotonicMs: () => now, sleep: async (ms) => void (now += ms) };
}

function diskOf(changed: Readonly<Record<string, Uint8Array>> = {}, without: readonly string[] = []): MemoryFileSystem {
  const kept = [...golden].filter(([name]) => !without.includes(name));
  return createMemoryFileSystem({ files: Object.fromEntries(kept.map(([name, bytes]) => [`/lease/${name}`, changed[name] ?? bytes])) });
}

/** Takes the lease that stands there: its epoch, and how long nobody gave a sign of life before. */
async function take(fs: MemoryFileSystem): Promise<{ readonly epoch: number; readonly waitedMs: number }> {
  const timers = waiting();
  const lease = await acquireLease("/lease", { fs, host: host(9), leaseMs, timeoutMs: 1000, timers, renewalTimers: never });
  await lease.confirm();
  return { epoch: lease.epoch, waitedMs: timers.monotonicMs() };
}

// Written once by the release that introduced version 1, and never again: what was written then is read for ever.
describe("the lease format, version 1 (docs/formats/lease-v1.md)", () => {
  it("is written byte for byte as it was", async () => {
    const options = { fs: createMemoryFileSystem(), renewalTimers: never, random: (length: number) => new Uint8Array(length).fill(7) };
    const first = await acquireLease("/lease", { ...options, host: host(7) });
    await first.release();
    await acquireLease("/lease", { ...options, host: host(8) });
    const written = [...options.fs.files()].map(([path, bytes]) => [path.replace("/lease/", ""), Buffer.from(bytes).toString("utf8")]);
    expect(Object.fromEntries(written)).toEqual(
      Object.fromEntries([...golden].map(([name, bytes]) => [name, Buffer.from(bytes).toString("utf8")])),
    );
  });

  it("is read as it was written once and for all: a lease that was let go is there to take, one that is held once its time is over", async () => {
    const impatient = acquireLease("/lease", { fs: diskOf(), host: host(9), leaseMs, timeoutMs: leaseMs / 2, timers: waiting() });
    await expect(impatient).rejects.toMatchObject({ code: "ATOMIC_IO_LOCK_HELD", details: { epoch: 2, owner: { pid: 8 } } });
    expect(await take(diskOf())).toMatchObject({ epoch: 3, waitedMs: expect.toSatisfy((ms: number) => ms >= leaseMs) as number });
    const released = diskOf(
      {},
      [...golden.keys()].filter((name) => name.endsWith("2")),
    );
    expect(await take(released)).toEqual({ epoch: 2, waitedMs: 0 });
  });

  it("never lets anybody in earlier with a byte altered: what cannot be read is held", async () => {
    const bytes = golden.get(held) ?? new Uint8Array();
    for (let at = 0; at < bytes.byteLength; at++) {
      const altered = bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));
      const { epoch, waitedMs } = await take(diskOf({ [held]: altered }));
      expect([at, epoch, waitedMs >= leaseMs]).toEqual([at, 3, true]);
    }
  });
});
