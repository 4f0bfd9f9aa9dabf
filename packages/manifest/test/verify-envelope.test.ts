import { createPublicKey } from "node:crypto";
import { isManifestError } from "@gov/manifest";
import {
  createStatement,
  decodeStatement,
  type Envelope,
  keyThumbprint,
  parseEnvelope,
  parseTrustPolicy,
  renderEnvelope,
  type Signer,
  signStatement,
  statementPayloadType,
  type TrustPolicy,
  verifyEnvelope,
} from "@gov/manifest/sign";
import { digestBytes } from "@gov/schema/canonical";
import { describe, expect, it } from "vitest";
import { ann, at, ben, mallory, person, policy, trust } from "./manifest-fakes.ts";

const statement = createStatement({ subjects: [{ name: "a", digest: digestBytes("a") }], predicateType: "urn:test:1", predicate: {} });
const sign = (...signers: readonly Signer[]): Promise<Envelope> => signStatement(statement, signers);
const options = { payloadType: statementPayloadType, at };

function refusal(envelope: Envelope, trusted: TrustPolicy, more: Partial<typeof options> = {}): readonly string[] {
  try {
    verifyEnvelope(envelope, trusted, { ...options, ...more });
    return [];
  } catch (error) {
    if (!isManifestError(error)) throw error;
    return [...new Set(error.findings.map(({ code }) => code))];
  }
}

const both = policy([trust(ann), trust(ben)]);

