import {
  isManifestError,
  type ManifestError,
  type SealedArtifact,
  sealManifest,
  verifyManifest,
  type VerifyManifestInput,
} from "@gov/manifest";
import { createStatement, renderEnvelope, signStatement } from "@gov/manifest/sign";
import { digestBytes } from "@gov/schema/canonical";
import { describe, expect, it } from "vitest";
import { ann, at, ben, files, model, policy, trust } from "./manifest-fakes.ts";

const encoder = new TextEncoder();
const sealed = await sealManifest(model(), { signers: [ann.signer, ben.signer] });
const input: VerifyManifestInput = {
  manifestBytes: encoder.encode(sealed.manifestText),
  envelopeBytes: encoder.encode(sealed.envelopeText),
  policy: policy([trust(ann), trust(ben)]),
  at,
  readArtifact: (path) => Promise.resolve(files.get(path) ?? null),
};

type Verify = (input: VerifyManifestInput) => Promise<unknown>;

async function failure(more: Partial<VerifyManifestInput>, verify: Verify = verifyManifest): Promise<ManifestError | null> {
  try {
    await verify({ ...input, ...more });
    return null;
  } catch (error) {
    if (isManifestError(error)) return error;
    throw error;
  }
}

async function findings(more: Partial<VerifyManifestInput>): Promise<readonly (readonly [string, string | null])[]> {
  return (await failure(more))?.findings.map(({ code, path }) => [code, path] as const) ?? [];
}

function flip(bytes: Uint8Array, offset: number, bit: number): Uint8Array {
  const flipped = bytes.slice();
  flipped[offset] = (flipped[offset] ?? 0) ^ (1 << bit);
  return flipped;
}

/** Flips one bit of every byte of everything sealed and returns what went unnoticed, or was noticed without naming the file. */
async function missedFlips(verify: Verify): Promise<readonly string[]> {
  const missed: string[] = [];
  const attempt = async (what: string, more: Partial<VerifyManifestInput>, culprit: string): Promise<void> => {
    const error = await failure(more, verify);
    if (error?.findings.some(({ path, severity }) => severity === "error" && path === culprit) !== true) missed.push(what);
  };
  for (let offset = 0; offset < input.manifestBytes.length; offset++)
    await attempt(`manifest ${String(offset)}`, { manifestBytes: flip(input.manifestBytes, offset, offset % 8) }, "handoff_manifest.yaml");
  for (const [path, bytes] of files)
    for (let offset = 0; offset < bytes.length; offset++)
      await attempt(
        `${path} ${String(offset)}`,
        { readArtifact: (one) => Promise.resolve(one === path ? flip(bytes, offset, offset % 8) : (files.get(one) ?? null)) },
        path,
      );
  const text = sealed.envelopeText;
  for (const match of text.matchAll(/"(?:payload|payloadType|sig)": "([^"]*)"/g)) {
    const start = match.index + match[0].length - 1 - (match[1]?.length ?? 0);
    for (let offset = start; offset < start + (match[1]?.length ?? 0); offset++)
      await attempt(
        `envelope ${String(offset)}`,
        { envelopeBytes: flip(encoder.encode(text), offset, offset % 8) },
        "handoff_manifest.yaml.dsse.json",
      );
  }
  return missed;
}

