import { describe, expect, it } from "vitest";
import { everyFlip, type Flip, flipBit, failureOf, isDetected, type Sealed, sealArtifacts } from "./flip-bits.ts";
import { verifyManifest } from "@gov/manifest";

async function missed(sealed: Sealed, flips: Iterable<Flip>): Promise<{ readonly flips: number; readonly missed: number }> {
  let [count, missing] = [0, 0];
  for (const flip of flips) {
    count++;
    if (!(await isDetected(sealed, flip))) missing++;
  }
  return { flips: count, missed: missing };
}

describe("verifyManifest() under flipped bits, at full length", () => {
  it("detects every bit of a manifest, of what is signed in its envelope, and of 200 artifacts of at most 64 bytes (MAN-08, MAN-14)", async () => {
    const sealed = await sealArtifacts(Array.from({ length: 200 }, (_, index) => index % 65));
    const report = await missed(sealed, everyFlip(sealed, "all"));
    console.log(JSON.stringify({ what: "every bit", ...report }));
    expect(report.missed).toBe(0);
  }, 7_200_000);

  it("detects a bit of every byte of artifacts of real size (MAN-08, MAN-14)", async () => {
    const sealed = await sealArtifacts(Array.from({ length: 20 }, (_, index) => 4_000 + index * 400));
    const artifacts = [...everyFlip(sealed, "one")].filter(({ part }) => part === "artifact");
    const report = await missed(sealed, artifacts);
    console.log(JSON.stringify({ what: "a bit of every byte", ...report }));
    expect(report.missed).toBe(0);
  }, 3_600_000);

  it("never passes for any flip of an envelope that did not pass before (MAN-12)", async () => {
    const sealed = await sealArtifacts([8]);
    const envelopeBytes = sealed.input.envelopeBytes ?? new Uint8Array();
    // Someone's signature is missing: his key id stands by, over the signature of another.
    const text = new TextDecoder().decode(envelopeBytes);
    const [first = "", second = ""] = [...text.matchAll(/"sig": "([^"]*)"/g)].map(([, sig = ""]) => sig);
    const forged = new TextEncoder().encode(text.replace(second, first));
    let passed = 0;
    for (let offset = 0; offset < forged.length; offset++)
      for (let bit = 0; bit < 8; bit++)
        if ((await failureOf(verifyManifest({ ...sealed.input, envelopeBytes: flipBit(forged, offset, bit) }))) === null) passed++;
    expect(passed).toBe(0);
  }, 3_600_000);
});
