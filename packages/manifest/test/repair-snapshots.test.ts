import { backUpSnapshots, listSnapshots, repairSnapshots, selectSnapshot } from "@gov/manifest/snapshot";
import { describe, expect, it } from "vitest";
import { at } from "./manifest-fakes.ts";
import { sealedFiles, site, take, trusted } from "./snapshot-fakes.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("repairSnapshots()", () => {
  it("brings a store that was lost entirely back from its backup, so that the newest snapshot verifies (MAN-14, PRO-09)", async () => {
    const [own, backup] = [site(), site()];
    await take(own);
    const newest = await take(own, undefined, { ...sealedFiles, "late.md": "late\n" });
    expect(await backUpSnapshots(own, backup)).toMatchObject({ snapshots: 2, damaged: [] });
    expect(await backUpSnapshots(own, backup)).toMatchObject({ snapshots: 0, copied: [] });
    const empty = site();
    const report = await repairSnapshots(empty, backup);
    expect([report.snapshots.length, report.lost]).toEqual([2, []]);
    expect(report.repaired).toEqual(await own.store.list());
    const { digest, signers } = await selectSnapshot(empty.backend, { store: empty.store, policy: trusted, at });
    expect([digest, signers.length]).toEqual([newest.digest, 2]);
    expect(await repairSnapshots(empty, backup)).toMatchObject({ repaired: [], lost: [], snapshots: [] });
  });

  it("touches nothing that is whole, takes no damage from either side, and says what is whole nowhere", async () => {
    const [own, backup] = [site(), site()];
    await take(own);
    await backUpSnapshots(own, backup);
    const later = await take(own, undefined, { "late.md": "late\n" });
    const [first = "", second = ""] = await own.backend.list("snapshots/");
    await own.backend.replace(first, bytes("{"));
    const late = `objects/${later.digest.slice(7, 9)}/${later.digest.slice(9)}`;
    await own.backend.replace(late, bytes("damaged"));
    // A record that cannot be read is not copied over a whole one, nor one of the store replaced by it.
    await backUpSnapshots(own, backup);
    await backup.backend.replace(second, bytes("{"));
    const kept = await own.backend.read(second);
    const report = await repairSnapshots(own, backup);
    expect([report.snapshots, report.lost]).toEqual([[first], [later.digest]]);
    expect(await own.backend.read(second)).toEqual(kept);
    expect((await listSnapshots(own.backend)).map(({ sequence }) => sequence)).toEqual([1, 2]);
  });
});
