import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { isManifestError } from "@gov/manifest";
import {
  addSignatures,
  createKeySigner,
  createStatement,
  type Envelope,
  keyThumbprint,
  parseEnvelope,
  preAuthEncoding,
  renderEnvelope,
  signStatement,
  statementPayloadType,
  type TrustPolicy,
  verifyEnvelope,
} from "@gov/manifest/sign";
import { digestBytes } from "@gov/schema/canonical";
import { describe, expect, it } from "vitest";
import { compressed, holders, malleate, negated, restricted } from "./key-fakes.ts";
import { ann, at, ben, mallory, person, policy, trust } from "./manifest-fakes.ts";

const statement = createStatement({ subjects: [{ name: "a", digest: digestBytes("a") }], predicateType: "urn:test:1", predicate: {} });
const pat = holders["ecdsa-p256-sha256"];
const quin = holders["ecdsa-p384-sha384"];
const rob = holders["rsa-pkcs1-sha256"];
const annsOther = person("ann's other key");
const both = policy([trust(ann), trust(ben)]);
const roles: TrustPolicy = {
  version: 1,
  required: 2,
  keys: [trust(ann), trust(annsOther, { person: "ann", role: "qa" }), trust(ben), trust(mallory, { role: "qa" })],
  roles: { lead: 1, qa: 1 },
};

const byAnn = await signStatement(statement, [ann.signer]);
const byPat = await signStatement(statement, [pat.signer]);
const byBoth = await signStatement(statement, [ann.signer, ben.signer]);
const again = (envelope: Envelope, change: (sig: string) => string, keyid = ""): Envelope => ({
  ...envelope,
  signatures: [...envelope.signatures, ...envelope.signatures.map(({ sig }) => ({ keyid, sig: change(sig) }))],
});
const only = (envelope: Envelope, sig: string | Uint8Array): Envelope => ({
  ...envelope,
  signatures: [{ keyid: "", sig: typeof sig === "string" ? sig : Buffer.from(sig).toString("base64") }],
});
const firstSig = (envelope: Envelope): string => envelope.signatures[0]?.sig ?? "";
const payload = Buffer.from(byAnn.payload, "base64");
const jwk = (hex: string): { kty: string; crv: string; x: string } => ({
  kty: "OKP",
  crv: "Ed25519",
  x: Buffer.from(hex, "hex").toString("base64url"),
});
const rsaJwk = (n: Buffer, e: string): { kty: string; n: string; e: string } => ({ kty: "RSA", n: n.toString("base64url"), e });
const modulus = Buffer.from(createPublicKey(rob.pem).export({ format: "jwk" }).n ?? "", "base64url");
const negatedEd = Buffer.from(createPublicKey(ann.pem).export({ format: "jwk" }).x ?? "", "base64url");
negatedEd[31] = (negatedEd[31] ?? 0) ^ 0x80;

interface Attack {
  readonly name: string;
  readonly code: string;
  readonly envelope: Envelope;
  readonly policy: TrustPolicy;
  readonly more?: { readonly at?: string; readonly payloadType?: string };
}

