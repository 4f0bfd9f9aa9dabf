import { createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import { isManifestError } from "@gov/manifest";
import { createKeySigner, importPublicKey, keyThumbprint, preAuthEncoding } from "@gov/manifest/sign";
import { describe, expect, it } from "vitest";
import { ann, ben } from "./manifest-fakes.ts";

function refusal(input: Parameters<typeof importPublicKey>[0]): unknown {
  try {
    importPublicKey(input);
    return null;
  } catch (error) {
    return isManifestError(error) && error.code === "MANIFEST_KEY_REFUSED" ? error.details["reason"] : error;
  }
}

const jwk = (hex: string): { kty: string; crv: string; x: string } => ({
  kty: "OKP",
  crv: "Ed25519",
  x: Buffer.from(hex, "hex").toString("base64url"),
});

/** Every encoding of a point of small order: the eight points, and those that have a second, non-canonical form. */
const smallOrder = [
  "0100000000000000000000000000000000000000000000000000000000000000",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0000000000000000000000000000000000000000000000000000000000000080",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
];
const nonCanonical = [
  "0100000000000000000000000000000000000000000000000000000000000080",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
];

describe("importPublicKey()", () => {
  it("refuses small-order keys, with which one signature would sign everything", () => {
    // Node imports such keys, and Node 20 also verifies with them.
    expect(createPublicKey({ format: "jwk", key: jwk(smallOrder[0] ?? "") }).asymmetricKeyType).toBe("ed25519");
    for (const hex of smallOrder) expect(refusal(jwk(hex)), hex).toBe("small order");
  });

  it("refuses points in a second encoding and points off the curve", () => {
    for (const hex of nonCanonical) expect(refusal(jwk(hex)), hex).toBe("non-canonical");
    expect(refusal(jwk(`02${"00".repeat(31)}`))).toBe("not on the curve");
  });

  it("takes ordinary keys", () => {
    for (let count = 0; count < 20; count++) expect(refusal(generateKeyPairSync("ed25519").publicKey)).toBeNull();
  });

  it("refuses other kinds of key, private keys and what is no key", () => {
    expect(refusal(generateKeyPairSync("ec", { namedCurve: "secp256k1" }).publicKey)).toBe("curve");
    expect(refusal(generateKeyPairSync("ec", { namedCurve: "P-521" }).publicKey)).toBe("curve");
    expect(refusal(generateKeyPairSync("x25519").publicKey)).toBe("type");
    expect(refusal(ann.privateKey.export({ type: "pkcs8", format: "pem" }).toString())).toBe("private");
    expect(refusal(ann.privateKey.export({ format: "jwk" }))).toBe("format");
    for (const nonsense of ["", "ssh-ed25519 AAAA", {}, null, 7]) expect(refusal(nonsense as string)).toBe("format");
  });
});

describe("keyThumbprint()", () => {
  it("is that of RFC 8037, appendix A.3", () => {
    expect(keyThumbprint({ kty: "OKP", crv: "Ed25519", x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" })).toBe(
      "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
    );
  });

  it("is one per key, however it is encoded", () => {
    const spki = ann.pem;
    const asJwk = createPublicKey(spki).export({ format: "jwk" });
    const shuffled = { x: asJwk.x ?? "", kid: "other", crv: "Ed25519", kty: "OKP" };
    const thumbprints = [keyThumbprint(spki), keyThumbprint(shuffled), keyThumbprint(ann.privateKey), keyThumbprint(`\n${spki}\n`)];
    expect(new Set(thumbprints).size).toBe(1);
    expect(keyThumbprint(ben.pem)).not.toBe(thumbprints[0]);
  });
});

describe("createKeySigner()", () => {
  it("signs the pre-authentication encoding, with PEM text as with a key object", async () => {
    const pem = ann.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const input = { payloadType: "text/plain", payload: new TextEncoder().encode("hello") };
    const { keyId, signature } = await createKeySigner(pem).sign(input);
    expect(keyId).toBe(keyThumbprint(ann.pem));
    expect(verify(null, preAuthEncoding(input.payloadType, input.payload), createPublicKey(ann.pem), signature)).toBe(true);
    expect(await createKeySigner(ann.privateKey, { keyId: "ann-1" }).sign(input)).toEqual({ keyId: "ann-1", signature });
  });

  it("refuses keys it does not sign with", () => {
    expect(() => createKeySigner(generateKeyPairSync("ec", { namedCurve: "P-521" }).privateKey)).toThrow(/curve/);
    expect(() => createKeySigner(ann.privateKey, { algorithm: "rsa-pss-sha256" })).toThrow(/does not sign with rsa-pss-sha256/);
  });
});
