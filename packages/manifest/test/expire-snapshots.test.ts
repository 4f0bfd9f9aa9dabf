import { planSnapshotRetention, removeExpiredSnapshots, listSnapshots, takeSnapshot } from "@gov/manifest/snapshot";
import { parseDuration } from "@gov/schema";
import { describe, expect, it } from "vitest";
import { ann, at } from "./manifest-fakes.ts";
import { clock, reader, type Site, site } from "./snapshot-fakes.ts";

const year = parseDuration("1_year");
if (!year.ok) throw new Error("a year is a duration");
const retention = { keepLast: 2, keepFor: year.value };
const day = 86_400_000;
const start = Date.parse(at);

/** One snapshot a day, of one file that changes and one that does not. */
async function daily(own: Site, triggers: readonly ("gate" | "periodic" | "promotion")[], retainUntil?: string): Promise<void> {
  for (const [index, trigger] of triggers.entries()) {
    const files = { "same.md": "same\n", "plan.md": `day ${index}\n` };
    const now = { ...clock, now: () => start + index * day };
    const signers = [ann.signer];
    await takeSnapshot({ trigger, paths: Object.keys(files), readArtifact: reader(files) }, { ...own, clock: now, signers, retainUntil });
  }
}

const sequences = async (own: Site) => (await listSnapshots(own.backend)).map(({ sequence }) => sequence);

describe("planSnapshotRetention()", () => {
  it("lets go what is older than the retention, beyond the newest and not of a promotion, and only what no other holds (PRO-01)", async () => {
    const own = site();
    await daily(own, ["periodic", "promotion", "gate", "periodic", "periodic"]);
    const plan = (days: number) => planSnapshotRetention(retention, { ...own, now: start + days * day });
    expect(await plan(364)).toEqual([]);
    expect((await plan(368)).map(({ record }) => record.sequence)).toEqual([1, 3]);
    const [first] = await plan(366);
    expect([first?.record.sequence, first?.objects.length]).toEqual([1, 1]);
    expect((await plan(100_000)).map(({ record }) => record.sequence)).toEqual([1, 3]);
    const before = (await own.store.list()).length;
    expect(await removeExpiredSnapshots(await plan(368), own)).toBe(2);
    expect([await sequences(own), (await own.store.list()).length]).toEqual([[2, 4, 5], before - 4]);
    expect(await plan(368)).toEqual([]);
    await expect(planSnapshotRetention({ ...retention, keepLast: 0 }, { ...own, now: 0 })).rejects.toThrow(RangeError);
  });

  it("goes on with a removal that was cut short after any call, and leaves whole what cannot be read", async () => {
    for (let cut = 1; cut <= 4; cut++) {
      const own = site();
      await daily(own, ["periodic", "periodic", "periodic"]);
      let calls = 0;
      const backend: Site["backend"] = {
        ...own.backend,
        remove: (name) => (++calls > cut ? Promise.reject(new Error("cut")) : own.backend.remove(name)),
      };
      const { createObjectStore } = await import("@gov/manifest/storage");
      const now = start + 400 * day;
      const expired = await planSnapshotRetention(retention, { ...own, now });
      await removeExpiredSnapshots(expired, { backend, store: createObjectStore(backend, { clock }) }).catch(() => 0);
      await removeExpiredSnapshots(await planSnapshotRetention(retention, { ...own, now }), own);
      expect([cut, await sequences(own), (await own.store.list()).length]).toEqual([cut, [2, 3], 5]);
    }
    const damaged = site();
    await daily(damaged, ["periodic", "periodic", "periodic"]);
    const [record] = await listSnapshots(damaged.backend);
    const hex = record?.snapshot.slice("sha256:".length) ?? "";
    await damaged.backend.replace(`objects/${hex.slice(0, 2)}/${hex.slice(2)}`, new Uint8Array([1]));
    expect(await planSnapshotRetention(retention, { ...damaged, now: start + 400 * day })).toEqual([]);
  });

  it("keeps a snapshot whose objects are retained for longer (MAN-13)", async () => {
    const own = site();
    await daily(own, ["periodic", "periodic", "periodic"], "2099-01-01T00:00:00Z");
    const expired = await planSnapshotRetention(retention, { ...own, now: start + 400 * day });
    expect(expired).toHaveLength(1);
    expect(await removeExpiredSnapshots(expired, own)).toBe(0);
    expect(await sequences(own)).toEqual([1, 2, 3]);
  });
});
