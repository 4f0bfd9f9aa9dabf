import { isManifestError } from "@gov/manifest";
import { createStatement, signStatement } from "@gov/manifest/sign";
import {
  decodeSnapshot,
  encodeSnapshot,
  listSnapshots,
  selectSnapshot,
  type Snapshot,
  snapshotPredicate,
  snapshotTriggers,
  type SnapshotRecord,
  takeSnapshot,
  verifySnapshot,
} from "@gov/manifest/snapshot";
import { digestBytes } from "@gov/schema/canonical";
import { describe, expect, it } from "vitest";
import { ann, at, ben } from "./manifest-fakes.ts";
import { clock, reader, sealedFiles, type Site, site, take, trusted } from "./snapshot-fakes.ts";
import { fakeClock } from "./storage-fakes.ts";

const signers = [ann.signer, ben.signer];
const codesOf = async (work: Promise<unknown>): Promise<readonly string[]> =>
  work.then(
    () => [],
    (error: unknown) => {
      if (!isManifestError(error)) throw error;
      return [error.code, ...error.findings.filter(({ severity }) => severity === "error").map(({ code }) => code)];
    },
  );

describe("takeSnapshot()", () => {
  it("keeps identical content once, signs the list, and measures what could have been lost (PRO-01, PRO-06, B-35)", async () => {
    const own = site();
    const first = await take(own);
    expect(first.recoveryPointMs).toBeNull();
    expect(first.snapshot).toMatchObject({ version: 1, sequence: 1, trigger: "gate", takenAt: "2024-01-15T10:00:00.000Z", manifest: null });
    expect(first.snapshot.artifacts.map(({ path }) => path)).toEqual(Object.keys(sealedFiles).sort());
    expect(await own.store.list()).toHaveLength(3);
    const later = fakeClock("2024-01-15T10:00:30Z");
    const input = { trigger: "promotion", paths: ["twin.md"], readArtifact: reader(sealedFiles), manifest: digestBytes("m") } as const;
    const second = await takeSnapshot(input, { ...own, clock: later, signers, retainUntil: "2031-01-01T00:00:00Z" });
    expect(second).toMatchObject({ recoveryPointMs: 30_000, snapshot: { sequence: 2, trigger: "promotion" } });
    await expect(own.store.remove(second.digest)).rejects.toMatchObject({ code: "MANIFEST_OBJECT_RETAINED" });
    expect((await listSnapshots(own.backend)).map(({ snapshot }) => snapshot)).toEqual([first.digest, second.digest]);
    expect(snapshotTriggers).toEqual(["promotion", "gate", "periodic"]);
  });

  it("refuses a state that never was: missing, or changed while it was read", async () => {
    const own = site();
    const torn = (readArtifact: (path: string) => Promise<Uint8Array | null>): Promise<unknown> =>
      takeSnapshot({ trigger: "gate", paths: ["a"], readArtifact }, { ...own, clock, signers });
    expect(await codesOf(torn(reader({})))).toEqual(["MANIFEST_SNAPSHOT_TORN"]);
    let reads = 0;
    expect(await codesOf(torn(() => Promise.resolve(Uint8Array.of(reads++))))).toEqual(["MANIFEST_SNAPSHOT_TORN"]);
    const gone = (): Promise<Uint8Array | null> => Promise.resolve(reads++ % 2 === 0 ? Uint8Array.of(1) : null);
    expect(await codesOf(torn(gone))).toEqual(["MANIFEST_SNAPSHOT_TORN"]);
    expect(await listSnapshots(own.backend)).toEqual([]);
  });

  it("refuses a promotion nobody signs, nothing, and paths that could not be restored (B-35)", async () => {
    const own = site();
    const from = { trigger: "promotion", paths: ["a"], readArtifact: () => Promise.resolve(new Uint8Array()) } as const;
    await expect(takeSnapshot(from, { ...own, clock })).rejects.toThrow(RangeError);
    for (const paths of [[], ["../a"], ["a", "A"]])
      expect((await codesOf(takeSnapshot({ ...from, paths }, { ...own, clock, signers })))[0]).toBe("MANIFEST_NOT_SEALABLE");
  });

  it("lets one of two that are taken side by side be the one of its number", async () => {
    const own = site();
    const outcomes = await Promise.all([codesOf(take(own)), codesOf(take(own))]);
    expect(outcomes.flat()).toEqual(["MANIFEST_SNAPSHOT_TORN"]);
    expect(await listSnapshots(own.backend)).toHaveLength(1);
  });
});

