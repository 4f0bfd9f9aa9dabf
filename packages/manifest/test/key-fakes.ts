import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { createKeySigner, type KeySignerOptions, type SignatureAlgorithm } from "@gov/manifest/sign";
import type { Person } from "./manifest-fakes.ts";

function holder(name: string, privateKey: KeyObject, options: KeySignerOptions = {}): Person {
  const pem = createPublicKey(privateKey).export({ type: "spki", format: "pem" }).toString();
  return { name, privateKey, pem, signer: createKeySigner(privateKey, options) };
}

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;

/** A person per algorithm; the two that sign by PKCS#1 and by PSS hold one key. */
export const holders: Readonly<Record<SignatureAlgorithm, Person>> = {
  ed25519: holder("ed", generateKeyPairSync("ed25519").privateKey),
  "ecdsa-p256-sha256": holder("pat", generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey),
  "ecdsa-p384-sha384": holder("quin", generateKeyPairSync("ec", { namedCurve: "P-384" }).privateKey),
  "rsa-pkcs1-sha256": holder("rob", rsa),
  "rsa-pss-sha256": holder("rob", rsa, { algorithm: "rsa-pss-sha256" }),
};

/** A second RSA key, restricted to PSS. */
export const restricted: Person = holder("pia", generateKeyPairSync("rsa-pss", { modulusLength: 2048 }).privateKey);

const curveOrder = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const curveField = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;

/** The other signature that verifies wherever a P-256 signature does: (r, n - s). */
export function malleate(signature: Uint8Array): Buffer {
  const der = Buffer.from(signature);
  const rLength = der[3] ?? 0;
  const s = BigInt(`0x${der.subarray(6 + rLength).toString("hex")}`);
  let other = Buffer.from((curveOrder - s).toString(16).padStart(64, "0"), "hex");
  while (other.length > 1 && other[0] === 0 && (other[1] ?? 0) < 0x80) other = other.subarray(1);
  if ((other[0] ?? 0) >= 0x80) other = Buffer.concat([Buffer.of(0), other]);
  const body = Buffer.concat([der.subarray(2, 4 + rLength), Buffer.of(2, other.length), other]);
  return Buffer.concat([Buffer.of(0x30, body.length), body]);
}

/** A P-256 key as SubjectPublicKeyInfo with a compressed point. */
export function compressed(publicKey: KeyObject): string {
  const { x = "", y = "" } = publicKey.export({ format: "jwk" });
  const sign = 2 + ((Buffer.from(y, "base64url").at(-1) ?? 0) & 1);
  const head = Buffer.from("3039301306072a8648ce3d020106082a8648ce3d030107032200", "hex");
  const der = Buffer.concat([head, Buffer.of(sign), Buffer.from(x, "base64url")]);
  return `-----BEGIN PUBLIC KEY-----\n${der.toString("base64")}\n-----END PUBLIC KEY-----\n`;
}

/** The public key of the negative point: whoever has the private key of one has it of both. */
export function negated(publicKey: KeyObject): { kty: string; crv: string; x: string; y: string } {
  const { x = "", y = "" } = publicKey.export({ format: "jwk" });
  const other = curveField - BigInt(`0x${Buffer.from(y, "base64url").toString("hex")}`);
  return { kty: "EC", crv: "P-256", x, y: Buffer.from(other.toString(16).padStart(64, "0"), "hex").toString("base64url") };
}