describe("verifyEnvelope()", () => {
  it("returns what was signed and who signed it", async () => {
    const { payload, signers } = verifyEnvelope(await sign(ben.signer, ann.signer), both, options);
    expect(decodeStatement(payload)).toEqual(statement);
    expect(signers).toEqual([
      { person: "ann", role: "lead", thumbprint: keyThumbprint(ann.pem) },
      { person: "ben", role: "lead", thumbprint: keyThumbprint(ben.pem) },
    ]);
  });

  it("skips a signature that does not verify instead of failing on it", async () => {
    const envelope = await sign(mallory.signer, ann.signer);
    expect(verifyEnvelope(envelope, policy([trust(ann)]), options).signers).toHaveLength(1);
    const broken = { ...envelope, signatures: [{ keyid: "", sig: "!" }, ...envelope.signatures] };
    expect(verifyEnvelope(broken, policy([trust(ann)]), options).signers).toHaveLength(1);
    expect(refusal(broken, both)).toContain("MANIFEST_SIGNATURE_MALFORMED");
  });

  it("refuses what has not the shape of an envelope with a finding, never with a TypeError (MAN-12)", async () => {
    const envelope = await sign(ann.signer, ben.signer);
    const wrong: readonly unknown[] = [
      ...[null, undefined, 7, "{}", [], [envelope], {}, { signatures: [] }],
      ...[{ payloadType: 1 }, { payload: null }, { payload: new Uint8Array(2) }].map((one) => ({
        ...envelope,
        ...one,
      })),
      ...[null, undefined, "AA==", {}, new Set(), [null], ["AA=="], [[]], [{}], [{ keyid: "a", sig: 7 }], [{ keyid: 7, sig: "AA==" }]].map(
        (signatures) => ({ ...envelope, signatures }),
      ),
      { ...envelope, signatures: Array.from({ length: 65 }, () => envelope.signatures[0]) },
    ];
    for (const one of wrong) expect(refusal(one as never, both)).toEqual(["MANIFEST_ENVELOPE_MALFORMED"]);
    expect(refusal(envelope, both)).toEqual([]);
  });

  it("counts a duplicated signature once", async () => {
    const { signatures, ...rest } = await sign(ann.signer);
    expect(refusal({ ...rest, signatures: [...signatures, ...signatures] }, both)).toEqual([
      "MANIFEST_SIGNATURE_DUPLICATE",
      "MANIFEST_THRESHOLD_NOT_MET",
    ]);
  });

  it("counts one key under two key ids once", async () => {
    const { signatures, ...rest } = await sign(ann.signer);
    const renamed = signatures.map(({ sig }) => ({ keyid: keyThumbprint(ben.pem), sig }));
    expect(refusal({ ...rest, signatures: [...signatures, ...renamed] }, both)).toContain("MANIFEST_THRESHOLD_NOT_MET");
  });

  it("refuses a policy that lists one key twice, in whatever encoding and for whomever", async () => {
    const asJwk = createPublicKey(ann.pem).export({ format: "jwk" });
    expect(refusal(await sign(ann.signer), policy([trust(ann), { person: "ben", role: "lead", publicKey: asJwk }]))).toEqual([
      "MANIFEST_KEY_DUPLICATE",
    ]);
    expect(refusal(await sign(ann.signer), policy([trust(ann), trust(ann, { role: "qa" })], 1))).toEqual(["MANIFEST_KEY_DUPLICATE"]);
  });

  it("counts a person with two keys once, also in two roles", async () => {
    const second = person("ann's other key");
    const keys = [trust(ann), trust(second, { person: "ann", role: "qa" }), trust(ben), trust(mallory, { role: "qa" })];
    const envelope = await sign(ann.signer, second.signer);
    expect(refusal(envelope, policy(keys, 2))).toEqual(["MANIFEST_PERSON_COUNTED_ONCE", "MANIFEST_THRESHOLD_NOT_MET"]);
    expect(refusal(envelope, policy(keys, 1, { roles: { lead: 1, qa: 1 } }))).toContain("MANIFEST_ROLE_NOT_MET");
    const three = await sign(ann.signer, second.signer, ben.signer);
    expect(verifyEnvelope(three, policy(keys, 2, { roles: { lead: 1, qa: 1 } }), options).signers).toHaveLength(3);
  });

  it("counts a signer only in the role the policy gives", async () => {
    const keys = [trust(ann), trust(ben, { role: "qa" })];
    expect(refusal(await sign(ann.signer), policy(keys, 1, { roles: { qa: 1 } }))).toEqual(["MANIFEST_ROLE_NOT_MET"]);
  });

  it("counts a key only within its time, by the verifier's clock", async () => {
    const envelope = await sign(ann.signer);
    const during = policy([trust(ann, { validFrom: "2024-01-01T00:00:00Z", validTo: "2024-02-01T00:00:00Z" })]);
    expect(refusal(envelope, during)).toEqual([]);
    expect(refusal(envelope, during, { at: "2024-01-01T00:00:00Z" })).toEqual([]);
    const late = ["MANIFEST_KEY_NOT_VALID_THEN", "MANIFEST_THRESHOLD_NOT_MET"];
    expect(refusal(envelope, during, { at: "2024-02-01T00:00:00Z" })).toEqual(late);
    expect(refusal(envelope, during, { at: "2023-12-31T23:59:59.999Z" })).toEqual(late);
    expect(() => verifyEnvelope(envelope, during, { ...options, at: "yesterday" })).toThrow(RangeError);
  });

  it("binds the payload type to the signature", async () => {
    const envelope = await sign(ann.signer);
    const trusted = policy([trust(ann)]);
    expect(refusal(envelope, trusted, { payloadType: "application/vnd.waiver" })).toContain("MANIFEST_PAYLOAD_TYPE_MISMATCH");
    const retyped = { ...envelope, payloadType: "application/vnd.waiver" };
    expect(refusal(retyped, trusted, { payloadType: "application/vnd.waiver" })).toEqual([
      "MANIFEST_SIGNATURE_NOT_VERIFIED",
      "MANIFEST_THRESHOLD_NOT_MET",
    ]);
  });

  it("refuses an envelope nobody signed, one signed by strangers, and a payload that is no strict base64", async () => {
    const envelope = await sign(mallory.signer);
    expect(refusal({ ...envelope, signatures: [] }, both)).toContain("MANIFEST_UNSIGNED");
    expect(refusal(envelope, both)).toEqual(["MANIFEST_SIGNATURE_NOT_VERIFIED", "MANIFEST_THRESHOLD_NOT_MET"]);
    expect(refusal({ ...envelope, payload: `${envelope.payload} ` }, both)).toEqual(["MANIFEST_ENVELOPE_MALFORMED"]);
  });

  it("lets no flipped bit of payload, payload type or signature pass, and no key id decide", async () => {
    const envelope = await sign(ann.signer, ben.signer);
    const flips = (text: string): readonly string[] =>
      [...text].flatMap((char, index) =>
        [0, 1, 2, 3, 4, 5, 6].map(
          (bit) => text.slice(0, index) + String.fromCharCode(char.charCodeAt(0) ^ (1 << bit)) + text.slice(index + 1),
        ),
      );
    for (const payload of flips(envelope.payload)) expect(refusal({ ...envelope, payload }, both)).not.toEqual([]);
    for (const payloadType of flips(envelope.payloadType)) expect(refusal({ ...envelope, payloadType }, both)).not.toEqual([]);
    for (const [index, { keyid, sig }] of envelope.signatures.entries()) {
      for (const flipped of flips(sig))
        expect(refusal({ ...envelope, signatures: envelope.signatures.with(index, { keyid, sig: flipped }) }, both)).not.toEqual([]);
      expect(refusal({ ...envelope, signatures: envelope.signatures.with(index, { keyid: "?", sig }) }, both)).toEqual([]);
    }
  });

  it("refuses every policy in doubt before looking at a signature", async () => {
    const envelope = await sign(ann.signer);
    const small = { kty: "OKP", crv: "Ed25519", x: Buffer.alloc(32).toString("base64url") };
    const cases: readonly (readonly [unknown, string])[] = [
      [null, "MANIFEST_POLICY_MALFORMED"],
      [{ ...both, version: 2 }, "MANIFEST_POLICY_MALFORMED"],
      [{ ...both, treshold: 1 }, "MANIFEST_POLICY_MALFORMED"],
      [{ ...both, required: 0 }, "MANIFEST_POLICY_MALFORMED"],
      [{ ...both, required: 1.5 }, "MANIFEST_POLICY_MALFORMED"],
      [{ ...both, keys: [] }, "MANIFEST_POLICY_MALFORMED"],
      [{ ...both, keys: [7] }, "MANIFEST_POLICY_MALFORMED"],
      [{ ...both, roles: [] }, "MANIFEST_POLICY_MALFORMED"],
      [{ ...both, roles: { lead: 0 } }, "MANIFEST_POLICY_MALFORMED"],
      [policy([trust(ann, { validTo: "next year" })]), "MANIFEST_POLICY_MALFORMED"],
      [policy([trust(ann, { validFrom: 2024 as never })]), "MANIFEST_POLICY_MALFORMED"],
      [policy([trust(ann, { person: "", role: "" })]), "MANIFEST_POLICY_MALFORMED"],
      [policy([{ ...trust(ann), expires: "2024" } as never]), "MANIFEST_POLICY_MALFORMED"],
      [policy([trust(ann, { publicKey: small })]), "MANIFEST_KEY_UNUSABLE"],
      [policy([trust(ann)], 2), "MANIFEST_POLICY_UNREACHABLE"],
      [policy([trust(ann)], 1, { roles: { qa: 1 } }), "MANIFEST_POLICY_UNREACHABLE"],
    ];
    for (const [trusted, code] of cases) {
      expect(refusal(envelope, trusted as TrustPolicy), JSON.stringify(trusted)).toContain(code);
      expect(() => verifyEnvelope(envelope, trusted as TrustPolicy, options)).toThrow(
        expect.objectContaining({ code: "MANIFEST_POLICY_INVALID" }),
      );
    }
  });

  it("would not pass with a verifier that counts signatures", async () => {
    const { signatures, ...rest } = await sign(ann.signer);
    const naive = (envelope: Envelope): boolean => envelope.signatures.length >= both.required;
    const attack = { ...rest, signatures: [...signatures, ...signatures] };
    expect(naive(attack)).toBe(true);
    expect(refusal(attack, both)).not.toEqual([]);
  });
});

