import { bundleFromJSON } from "@sigstore/bundle";
import { toSignedEntity, toTrustMaterial, Verifier } from "@sigstore/verify";
import { createPublicKey } from "node:crypto";
import { isManifestError } from "@gov/manifest";
import {
  createStatement,
  type Envelope,
  keyThumbprint,
  parseSigstoreBundle,
  renderSigstoreBundles,
  sigstoreBundleMediaType,
  signStatement,
  statementPayloadType,
  verifyKeylessBundle,
  verifySigstoreBundle,
} from "@gov/manifest/sign";
import type { JsonObject } from "@gov/schema";
import { digestBytes } from "@gov/schema/canonical";
import { describe, expect, it } from "vitest";
import { holders } from "./key-fakes.ts";
import { ann, at, ben, mallory, policy, trust } from "./manifest-fakes.ts";

const statement = createStatement({ subjects: [{ name: "a", digest: digestBytes("a") }], predicateType: "urn:test:1", predicate: {} });
const pat = holders["ecdsa-p256-sha256"];
const envelope = await signStatement(statement, [pat.signer]);
const [text = ""] = renderSigstoreBundles(envelope);
const options = { policy: policy([trust(pat)]), payloadType: statementPayloadType, at };
const changed = (change: (bundle: Record<string, unknown>) => void): string => {
  const bundle = JSON.parse(text) as Record<string, unknown>;
  change(bundle);
  return JSON.stringify(bundle);
};
const codeOf = (work: () => unknown): string => {
  try {
    work();
    return "fine";
  } catch (error) {
    return isManifestError(error) ? error.code : String(error);
  }
};

