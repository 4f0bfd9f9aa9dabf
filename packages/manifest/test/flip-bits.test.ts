import { sealManifest, verifyManifest } from "@gov/manifest";
import { addSignatures, parseEnvelope, renderEnvelope } from "@gov/manifest/sign";
import { describe, expect, it } from "vitest";
import { everyFlip, failureOf, type Flip, flipBit, isDetected, sealArtifacts, type Verify } from "./flip-bits.ts";
import { ann, ben, mallory, model } from "./manifest-fakes.ts";

const small = await sealArtifacts(Array.from({ length: 200 }, (_, index) => index % 65));

/** A sample that follows from the seed, the same in every run. */
function sample(flips: readonly Flip[], count: number, seed = 20_240_115): readonly Flip[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return flips[state % flips.length] as Flip;
  });
}

describe("verifyManifest() under flipped bits", () => {
  const all = [...everyFlip(small, "all")];

  it("detects any bit of a manifest, of what is signed in its envelope, and of 200 artifacts, and names the culprit (MAN-08, MAN-14)", async () => {
    await verifyManifest(small.input);
    for (const part of ["manifest", "envelope", "artifact"] as const)
      for (const flip of sample(
        all.filter((one) => one.part === part),
        250,
      ))
        expect(await isDetected(small, flip), JSON.stringify(flip)).toBe(true);
  }, 120_000);

  it("would be caught if it skipped the artifacts, or read only their first byte: that is what the flips are for", async () => {
    const blind: Verify = (input) => verifyManifest({ ...input, readArtifact: small.input.readArtifact });
    const artifacts = sample(
      all.filter((one) => one.part === "artifact"),
      20,
    );
    for (const flip of artifacts) expect(await isDetected(small, flip, blind)).toBe(false);
    const shortSighted: Verify = async (input) =>
      verifyManifest({
        ...input,
        readArtifact: async (path) => {
          const [bytes, whole] = [await input.readArtifact(path), await small.input.readArtifact(path)];
          return bytes?.[0] === whole?.[0] ? whole : bytes;
        },
      });
    for (const flip of artifacts) expect(await isDetected(small, flip, shortSighted)).toBe(flip.offset === 0);
  });

  it("never passes for a flip of what is not signed, such as a key id, when it did not pass before", async () => {
    const { input } = small;
    const { envelopeText } = await sealManifest(model({ artifacts: [...(await verifyManifest(input)).model.artifacts] }), {
      signers: [ann.signer],
    });
    const forged = await addSignatures(parseEnvelope(envelopeText), [
      { sign: async (given) => ({ ...(await mallory.signer.sign(given)), keyId: (await ben.signer.sign(given)).keyId }) },
    ]);
    const envelopeBytes = new TextEncoder().encode(renderEnvelope(forged));
    expect(await failureOf(verifyManifest({ ...input, envelopeBytes }))).not.toBeNull();
    const one = { ...input, readArtifact: () => null };
    for (let offset = 0; offset < envelopeBytes.length; offset += 3)
      expect(
        await failureOf(verifyManifest({ ...one, envelopeBytes: flipBit(envelopeBytes, offset, offset % 7) })),
        String(offset),
      ).not.toBeNull();
  }, 120_000);
});
