import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMemoryFileSystem, type MemoryFileSystem } from "@gov/atomic-io/testing";
import { applySeal, diffManifests, parseManifest, type SealedManifest, sealManifest, verifyManifest } from "@gov/manifest";
import { decodeStatement, parseEnvelope } from "@gov/manifest/sign";
import { digestBytes } from "@gov/schema/canonical";
import { describe, expect, it } from "vitest";
import { ann, at, ben, files, model, policy, trust } from "./manifest-fakes.ts";

const sealed = await sealManifest(model(), { signers: [ann.signer, ben.signer] });

describe("sealManifest()", () => {
  it("signs the file's exact bytes and the canonical model in one small statement", () => {
    const envelope = parseEnvelope(sealed.envelopeText);
    const statement = decodeStatement(Buffer.from(envelope.payload, "base64"));
    expect(envelope.signatures).toHaveLength(2);
    expect(statement?.subject.map(({ name }) => name)).toEqual(["handoff_manifest.yaml", "urn:gov:manifest-model:1"]);
    expect(`sha256:${statement?.subject[0]?.digest.sha256 ?? ""}`).toBe(digestBytes(sealed.manifestText));
    expect(statement?.predicate).toMatchObject({ manifestId: "MAN-BE-2024-01", sequence: 1, priorManifestDigest: null });
  });

  it("gives the same bytes for the same model and signers", async () => {
    expect(await sealManifest(model(), { signers: [ann.signer, ben.signer] })).toEqual(sealed);
  });

  it("refuses a model that could not have been planned, and to seal without a signer", async () => {
    const open = { ...model(), governance: { ...model().governance, criticalIssues: 1 } };
    await expect(sealManifest(open, { signers: [ann.signer] })).rejects.toMatchObject({ code: "MANIFEST_NOT_SEALABLE" });
    const unsorted = { ...model(), artifacts: [...model().artifacts].reverse() };
    await expect(sealManifest(unsorted, { signers: [ann.signer] })).rejects.toMatchObject({ code: "MANIFEST_NOT_SEALABLE" });
    await expect(sealManifest(model(), { signers: [] })).rejects.toThrow(RangeError);
  });
});

describe("applySeal()", () => {
  it("writes manifest and envelope once; the same again changes nothing, anything else is refused (MAN-08)", async () => {
    const fs = createMemoryFileSystem({ files: { "/m/keep": "" } });
    const { manifestPath, envelopePath } = await applySeal("/m", sealed, { fs });
    expect([fs.text(manifestPath), fs.text(envelopePath)]).toEqual([sealed.manifestText, sealed.envelopeText]);
    await applySeal("/m", sealed, { fs });
    const other = await sealManifest(model({ notes: "" }), { signers: [ann.signer] });
    await expect(applySeal("/m", other, { fs })).rejects.toMatchObject({
      code: "MANIFEST_ALREADY_SEALED",
      details: { path: "/m/handoff_manifest.yaml" },
    });
    const longer: SealedManifest = { ...sealed, envelopeText: `${sealed.envelopeText} ` };
    await expect(applySeal("/m", longer, { fs })).rejects.toMatchObject({ code: "MANIFEST_ALREADY_SEALED" });
    expect([fs.text(manifestPath), fs.text(envelopePath)]).toEqual([sealed.manifestText, sealed.envelopeText]);
  });

  it("can be finished after a power cut at every call, and never verifies half sealed", async () => {
    let images = 0;
    const fs: MemoryFileSystem = createMemoryFileSystem({
      files: { "/m/keep": "" },
      afterCall: async () => {
        for (const image of fs.crashImages()) {
          images++;
          const manifest = image.text("/m/handoff_manifest.yaml");
          const envelope = image.text("/m/handoff_manifest.yaml.dsse.json");
          expect([null, sealed.manifestText]).toContain(manifest);
          expect([null, sealed.envelopeText]).toContain(envelope);
          const again = manifest === null ? model() : readBack(manifest);
          await applySeal("/m", await sealManifest(again, { signers: [ann.signer, ben.signer] }), { fs: image });
          expect(image.text("/m/handoff_manifest.yaml.dsse.json")).toBe(sealed.envelopeText);
        }
      },
    });
    await applySeal("/m", sealed, { fs });
    expect(images).toBeGreaterThan(10);
  });

  it("passes on what the file system says", async () => {
    await expect(applySeal("/missing", sealed, { fs: createMemoryFileSystem() })).rejects.toMatchObject({ code: "ATOMIC_IO_READ_FAILED" });
  });

  it("seals on a real disk what then verifies from it", async () => {
    const directory = mkdtempSync(join(tmpdir(), "gov-seal-"));
    try {
      const { manifestPath, envelopePath } = await applySeal(directory, sealed);
      const verified = await verifyManifest({
        manifestBytes: readFileSync(manifestPath),
        envelopeBytes: readFileSync(envelopePath),
        policy: policy([trust(ann), trust(ben)]),
        at,
        readArtifact: (path) => Promise.resolve(files.get(path) ?? null),
      });
      expect(verified.digest).toBe(sealed.digest);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

describe("diffManifests()", () => {
  it("tells added, removed and changed artifacts, and the other fields that differ", () => {
    const artifacts = [
      { path: "a", digest: digestBytes("1"), size: 1 },
      { path: "b", digest: digestBytes("1"), size: 1 },
    ];
    const before = model({ artifacts });
    const after = model({
      artifacts: [
        { path: "b", digest: digestBytes("2"), size: 1 },
        { path: "c", digest: digestBytes("1"), size: 1 },
      ],
      notes: "",
      snapshotRev: "x",
    });
    expect(diffManifests(before, after)).toEqual({
      added: ["c"],
      removed: ["a"],
      changed: [{ path: "b", from: digestBytes("1"), to: digestBytes("2") }],
      fields: ["notes", "snapshotRev"],
    });
    expect(diffManifests(before, before)).toEqual({ added: [], removed: [], changed: [], fields: [] });
  });
});

function readBack(text: string): ReturnType<typeof model> {
  const parsed = parseManifest(text);
  if (!parsed.ok) throw new Error("The manifest was torn");
  return parsed.value;
}
