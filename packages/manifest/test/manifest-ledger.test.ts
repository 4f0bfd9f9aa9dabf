import { isManifestError, type ManifestModel, planSuccessor, type SealedManifest, sealManifest } from "@gov/manifest";
import {
  backUpStore,
  createManifestLedger,
  createMemoryBackend,
  createObjectStore,
  type LedgerEntryInput,
  type PublishedManifest,
  publishManifest,
  repairStore,
  type StoreSite,
  verifyRegistry,
} from "@gov/manifest/storage";
import { canonicalJson, digestBytes } from "@gov/schema/canonical";
import { describe, expect, it } from "vitest";
import { ann, manifestInput, model, sealPolicy } from "./manifest-fakes.ts";
import { fakeClock } from "./storage-fakes.ts";

const publishedAt = "2024-02-29T12:00:00Z";
const clock = fakeClock(publishedAt);
const input = (sequence: number, more: Partial<LedgerEntryInput> = {}): LedgerEntryInput => ({
  ...{ sequence, manifestId: `MAN-${String(sequence)}`, manifest: digestBytes(String(sequence)), envelope: digestBytes("e") },
  ...{ publishedAt, retainUntil: "2031-03-01T12:00:00Z" },
  ...more,
});
const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "fine",
    (error: unknown) => (isManifestError(error) ? error.code : String(error)),
  );
const nameOf = (sequence: number): string => `ledger/${String(sequence).padStart(16, "0")}`;
const site = (): StoreSite => {
  const backend = createMemoryBackend();
  return { backend, store: createObjectStore(backend, { clock }) };
};

const sealed = await sealManifest(model(), { signers: [ann.signer] });
const published = (one: ManifestModel, { manifestText, envelopeText }: SealedManifest): PublishedManifest => ({
  model: one,
  ...{ manifestBytes: new TextEncoder().encode(manifestText), envelopeBytes: new TextEncoder().encode(envelopeText) },
});
const opening = published(model(), sealed);

describe("createManifestLedger()", () => {
  it("only grows, one number after the other, each entry naming the one before (MAN-13)", async () => {
    const backend = createMemoryBackend();
    const ledger = createManifestLedger(backend);
    const first = await ledger.append(input(1));
    const second = await ledger.append(input(2));
    expect([first.previous, second.previous]).toEqual([null, digestBytes(`${canonicalJson({ ...first })}\n`)]);
    expect(await ledger.entries()).toEqual([first, second]);
    expect(await ledger.append(input(2))).toEqual(second);
    expect(await codeOf(ledger.append(input(2, { manifestId: "OTHER" })))).toBe("MANIFEST_LEDGER_CONFLICT");
    expect(await codeOf(ledger.append(input(1, { manifestId: "OTHER" })))).toBe("MANIFEST_LEDGER_CONFLICT");
    expect(await codeOf(ledger.append(input(4)))).toBe("MANIFEST_LEDGER_CONFLICT");
    await expect(ledger.append(input(3, { retainUntil: "some day" }))).rejects.toThrow(RangeError);
    await expect(ledger.append(input(0))).rejects.toThrow(RangeError);
    expect(await ledger.entries()).toHaveLength(2);
  });

  it("lets one of two writers have a number", async () => {
    const ledger = createManifestLedger(createMemoryBackend());
    const outcomes = await Promise.all(["a", "b", "c"].map((manifestId) => codeOf(ledger.append(input(1, { manifestId })))));
    expect([...outcomes].sort()).toEqual(["MANIFEST_LEDGER_CONFLICT", "MANIFEST_LEDGER_CONFLICT", "fine"]);
  });

  it("notices every flipped bit of every entry but the newest one's own content, and what is missing, swapped or foreign", async () => {
    const backend = createMemoryBackend();
    const ledger = createManifestLedger(backend);
    for (const sequence of [1, 2, 3]) await ledger.append(input(sequence));
    const first = (await backend.read(nameOf(1))) ?? new Uint8Array();
    for (let bit = 0; bit < first.length * 8; bit++) {
      const flipped = first.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      await backend.replace(nameOf(1), flipped);
      expect(await codeOf(ledger.entries()), String(bit)).toBe("MANIFEST_LEDGER_CORRUPT");
    }
    await backend.replace(nameOf(1), first);
    const second = (await backend.read(nameOf(2))) ?? first;
    await backend.remove(nameOf(2));
    expect(await codeOf(ledger.entries())).toBe("MANIFEST_LEDGER_CORRUPT");
    await backend.create(nameOf(2), first);
    expect(await codeOf(ledger.entries())).toBe("MANIFEST_LEDGER_CORRUPT");
    await backend.replace(nameOf(2), second);
    expect(await codeOf(ledger.entries())).toBe("fine");
    await backend.create("ledger/x", second);
    expect(await codeOf(ledger.entries())).toBe("MANIFEST_LEDGER_CORRUPT");
  });
});