describe("parseTrustPolicy()", () => {
  it("returns a policy that can be met, and every reason against any other", () => {
    expect(parseTrustPolicy(JSON.parse(JSON.stringify(both)))).toEqual({ ok: true, value: both, findings: [] });
    const parsed = parseTrustPolicy({
      ...both,
      version: 3,
      required: -1,
      keys: [trust(ann, { publicKey: "x" }), { ...trust(ben), role: "" }],
    });
    expect(parsed.findings.map(({ code }) => code).sort()).toEqual([
      "MANIFEST_KEY_UNUSABLE",
      ...Array<string>(3).fill("MANIFEST_POLICY_MALFORMED"),
    ]);
  });
});

describe("signStatement()", () => {
  it("gives every signer the same small payload and refuses to sign by nobody", async () => {
    const sizes: number[] = [];
    const spy: Signer = {
      sign: ({ payload }) => (sizes.push(payload.length), Promise.resolve({ keyId: "spy", signature: payload.fill(0) })),
    };
    const envelope = await sign(spy, spy);
    expect(sizes.every((size) => size < 4096)).toBe(true);
    expect(decodeStatement(Buffer.from(envelope.payload, "base64"))).toEqual(statement);
    await expect(sign()).rejects.toThrow(RangeError);
  });
});

