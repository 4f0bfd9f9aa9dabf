import { openJournal } from "@gov/atomic-io/journal";
import { acquireLease, type WaitTimers } from "@gov/atomic-io/lock";
import { createMemoryFileSystem, createMemoryLockHost, type MemoryFileSystem } from "@gov/atomic-io/testing";
import { describe, expect, it } from "vitest";
import { records, textsOf } from "./journal-records.ts";

/** Renewals that never come: the holder is paused. */
const paused: WaitTimers = {
  monotonicMs: () => 0,
  sleep: (_ms, signal) => new Promise((resolve) => signal?.addEventListener("abort", () => resolve())),
};

function waiting(): WaitTimers {
  let now = 0;
  return { monotonicMs: () => now, sleep: async (ms) => void (now += ms) };
}

const lease = (fs: MemoryFileSystem, pid: number): ReturnType<typeof acquireLease> =>
  acquireLease("/lease", {
    fs,
    host: createMemoryLockHost({ pid }),
    leaseMs: 10,
    timeoutMs: 100,
    timers: waiting(),
    renewalTimers: paused,
  });

describe("openJournal() under a lease", () => {
  it("acknowledges nothing once the lease has passed on, also before the next holder has opened the journal", async () => {
    const fs = createMemoryFileSystem();
    const journal = await openJournal("/journal", { fs, lease: await lease(fs, 1) });
    await journal.append(records("acknowledged"));
    const next = await lease(fs, 2);
    await expect(journal.append(records("too late"))).rejects.toMatchObject({ code: "ATOMIC_IO_LEASE_LOST" });
    await expect(journal.append(records("later"))).rejects.toMatchObject({ code: "ATOMIC_IO_LEASE_LOST" });
    const again = await openJournal("/journal", { fs, lease: next });
    // Written and never acknowledged: it may stand there or not, and stands there for good now.
    expect(await textsOf(again)).toEqual(["1:acknowledged", "2:too late"]);
    expect(await again.append(records("new"))).toEqual({ firstSeq: 3, lastSeq: 3 });
    await journal.close();
    await again.close();
  });

  it("does not take the journal from its holder with a lease that is lost before it has begun", async () => {
    const fs = createMemoryFileSystem();
    const late = await lease(fs, 1);
    const holder = await openJournal("/journal", { fs, lease: await lease(fs, 2) });
    await expect(openJournal("/journal", { fs, lease: late })).rejects.toMatchObject({ code: "ATOMIC_IO_LEASE_LOST" });
    expect(await holder.append(records("undisturbed"))).toEqual({ firstSeq: 1, lastSeq: 1 });
    await holder.close();
  });

  it("gives no acknowledgement to who loses the lease while opening", async () => {
    const fs = createMemoryFileSystem();
    const held = await lease(fs, 1);
    let confirmations = 0;
    const slow = { confirm: async () => (++confirmations === 2 ? void (await lease(fs, 2)) : undefined, held.confirm()) };
    await expect(openJournal("/journal", { fs, lease: slow })).rejects.toMatchObject({ code: "ATOMIC_IO_LEASE_LOST" });
    expect([...fs.files().keys()].filter((path) => path.startsWith("/journal/"))).toEqual([]);
  });

  it("refuses steps of space that make no sense", async () => {
    for (const preallocateBytes of [-1, 0.5, Number.NaN])
      await expect(openJournal("/journal", { fs: createMemoryFileSystem(), preallocateBytes })).rejects.toThrow(RangeError);
  });
});