describe("selectSnapshot()", () => {
  const events: [string, unknown][] = [];
  const observer = { event: (name: string, fields: unknown): void => void events.push([name, fields]) };
  const select = (own: Site): Promise<unknown> => selectSnapshot(own.backend, { store: own.store, policy: trusted, at, observer });

  it("chooses the newest, fails hard without one, and raises an event (PRO-03)", async () => {
    const own = site();
    expect(await codesOf(select(own))).toEqual(["MANIFEST_SNAPSHOT_MISSING"]);
    await take(own);
    const { digest } = await take(own, signers, { "other.md": "x" });
    expect(await select(own)).toMatchObject({ digest, signers: [{ person: "ann" }, { person: "ben" }] });
    expect(events.map(([name]) => name)).toEqual(["manifest.snapshot.missing"]);
  });

  it("raises an alert instead of using an unsigned snapshot, or falling back to an older one (PRO-04, ALR-04)", async () => {
    const own = site();
    await take(own);
    await take(own, []);
    events.length = 0;
    expect(await codesOf(select(own))).toEqual(["MANIFEST_SNAPSHOT_REFUSED", "MANIFEST_UNSIGNED"]);
    expect(events).toEqual([
      ["manifest.snapshot.refused", { snapshot: "Snapshot 2", code: "MANIFEST_UNSIGNED", message: "Snapshot 2 is signed by nobody" }],
    ]);
  });

  it("refuses too few signers, another statement, another list, and objects that are missing or damaged, which it names", async () => {
    const own = site();
    const few = site();
    await take(few, [ann.signer]);
    expect(await codesOf(select(few))).toContain("MANIFEST_THRESHOLD_NOT_MET");
    const { digest } = await take(own);
    const [record] = (await listSnapshots(own.backend)) as [SnapshotRecord];
    const options = { store: own.store, policy: trusted, at };
    const sign = async (predicateType: string, subject: string): Promise<SnapshotRecord> => ({
      ...record,
      envelope: await signStatement(
        createStatement({ subjects: [{ name: "x", digest: digestBytes(subject) }], predicateType, predicate: {} }),
        signers,
      ),
    });
    expect(await codesOf(verifySnapshot(await sign("urn:other", "x"), options))).toContain("MANIFEST_STATEMENT_INVALID");
    expect(await codesOf(verifySnapshot(await sign(snapshotPredicate, "x"), options))).toContain("MANIFEST_SIGNED_DIGEST_MISMATCH");
    expect(await codesOf(verifySnapshot({ ...record, takenAt: "2025-01-01T00:00:00Z" }, options))).toContain("MANIFEST_STATEMENT_MISMATCH");
    const noList = { ...record, snapshot: digestBytes("# Map\n") };
    expect(await codesOf(verifySnapshot(noList, options))).toContain("MANIFEST_SNAPSHOT_UNREADABLE");
    const name = (hash: string): string => `objects/${hash.slice(7, 9)}/${hash.slice(9)}`;
    await own.backend.replace(name(digestBytes("# Map\n")), new TextEncoder().encode("# Mop\n"));
    const lost = await verifySnapshot(record, options).catch((error: unknown) =>
      isManifestError(error) ? error.findings.map(({ path }) => path) : null,
    );
    expect(lost).toEqual(["a/b/map.md", "twin.md"]);
    await own.backend.remove(name(digest));
    expect(await codesOf(select(own))).toContain("MANIFEST_SNAPSHOT_UNREADABLE");
  });

  it("never chooses a record that cannot be read", async () => {
    const own = site();
    await take(own);
    const [record] = (await listSnapshots(own.backend)) as [SnapshotRecord];
    const bad = [
      "",
      "[]",
      "{}",
      { ...record, version: 2 },
      { ...record, sequence: 9 },
      { ...record, takenAt: "now" },
      { ...record, envelope: {} },
    ];
    for (const one of bad) {
      await own.backend.replace(
        "snapshots/0000000000000002",
        new TextEncoder().encode(typeof one === "string" ? one : JSON.stringify(one)),
      );
      expect(await listSnapshots(own.backend)).toEqual([record]);
    }
  });
});

describe("decodeSnapshot()", () => {
  it("reads what encodeSnapshot() wrote, and nothing else", async () => {
    const { snapshot } = await take(site());
    expect(decodeSnapshot(encodeSnapshot(snapshot))).toEqual(snapshot);
    const first = snapshot.artifacts[0] as Snapshot["artifacts"][0];
    const bad: readonly unknown[] = [
      null,
      { ...snapshot, version: 2 },
      { ...snapshot, sequence: 0 },
      { ...snapshot, trigger: "whim" },
      { ...snapshot, takenAt: "now" },
      { ...snapshot, manifest: "x" },
      { ...snapshot, artifacts: [] },
      { ...snapshot, artifacts: [null] },
      { ...snapshot, artifacts: [{ ...first, path: "../x" }] },
      { ...snapshot, artifacts: [{ ...first, more: 1 }] },
      { ...snapshot, artifacts: [{ ...first, digest: "x" }] },
    ];
    for (const one of bad) expect(decodeSnapshot(new TextEncoder().encode(JSON.stringify(one))), JSON.stringify(one)).toBeNull();
    expect(decodeSnapshot(Uint8Array.of(0xff))).toBeNull();
  });
});