const attacks: readonly Attack[] = [
  { name: "duplicate_sig_keyids", code: "MANIFEST_SIGNATURE_DUPLICATE", envelope: again(byAnn, (sig) => sig), policy: both },
  {
    name: "one key under the key id of another",
    code: "MANIFEST_SIGNATURE_DUPLICATE",
    envelope: again(byAnn, (sig) => sig, keyThumbprint(ben.pem)),
    policy: both,
  },
  {
    name: "one signature in the URL-safe alphabet too",
    code: "MANIFEST_SIGNATURE_DUPLICATE",
    envelope: again(byAnn, (sig) => sig.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")),
    policy: both,
  },
  {
    name: "malleated ECDSA signature as a second one",
    code: "MANIFEST_SIGNATURE_DUPLICATE",
    envelope: again(byPat, (sig) => malleate(Buffer.from(sig, "base64")).toString("base64")),
    policy: policy([trust(pat), trust(ben)]),
  },
  {
    name: "two fresh ECDSA signatures by one key",
    code: "MANIFEST_SIGNATURE_DUPLICATE",
    envelope: await signStatement(statement, [pat.signer, pat.signer]),
    policy: policy([trust(pat), trust(ben)]),
  },
  {
    name: "two fresh PSS signatures by one key",
    code: "MANIFEST_SIGNATURE_DUPLICATE",
    envelope: await signStatement(statement, [restricted.signer, restricted.signer]),
    policy: policy([trust(restricted), trust(ben)]),
  },
  { name: "duplicate_keys", code: "MANIFEST_KEY_DUPLICATE", envelope: byAnn, policy: policy([trust(ann), trust(ann, { person: "ben" })]) },
  {
    name: "one key as PEM text and as JWK",
    code: "MANIFEST_KEY_DUPLICATE",
    envelope: byAnn,
    policy: policy([trust(ann), trust(ben, { publicKey: createPublicKey(ann.pem).export({ format: "jwk" }) })]),
  },
  {
    name: "one P-256 key as compressed and uncompressed point",
    code: "MANIFEST_KEY_DUPLICATE",
    envelope: byPat,
    policy: policy([trust(pat), trust(ben, { publicKey: compressed(createPublicKey(pat.pem)) })]),
  },
  {
    name: "one RSA key as PKCS#1 and as SPKI",
    code: "MANIFEST_KEY_DUPLICATE",
    envelope: byAnn,
    policy: policy([trust(rob), trust(ben, { publicKey: createPublicKey(rob.pem).export({ format: "pem", type: "pkcs1" }).toString() })]),
  },
  {
    name: "one RSA key with two algorithms",
    code: "MANIFEST_KEY_DUPLICATE",
    envelope: await signStatement(statement, [rob.signer, holders["rsa-pss-sha256"].signer]),
    policy: policy([trust(rob), trust(rob, { person: "ben", algorithm: "rsa-pss-sha256" })]),
  },
  {
    name: "one RSA modulus with another exponent",
    code: "MANIFEST_KEY_DUPLICATE",
    envelope: byAnn,
    policy: policy([trust(rob), trust(ben, { publicKey: rsaJwk(modulus, Buffer.from("010003", "hex").toString("base64url")) })]),
  },
  {
    name: "a P-256 key and its negative, one private key",
    code: "MANIFEST_KEY_DUPLICATE",
    envelope: byPat,
    policy: policy([trust(pat), trust(ben, { publicKey: negated(createPublicKey(pat.pem)) })]),
  },
  {
    name: "an Ed25519 key and its negative, one private key",
    code: "MANIFEST_KEY_DUPLICATE",
    envelope: byAnn,
    policy: policy([trust(ann), trust(ben, { publicKey: jwk(negatedEd.toString("hex")) })]),
  },
  {
    name: "one person with two keys",
    code: "MANIFEST_PERSON_COUNTED_ONCE",
    envelope: await signStatement(statement, [ann.signer, annsOther.signer]),
    policy: policy([trust(ann), trust(annsOther, { person: "ann" }), trust(ben)], 2),
  },
  {
    name: "one person in two roles",
    code: "MANIFEST_ROLE_NOT_MET",
    envelope: await signStatement(statement, [ann.signer, annsOther.signer]),
    policy: { ...roles, required: 1 },
  },
  { name: "two people in one role for two roles", code: "MANIFEST_ROLE_NOT_MET", envelope: byBoth, policy: roles },
  { name: "snapshot_does_not_meet_threshold", code: "MANIFEST_THRESHOLD_NOT_MET", envelope: byAnn, policy: both },
  {
    name: "has_too_few_keys",
    code: "MANIFEST_POLICY_UNREACHABLE",
    envelope: byAnn,
    policy: policy([trust(ann), trust(annsOther, { person: "ann" })], 2),
  },
  {
    name: "role with too few people",
    code: "MANIFEST_POLICY_UNREACHABLE",
    envelope: byAnn,
    policy: policy([trust(ann)], 1, { roles: { qa: 1 } }),
  },
  { name: "unsigned_metadata", code: "MANIFEST_UNSIGNED", envelope: { ...byAnn, signatures: [] }, policy: both },
  {
    name: "signed by a stranger",
    code: "MANIFEST_SIGNATURE_NOT_VERIFIED",
    envelope: await signStatement(statement, [mallory.signer]),
    policy: policy([trust(ann)]),
  },
  {
    name: "stranger under a trusted key id",
    code: "MANIFEST_SIGNATURE_NOT_VERIFIED",
    envelope: await signStatement(statement, [createKeySigner(mallory.privateKey, { keyId: keyThumbprint(ann.pem) })]),
    policy: policy([trust(ann)]),
  },
  {
    name: "invalid_sig_in_valid_metadata counted",
    code: "MANIFEST_SIGNATURE_NOT_VERIFIED",
    envelope: { ...byBoth, signatures: byBoth.signatures.with(1, { keyid: "", sig: firstSig(byPat) }) },
    policy: both,
  },
  {
    name: "payload exchanged under good signatures",
    code: "MANIFEST_SIGNATURE_NOT_VERIFIED",
    envelope: { ...byBoth, payload: Buffer.from('{"other":1}').toString("base64") },
    policy: both,
  },
  {
    name: "incorrect_metadata_type",
    code: "MANIFEST_PAYLOAD_TYPE_MISMATCH",
    envelope: byAnn,
    policy: policy([trust(ann)]),
    more: { payloadType: "application/vnd.waiver" },
  },
  {
    name: "payload type exchanged for the expected one",
    code: "MANIFEST_SIGNATURE_NOT_VERIFIED",
    envelope: { ...byAnn, payloadType: "application/vnd.waiver" },
    policy: policy([trust(ann)]),
    more: { payloadType: "application/vnd.waiver" },
  },
  {
    name: "signature of the bare payload, without its type",
    code: "MANIFEST_SIGNATURE_NOT_VERIFIED",
    envelope: only(
      { ...byAnn, payloadType: "", payload: Buffer.from(preAuthEncoding(statementPayloadType, payload)).toString("base64") },
      firstSig(byAnn),
    ),
    policy: policy([trust(ann)]),
    more: { payloadType: "" },
  },
  {
    name: "key expired",
    code: "MANIFEST_KEY_NOT_VALID_THEN",
    envelope: byAnn,
    policy: policy([trust(ann, { validTo: at })]),
  },
  {
    name: "key not valid yet",
    code: "MANIFEST_KEY_NOT_VALID_THEN",
    envelope: byAnn,
    policy: policy([trust(ann, { validFrom: "2024-01-15T10:00:00.001Z" })]),
  },
  {
    name: "time of a key that cannot be read",
    code: "MANIFEST_POLICY_MALFORMED",
    envelope: byAnn,
    policy: policy([trust(ann, { validTo: "2999-13-01" })]),
  },
  {
    name: "key that is never valid",
    code: "MANIFEST_POLICY_MALFORMED",
    envelope: byAnn,
    policy: policy([trust(ann, { validFrom: at, validTo: at })]),
  },
  {
    name: "small-order Ed25519 key",
    code: "MANIFEST_KEY_UNUSABLE",
    envelope: only(byAnn, Buffer.concat([Buffer.of(1), Buffer.alloc(63)])),
    policy: policy([trust(mallory, { publicKey: jwk(`01${"00".repeat(31)}`) })]),
  },
  {
    name: "non-canonical Ed25519 key",
    code: "MANIFEST_KEY_UNUSABLE",
    envelope: byAnn,
    policy: policy([trust(mallory, { publicKey: jwk(`ee${"ff".repeat(30)}7f`) })]),
  },
  {
    name: "RSA key of 1,024 bits",
    code: "MANIFEST_KEY_UNUSABLE",
    envelope: byAnn,
    policy: policy([trust(mallory, { publicKey: rsaJwk(modulus.subarray(128), "AQAB") })]),
  },
  {
    name: "RSA key with exponent 3",
    code: "MANIFEST_KEY_UNUSABLE",
    envelope: byAnn,
    policy: policy([trust(mallory, { publicKey: rsaJwk(modulus, "Aw") })]),
  },
  {
    name: "RSA modulus with a small factor",
    code: "MANIFEST_KEY_UNUSABLE",
    envelope: byAnn,
    policy: policy([trust(mallory, { publicKey: rsaJwk(Buffer.alloc(256, 0xff), "AQAB") })]),
  },
  {
    name: "curve that is not trusted",
    code: "MANIFEST_KEY_UNUSABLE",
    envelope: byAnn,
    policy: policy([
      trust(mallory, {
        publicKey: generateKeyPairSync("ec", { namedCurve: "secp256k1" }).publicKey.export({ type: "spki", format: "pem" }).toString(),
      }),
    ]),
  },
  {
    name: "point off its curve",
    code: "MANIFEST_KEY_UNUSABLE",
    envelope: byAnn,
    policy: policy([
      trust(mallory, {
        publicKey: { kty: "EC", crv: "P-256", x: Buffer.alloc(32, 1).toString("base64url"), y: Buffer.alloc(32, 1).toString("base64url") },
      }),
    ]),
  },
  {
    name: "key talked into another algorithm by the policy",
    code: "MANIFEST_KEY_UNUSABLE",
    envelope: byPat,
    policy: policy([trust(pat, { algorithm: "rsa-pkcs1-sha256" })]),
  },
  {
    name: "algorithm nobody knows",
    code: "MANIFEST_POLICY_MALFORMED",
    envelope: byAnn,
    policy: policy([trust(ann, { algorithm: "none" as never })]),
  },
  {
    name: "PSS signature by a key trusted with PKCS#1 v1.5 only",
    code: "MANIFEST_SIGNATURE_NOT_VERIFIED",
    envelope: await signStatement(statement, [holders["rsa-pss-sha256"].signer]),
    policy: policy([trust(rob)]),
  },
  {
    name: "PKCS#1 v1.5 signature by a key restricted to PSS",
    code: "MANIFEST_SIGNATURE_NOT_VERIFIED",
    envelope: await signStatement(statement, [rob.signer]),
    policy: policy([trust(rob, { algorithm: "rsa-pss-sha256" })]),
  },
  {
    name: "ECDSA signature of zeros",
    code: "MANIFEST_SIGNATURE_NOT_VERIFIED",
    envelope: only(byPat, Buffer.from("3006020100020100", "hex")),
    policy: policy([trust(pat)]),
  },
  {
    name: "ECDSA signature as bare numbers",
    code: "MANIFEST_SIGNATURE_NOT_VERIFIED",
    envelope: only(byPat, Buffer.alloc(64, 1)),
    policy: policy([trust(pat), trust(quin)], 1),
  },
  {
    name: "ECDSA signature with bytes behind its end",
    code: "MANIFEST_SIGNATURE_NOT_VERIFIED",
    envelope: only(byPat, Buffer.concat([Buffer.from(firstSig(byPat), "base64"), Buffer.of(0)])),
    policy: policy([trust(pat)]),
  },
  {
    name: "signature with white space in its base64",
    code: "MANIFEST_SIGNATURE_MALFORMED",
    envelope: only(byAnn, `${firstSig(byAnn)}\n`),
    policy: policy([trust(ann)]),
  },
  {
    name: "payload with spare bits in its base64",
    code: "MANIFEST_ENVELOPE_MALFORMED",
    envelope: { ...byAnn, payload: "eyJ=" },
    policy: policy([trust(ann)]),
  },
  {
    name: "unknown field in the policy",
    code: "MANIFEST_POLICY_MALFORMED",
    envelope: byAnn,
    policy: { ...both, threshold: 1 } as TrustPolicy,
  },
  {
    name: "threshold of zero",
    code: "MANIFEST_POLICY_MALFORMED",
    envelope: { ...byAnn, signatures: [] },
    policy: { ...both, required: 0 },
  },
];

function refusal({ envelope, policy: trusted, more }: Attack): readonly string[] {
  try {
    verifyEnvelope(envelope, trusted, { payloadType: statementPayloadType, at, ...more });
    return [];
  } catch (error) {
    if (!isManifestError(error)) throw error;
    return error.findings.map(({ code }) => code);
  }
}

describe("verifyEnvelope() under attack", () => {
  it.each(attacks)("rejects: $name ($code) (MAN-12)", (attack) => {
    expect(refusal(attack)).toContain(attack.code);
  });

  it("is tried with at least 40 attacks of different names, and accepts what they are made from", () => {
    expect(new Set(attacks.map(({ name }) => name)).size).toBeGreaterThanOrEqual(40);
    const sound: readonly Attack[] = [
      { name: "both", code: "", envelope: byBoth, policy: both },
      { name: "ecdsa", code: "", envelope: byPat, policy: policy([trust(pat)]) },
      {
        name: "malleated alone",
        code: "",
        envelope: only(byPat, malleate(Buffer.from(firstSig(byPat), "base64"))),
        policy: policy([trust(pat)]),
      },
    ];
    for (const one of sound) expect(refusal(one), one.name).toEqual([]);
  });

  it("would mostly pass a verifier that counts signatures: that is what these attacks are for", () => {
    const naive = attacks.filter(({ envelope, policy: { required } }) => envelope.signatures.length >= required);
    expect(naive.length).toBeGreaterThan(20);
  });
});

describe("verifyEnvelope()", () => {
  it("verifies Ed25519, ECDSA on P-256 and P-384, RSA by PKCS#1 v1.5 and by PSS side by side (MAN-11, B-22)", async () => {
    const { ed25519, ...others } = holders;
    const { "rsa-pss-sha256": pss, ...rest } = others;
    const people = [ed25519, ...Object.values(rest), restricted];
    const envelope = await signStatement(
      statement,
      people.map(({ signer }) => signer),
    );
    const options = { payloadType: statementPayloadType, at };
    expect(verifyEnvelope(envelope, policy(people.map((one) => trust(one))), options).signers.map(({ person: name }) => name)).toEqual(
      people.map(({ name }) => name).sort(),
    );
    const byPss = await signStatement(statement, [pss.signer]);
    expect(verifyEnvelope(byPss, policy([trust(pss, { algorithm: "rsa-pss-sha256" })]), options).signers).toHaveLength(1);
  });
});

describe("addSignatures()", () => {
  it("co-signs later what stands in the envelope, and adds no signature twice (MAN-12)", async () => {
    const late = await addSignatures(byAnn, [ben.signer]);
    expect(late).toEqual(byBoth);
    expect(byAnn.signatures).toHaveLength(1);
    expect(await addSignatures(late, [ben.signer, ann.signer])).toEqual(byBoth);
    expect(parseEnvelope(renderEnvelope(late))).toEqual(late);
    expect(refusal({ name: "", code: "", envelope: late, policy: both })).toEqual([]);
  });

  it("refuses nobody, a payload in doubt, and more signatures than are ever read", async () => {
    await expect(addSignatures(byAnn, [])).rejects.toThrow(RangeError);
    await expect(addSignatures({ ...byAnn, payload: "!" }, [ben.signer])).rejects.toMatchObject({ code: "MANIFEST_ENVELOPE_INVALID" });
    const full = { ...byAnn, signatures: Array.from({ length: 64 }, (_, index) => ({ keyid: String(index), sig: "AA==" })) };
    await expect(addSignatures(full, [ben.signer])).rejects.toMatchObject({ code: "MANIFEST_ENVELOPE_INVALID" });
  });
});