describe("parseEnvelope()", () => {
  it("reads what renderEnvelope() wrote, and ignores fields it does not know", async () => {
    const envelope = await sign(ann.signer);
    expect(parseEnvelope(renderEnvelope(envelope))).toEqual(envelope);
    expect(parseEnvelope(JSON.stringify({ ...envelope, extra: 1 }))).toEqual(envelope);
    expect(parseEnvelope(JSON.stringify({ ...envelope, signatures: [{ sig: "AA==" }] })).signatures).toEqual([{ keyid: "", sig: "AA==" }]);
  });

  it("refuses everything else", () => {
    const signatures = [{ keyid: "", sig: "" }];
    const cases = [
      "",
      "[]",
      new Uint8Array([0xff]),
      "{}",
      { payloadType: "" },
      { payloadType: "a" },
      { payloadType: "a", payload: "" },
      { payloadType: "a", payload: "", signatures: [{}] },
      { payloadType: "a", payload: "", signatures: [{ sig: "", keyid: 1 }] },
      { payloadType: "a", payload: "", signatures: Array(65).fill(signatures[0]) },
    ];
    for (const one of cases) {
      const text = typeof one === "string" || one instanceof Uint8Array ? one : JSON.stringify(one);
      expect(() => parseEnvelope(text)).toThrow(expect.objectContaining({ code: "MANIFEST_ENVELOPE_INVALID" }));
    }
  });
});

describe("decodeStatement()", () => {
  it("returns null for what is no statement of version 1 with SHA-256 subjects", () => {
    const good = {
      _type: "https://in-toto.io/Statement/v1",
      subject: [{ name: "a", digest: { sha256: "a".repeat(64) } }],
      predicateType: "x",
      predicate: {},
    };
    const bad = [null, [], { ...good, _type: "x" }, { ...good, subject: {} }, { ...good, predicateType: 1 }, { ...good, predicate: [] }];
    const badSubjects = [[1], [{ name: 1 }], [{ name: "a", digest: { sha256: "A".repeat(64) } }], [{ name: "a", digest: {} }]];
    const decode = (value: unknown): unknown => decodeStatement(new TextEncoder().encode(JSON.stringify(value)));
    expect(decode(good)).toEqual(good);
    for (const value of [...bad, ...badSubjects.map((subject) => ({ ...good, subject }))])
      expect(decode(value), JSON.stringify(value)).toBeNull();
    expect(decodeStatement(new Uint8Array([0xff]))).toBeNull();
  });
});
