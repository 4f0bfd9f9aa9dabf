import { createMemoryFileSystem, type MemoryFileSystem } from "@gov/atomic-io/testing";
import { applyCoSignatures, applySeal, sealManifest, verifyManifest } from "@gov/manifest";
import { addSignatures, parseEnvelope } from "@gov/manifest/sign";
import { describe, expect, it } from "vitest";
import { ann, at, ben, files, mallory, model, policy, trust } from "./manifest-fakes.ts";

const sealed = await sealManifest(model(), { signers: [ann.signer] });
const begun = parseEnvelope(sealed.envelopeText);
const envelopePath = "/m/handoff_manifest.yaml.dsse.json";

describe("applyCoSignatures()", () => {
  it("adds what came later to the file, and undoes nobody's signature (MAN-12)", async () => {
    const fs = createMemoryFileSystem({ files: { "/m/keep": "" } });
    await applySeal("/m", sealed, { fs });
    const verify = (): Promise<unknown> =>
      verifyManifest({
        manifestBytes: new TextEncoder().encode(sealed.manifestText),
        envelopeBytes: new TextEncoder().encode(fs.text(envelopePath) ?? ""),
        policy: policy([trust(ann), trust(ben), trust(mallory)], 3),
        at,
        readArtifact: (path) => Promise.resolve(files.get(path) ?? null),
      });
    await expect(verify()).rejects.toMatchObject({ code: "MANIFEST_VERIFICATION_FAILED" });
    const [byBen, byMallory] = [await addSignatures(begun, [ben.signer]), await addSignatures(begun, [mallory.signer])];
    await applyCoSignatures(envelopePath, byBen, { fs });
    const now = await applyCoSignatures(envelopePath, byMallory, { fs });
    expect(now.signatures).toHaveLength(3);
    await verify();
    const text = fs.text(envelopePath);
    await applyCoSignatures(envelopePath, begun, { fs });
    expect(fs.text(envelopePath)).toBe(text);
  });

  it("refuses an envelope of something else, none at all, and too many signatures", async () => {
    const fs = createMemoryFileSystem({ files: { "/m/keep": "" } });
    await expect(applyCoSignatures(envelopePath, begun, { fs })).rejects.toMatchObject({ code: "MANIFEST_ENVELOPE_INVALID" });
    await applySeal("/m", sealed, { fs });
    const other = parseEnvelope((await sealManifest(model({ notes: "other" }), { signers: [ben.signer] })).envelopeText);
    await expect(applyCoSignatures(envelopePath, other, { fs })).rejects.toMatchObject({ code: "MANIFEST_ALREADY_SEALED" });
    const signatures = Array.from({ length: 64 }, (_, index) => ({ keyid: String(index), sig: "AA==" }));
    await expect(applyCoSignatures(envelopePath, { ...begun, signatures }, { fs })).rejects.toMatchObject({
      code: "MANIFEST_ENVELOPE_INVALID",
    });
  });

  it("leaves the old envelope or the new one after a power cut at every call", async () => {
    const next = await addSignatures(begun, [ben.signer]);
    let images = 0;
    const fs: MemoryFileSystem = createMemoryFileSystem({
      files: { [envelopePath]: sealed.envelopeText },
      afterCall: () => {
        for (const image of fs.crashImages()) {
          images++;
          expect([begun, next]).toContainEqual(parseEnvelope(image.text(envelopePath) ?? ""));
        }
      },
    });
    await applyCoSignatures(envelopePath, next, { fs });
    expect(images).toBeGreaterThan(5);
  });
});