describe("publishManifest()", () => {
  it("keeps manifest and envelope for seven years and names them in the ledger (MAN-13, MAN-15)", async () => {
    const { store, backend } = site();
    const ledger = createManifestLedger(backend);
    const entry = await publishManifest(opening, { store, ledger, publishedAt });
    expect(entry).toMatchObject({ sequence: 1, manifest: sealed.digest, retainUntil: "2031-03-01T12:00:00Z" });
    expect(new TextDecoder().decode((await store.get(entry.envelope)) ?? undefined)).toBe(sealed.envelopeText);
    expect(await codeOf(store.remove(entry.manifest))).toBe("MANIFEST_OBJECT_RETAINED");
    expect(await publishManifest(opening, { store, ledger, publishedAt })).toEqual(entry);
    const planned = planSuccessor(manifestInput({ manifestId: "MAN-2", snapshotRev: "2" }), {
      ...{ prior: { model: model(), digest: sealed.digest }, by: "manifest", ...sealPolicy },
    });
    if (!planned.ok) throw new Error("It must be plannable");
    const next = published(planned.value, await sealManifest(planned.value, { signers: [ann.signer] }));
    await publishManifest(next, { store, ledger, publishedAt, retentionYears: 1 });
    expect((await ledger.entries()).map(({ manifestId }) => manifestId)).toEqual([opening.model.manifestId, "MAN-2"]);
  });

  it("refuses instants and years that are not sound, and a second manifest of one number", async () => {
    const { store, backend } = site();
    const ledger = createManifestLedger(backend);
    await expect(publishManifest(opening, { store, ledger, publishedAt: "now" })).rejects.toThrow(RangeError);
    for (const retentionYears of [0, 1.5, 101])
      await expect(publishManifest(opening, { store, ledger, publishedAt, retentionYears })).rejects.toThrow(RangeError);
    await publishManifest(opening, { store, ledger, publishedAt });
    const other = published(model(), await sealManifest(model({ notes: "other" }), { signers: [ann.signer] }));
    expect(await codeOf(publishManifest(other, { store, ledger, publishedAt }))).toBe("MANIFEST_LEDGER_CONFLICT");
  });
});

describe("verifyRegistry()", () => {
  it("says what of the ledger is not kept as it was published, and refuses a ledger that does not hold (MAN-13, MAN-14)", async () => {
    const { store, backend } = site();
    const ledger = createManifestLedger(backend);
    expect(await verifyRegistry({ store, ledger })).toEqual({ entries: [], findings: [] });
    const entry = await publishManifest(opening, { store, ledger, publishedAt });
    expect(await verifyRegistry({ store, ledger })).toEqual({ entries: [entry], findings: [] });
    const place = (digest: string): string => `objects/${digest.slice(7, 9)}/${digest.slice(9)}`;
    await backend.replace(place(entry.manifest), new TextEncoder().encode("damaged"));
    await backend.remove(place(entry.envelope));
    expect((await verifyRegistry({ store, ledger })).findings.map(({ code, message }) => [code, message.slice(0, 12)])).toEqual([
      ["MANIFEST_LEDGER_OBJECT_LOST", "The manifest"],
      ["MANIFEST_LEDGER_OBJECT_LOST", "The envelope"],
    ]);
    await backend.replace(nameOf(1), new TextEncoder().encode("{}"));
    expect(await codeOf(verifyRegistry({ store, ledger }))).toBe("MANIFEST_LEDGER_CORRUPT");
  });
});

describe("repairStore()", () => {
  it("brings back from the backup what was damaged or lost, and says what is whole nowhere (MAN-14)", async () => {
    const [own, backup] = [site(), site()];
    const entry = await publishManifest(opening, { store: own.store, ledger: createManifestLedger(own.backend), publishedAt });
    const extra = await own.store.put(new TextEncoder().encode("artifact"), { retainUntil: "2030-01-01T00:00:00Z" });
    expect(await backUpStore(own, backup)).toEqual({
      copied: [entry.manifest, entry.envelope, extra].sort(),
      damaged: [],
      ledgerEntries: 1,
    });
    expect(await backUpStore(own, backup)).toEqual({ copied: [], damaged: [], ledgerEntries: 0 });
    expect(await backup.store.retainedUntil(extra)).toBe("2030-01-01T00:00:00Z");

    const never = await own.store.put(new TextEncoder().encode("never backed up"));
    const nameOfObject = (digest: string): string => `objects/${digest.slice(7, 9)}/${digest.slice(9)}`;
    for (const digest of [entry.manifest, never]) await own.backend.replace(nameOfObject(digest), new TextEncoder().encode("damaged"));
    for (const name of [nameOfObject(entry.envelope), nameOfObject(extra), nameOf(1)]) await own.backend.remove(name);
    expect((await backUpStore(own, backup)).damaged).toEqual([entry.manifest, never].sort());

    const report = await repairStore(own, backup, { expected: [extra] });
    expect(report).toEqual({
      checked: 4,
      repaired: [entry.manifest, entry.envelope, extra].sort(),
      lost: [never],
      ledgerEntries: [nameOf(1)],
    });
    expect(await createManifestLedger(own.backend).entries()).toEqual([entry]);
    expect(new TextDecoder().decode((await own.store.get(entry.manifest)) ?? undefined)).toBe(sealed.manifestText);
    expect(await repairStore(own, backup)).toEqual({ checked: 4, repaired: [], lost: [never], ledgerEntries: [] });
  });

  it("takes nothing from a backup that is damaged itself", async () => {
    const [own, backup] = [site(), site()];
    const digest = await own.store.put(new TextEncoder().encode("x"));
    await backUpStore(own, backup);
    for (const { backend } of [own, backup])
      await backend.replace(`objects/${digest.slice(7, 9)}/${digest.slice(9)}`, new TextEncoder().encode("y"));
    expect(await repairStore(own, backup)).toMatchObject({ repaired: [], lost: [digest] });
    await createManifestLedger(backup.backend).append(input(1));
    await backup.backend.replace(nameOf(1), new TextEncoder().encode("{}"));
    expect(await codeOf(repairStore(own, backup))).toBe("MANIFEST_LEDGER_CORRUPT");
  });
});