describe("verifyManifest()", () => {
  it("returns the model, the digest of the signed bytes and who signed", async () => {
    const verified = await verifyManifest(input);
    expect(verified.model).toEqual(model());
    expect(verified.digest).toBe(sealed.digest);
    expect(verified.signers.map(({ person }) => person)).toEqual(["ann", "ben"]);
  });

  it("detects one flipped bit in every byte of manifest, envelope and artifacts, and names the file (MAN-08, MAN-14)", async () => {
    expect(await missedFlips(verifyManifest)).toEqual([]);
  });

  it("would not pass with a verifier that trusts the manifest file, or one that skips the artifacts", async () => {
    const withoutSignature: Verify = async (given) => {
      const error = await failure(given);
      if (error?.findings.some(({ code }) => code.startsWith("MANIFEST_ARTIFACT")) === true) throw error;
    };
    expect((await missedFlips(withoutSignature)).some((what) => what.startsWith("envelope"))).toBe(true);
    const withoutArtifacts: Verify = (given) => verifyManifest({ ...given, readArtifact: input.readArtifact });
    const blind = await missedFlips(withoutArtifacts);
    expect(blind).toHaveLength([...files.values()].reduce((sum, { length }) => sum + length, 0));
  });

  it("throws once with everything that does not match (MAN-09)", async () => {
    const error = await failure({
      readArtifact: (path) =>
        path.endsWith(".md")
          ? Promise.resolve(null)
          : path.startsWith("z/")
            ? Promise.reject(new Error("EACCES"))
            : Promise.resolve(encoder.encode("edited")),
    });
    expect(error?.code).toBe("MANIFEST_VERIFICATION_FAILED");
    expect(error?.findings.map(({ code, path, message }) => [code, path, message])).toEqual([
      [
        "MANIFEST_ARTIFACT_MISMATCH",
        "frameworks/planning-be/be_backlog.yaml",
        `"frameworks/planning-be/be_backlog.yaml" does not match its sealed digest`,
      ],
      ["MANIFEST_ARTIFACT_MISSING", "frameworks/planning-be/story_map.md", `"frameworks/planning-be/story_map.md" is sealed but missing`],
      ["MANIFEST_ARTIFACT_UNREADABLE", "z/ä.txt", `"z/ä.txt" cannot be read: EACCES`],
    ]);
    expect(error?.message).toBe(
      `Cannot verify "handoff_manifest.yaml": "frameworks/planning-be/be_backlog.yaml" does not match its sealed digest (and 2 more)`,
    );
  });

  it("names every one of 200,000 artifacts that do not match (MAN-09)", async () => {
    const { digest } = model().artifacts[0] as SealedArtifact;
    const artifacts = Array.from({ length: 200_000 }, (_, at) => ({ path: `a/${String(at).padStart(6, "0")}.md`, digest, size: 1 }));
    const many = await sealManifest({ ...model(), artifacts }, { signers: [ann.signer, ben.signer] });
    const bytes = { manifestBytes: encoder.encode(many.manifestText), envelopeBytes: encoder.encode(many.envelopeText) };
    // One that answers at once, as a reader of files does.
    expect((await failure({ ...bytes, readArtifact: () => null }))?.findings.length).toBe(200_000);
  }, 120_000);

  it("names the manifest when it was edited, even into one that could be sealed", async () => {
    const edited = encoder.encode(sealed.manifestText.replace('created_by: "ann"', 'created_by: "eve"'));
    const error = await failure({ manifestBytes: edited, path: "m/handoff_manifest.yaml" });
    expect(error?.findings.map(({ code, path }) => [code, path])).toEqual(
      Array(2).fill(["MANIFEST_SIGNED_DIGEST_MISMATCH", "m/handoff_manifest.yaml"]),
    );
    expect(error?.message).toContain("does not match the signed digest");
    const spaced = encoder.encode(sealed.manifestText.replace("sealed: true", "sealed:  true"));
    expect(await findings({ manifestBytes: spaced })).toEqual([["MANIFEST_SIGNED_DIGEST_MISMATCH", "handoff_manifest.yaml"]]);
  });

  it("refuses a manifest without an envelope, and with one of nobody trusted (MAN-10)", async () => {
    expect(await findings({ envelopeBytes: null })).toEqual([["MANIFEST_UNSIGNED", "handoff_manifest.yaml"]]);
    expect(await findings({ envelopeBytes: encoder.encode("{}") })).toEqual([
      ["MANIFEST_ENVELOPE_MALFORMED", "handoff_manifest.yaml.dsse.json"],
    ]);
    const strangers = await failure({
      policy: policy([trust(ann)], 1),
      envelopeBytes: encoder.encode((await sealManifest(model(), { signers: [ben.signer] })).envelopeText),
    });
    expect(strangers?.findings.map(({ code }) => code)).toEqual(["MANIFEST_THRESHOLD_NOT_MET", "MANIFEST_SIGNATURE_NOT_VERIFIED"].sort());
  });

  it("refuses the envelope of another manifest and a trusted statement of another kind", async () => {
    const other = await sealManifest(model({ notes: "other" }), { signers: [ann.signer, ben.signer] });
    expect((await findings({ envelopeBytes: encoder.encode(other.envelopeText) })).map(([code]) => code)).toEqual(
      Array(2).fill("MANIFEST_SIGNED_DIGEST_MISMATCH"),
    );
    const subjects = [{ name: "handoff_manifest.yaml", digest: digestBytes(input.manifestBytes) }];
    const waiver = await signStatement(createStatement({ subjects, predicateType: "urn:example:waiver:1", predicate: {} }), [
      ann.signer,
      ben.signer,
    ]);
    expect(await findings({ envelopeBytes: encoder.encode(renderEnvelope(waiver)) })).toEqual([
      ["MANIFEST_STATEMENT_INVALID", "handoff_manifest.yaml.dsse.json"],
    ]);
  });

  it("reads artifacts side by side in the order of their paths", async () => {
    const asked: string[] = [];
    const artifacts = Array.from({ length: 20 }, (_, index) => ({
      path: `f${String(index).padStart(2, "0")}`,
      digest: digestBytes("x"),
      size: 1,
    }));
    const many = await sealManifest(model({ artifacts }), { signers: [ann.signer] });
    const { model: verified } = await verifyManifest({
      ...input,
      manifestBytes: encoder.encode(many.manifestText),
      envelopeBytes: encoder.encode(many.envelopeText),
      policy: policy([trust(ann)]),
      readArtifact: (path) => (asked.push(path), Promise.resolve(encoder.encode("x"))),
    });
    expect(asked).toEqual(verified.artifacts.map(({ path }) => path));
  });
});