/** What sigstore-js says of a bundle, with the key of Pat and without any network. */
function judgeWithSigstore(bundle: string, pem: string): string {
  const keys = {
    [keyThumbprint(pat.pem)]: {
      rawBytes: createPublicKey(pem).export({ type: "spki", format: "der" }),
      keyDetails: "PKIX_ECDSA_P256_SHA_256",
    },
  };
  const material = toTrustMaterial(
    { mediaType: "", tlogs: [], ctlogs: [], certificateAuthorities: [], timestampAuthorities: [] },
    Object.fromEntries(Object.entries(keys).map(([hint, key]) => [hint, { ...key, hint, validFor: { start: new Date(0) } }])) as never,
  );
  const verifier = new Verifier(material, { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 });
  try {
    verifier.verify(toSignedEntity(bundleFromJSON(JSON.parse(bundle) as object)));
    return "verified";
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

describe("renderSigstoreBundles()", () => {
  it("writes what @sigstore/verify accepts with the key, and with no other", () => {
    expect(judgeWithSigstore(text, pat.pem)).toBe("verified");
    const payload = Buffer.from(JSON.stringify({ other: true })).toString("base64");
    const forged = changed((bundle) => ((bundle["dsseEnvelope"] as Record<string, unknown>)["payload"] = payload));
    expect(judgeWithSigstore(forged, pat.pem)).toBe("SIGNATURE_ERROR");
  });

  it("gives each signature a bundle of its own, since a bundle carries one", async () => {
    const both = await signStatement(statement, [ann.signer, ben.signer]);
    const bundles = renderSigstoreBundles(both).map((one) => parseSigstoreBundle(one));
    expect(bundles.map(({ envelope: one }) => one.signatures)).toEqual(both.signatures.map((one) => [one]));
    // Together they are the envelope again, and count as two people.
    const joined: Envelope = { ...both, signatures: bundles.flatMap(({ envelope: one }) => one.signatures) };
    expect(joined).toEqual(both);
    expect(codeOf(() => verifySigstoreBundle(bundles[0] as never, { ...options, policy: policy([trust(ann), trust(ben)]) }))).toBe(
      "MANIFEST_VERIFICATION_FAILED",
    );
  });
});

describe("parseSigstoreBundle()", () => {
  it("reads the versions in use, and with the hint decides nothing", () => {
    for (const mediaType of [
      sigstoreBundleMediaType,
      ...["0.1", "0.2", "0.3"].map((version) => `application/vnd.dev.sigstore.bundle+json;version=${version}`),
    ]) {
      const bundle = parseSigstoreBundle(new TextEncoder().encode(changed((one) => (one["mediaType"] = mediaType))));
      expect(bundle).toMatchObject({ material: "key", keyHint: keyThumbprint(pat.pem), envelope });
      expect(verifySigstoreBundle(bundle, options).signers[0]?.person).toBe(pat.name);
    }
    const hinted = parseSigstoreBundle(
      changed((one) => (one["verificationMaterial"] = { publicKey: { hint: keyThumbprint(mallory.pem) } })),
    );
    expect(verifySigstoreBundle(hinted, options).signers[0]?.person).toBe(pat.name);
    expect(codeOf(() => verifySigstoreBundle(hinted, { ...options, policy: policy([trust(mallory)]) }))).toBe(
      "MANIFEST_VERIFICATION_FAILED",
    );
  });

  it("refuses what is no bundle of one signed envelope", () => {
    const dsse =
      (more: object): ((bundle: Record<string, unknown>) => void) =>
      (bundle) => {
        bundle["dsseEnvelope"] = { ...(bundle["dsseEnvelope"] as object), ...more };
      };
    for (const bad of [
      "{",
      "[]",
      new Uint8Array([0xff]),
      changed((one) => (one["mediaType"] = "application/json")),
      changed((one) => delete one["mediaType"]),
      changed((one) => delete one["dsseEnvelope"]),
      changed((one) => (one["messageSignature"] = delete one["dsseEnvelope"])),
      changed((one) => delete one["verificationMaterial"]),
      changed((one) => (one["verificationMaterial"] = {})),
      changed((one) => (one["verificationMaterial"] = { publicKey: { hint: "" }, certificate: { rawBytes: "" } })),
      changed((one) => (one["verificationMaterial"] = { publicKey: "x" })),
      changed(dsse({ signatures: [] })),
      changed(dsse({ signatures: [envelope.signatures[0], envelope.signatures[0]] })),
      changed(dsse({ payload: 1 })),
    ])
      expect(codeOf(() => parseSigstoreBundle(bad))).toBe("MANIFEST_BUNDLE_INVALID");
  });
});

describe("verifyKeylessBundle()", () => {
  const keyless = parseSigstoreBundle(
    changed((one) => (one["verificationMaterial"] = { certificate: { rawBytes: "AA==" }, tlogEntries: [] })),
  );
  const identity = { identity: "https://example.org/workflow@refs/tags/v1", issuer: "https://issuer.example.org" };
  const check = async (more: object): Promise<string> =>
    verifyKeylessBundle(keyless, {
      ...{ payloadType: statementPayloadType, identity, verifier: { verify: () => Promise.resolve(identity) } },
      ...more,
    }).then(
      () => "fine",
      (error: unknown) => (isManifestError(error) ? error.code : String(error)),
    );

  it("asks the verifier given about the very bundle, and takes exactly the identity asked for", async () => {
    const seen: JsonObject[] = [];
    const verifier = { verify: (bundle: JsonObject) => (seen.push(bundle), Promise.resolve(identity)) };
    const verified = await verifyKeylessBundle(keyless, { payloadType: statementPayloadType, identity, verifier });
    expect(Buffer.from(verified.payload).toString("base64")).toBe(envelope.payload);
    expect(seen).toEqual([keyless.json]);
    expect(await check({})).toBe("fine");
  });

  it("refuses another identity, one that only begins alike, another type, and what the verifier rejects", async () => {
    for (const other of [
      { ...identity, issuer: "https://other.example.org" },
      { ...identity, identity: `${identity.identity}.0` },
      { ...identity, identity: ".*" },
    ])
      expect(await check({ identity: other })).toBe("MANIFEST_VERIFICATION_FAILED");
    expect(await check({ payloadType: "text/plain" })).toBe("MANIFEST_VERIFICATION_FAILED");
    expect(await check({ verifier: { verify: () => Promise.reject(new Error("no")) } })).toBe("MANIFEST_VERIFICATION_FAILED");
    const keyed = verifyKeylessBundle(parseSigstoreBundle(text), {
      ...{ payloadType: statementPayloadType, identity, verifier: { verify: () => Promise.resolve(identity) } },
    });
    await expect(keyed).rejects.toMatchObject({ code: "MANIFEST_VERIFICATION_FAILED" });
    expect(codeOf(() => verifySigstoreBundle(keyless, options))).toBe("MANIFEST_BUNDLE_KEYLESS");
  });
});
