import { generateKeyPairSync, type RSAPSSKeyPairKeyObjectOptions } from "node:crypto";
import { createKeySigner, createPemKeyProvider, importPublicKey, keyThumbprint } from "@gov/manifest/sign";
import { describe, expect, it } from "vitest";
import { holders, restricted } from "./key-fakes.ts";
import { ann } from "./manifest-fakes.ts";

const { privateKey } = holders["rsa-pkcs1-sha256"];
const pkcs8 = { type: "pkcs8", format: "pem" } as const;
const locked = ann.privateKey.export({ ...pkcs8, cipher: "aes-256-cbc", passphrase: "open" }).toString();
const legacy = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({
  type: "pkcs1",
  format: "pem",
  cipher: "aes-256-cbc",
  passphrase: "open",
});
const input = { payloadType: "text/plain", payload: new TextEncoder().encode("hello") };

describe("createPemKeyProvider()", () => {
  const pems: ReadonlyMap<string, string> = new Map([
    ["planning_seal_key_v1", privateKey.export(pkcs8).toString()],
    ["locked", locked],
    ["legacy", legacy.toString()],
    ["broken", "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n"],
  ]);
  const asked: string[] = [];
  const provider = createPemKeyProvider({
    readPem: (name) => Promise.resolve(pems.get(name) ?? null),
    readPassphrase: (name) => (asked.push(name), Promise.resolve("open")),
    algorithms: { planning_seal_key_v1: "rsa-pss-sha256" },
  });

  it("finds a signer by the name of its key, plain or encrypted (MAN-11, B-22)", async () => {
    const { keyId, signature } = await (await provider.signer("planning_seal_key_v1")).sign(input);
    expect([keyId, signature.length]).toEqual(["planning_seal_key_v1", 256]);
    const unlocked = await (await provider.signer("locked")).sign(input);
    expect(unlocked.signature).toEqual((await ann.signer.sign(input)).signature);
    expect(asked).toEqual(["locked"]);
  });

  it("never signs with another key than the one asked for", async () => {
    await expect(provider.signer("none")).rejects.toMatchObject({ code: "MANIFEST_KEY_NOT_FOUND", details: { keyName: "none" } });
    await expect(provider.signer("constructor")).rejects.toMatchObject({ code: "MANIFEST_KEY_NOT_FOUND" });
    await expect(provider.signer("legacy")).rejects.toMatchObject({ code: "MANIFEST_KEY_REFUSED", details: { reason: "pem encryption" } });
    await expect(provider.signer("broken")).rejects.toMatchObject({ code: "MANIFEST_KEY_REFUSED", details: { reason: "format" } });
    const mute = createPemKeyProvider({ readPem: () => Promise.resolve(locked) });
    await expect(mute.signer("locked")).rejects.toMatchObject({ code: "MANIFEST_KEY_LOCKED" });
  });
});

describe("createKeySigner()", () => {
  it("opens an encrypted PEM text with its passphrase only", () => {
    expect(() => createKeySigner(locked, { passphrase: "open" })).not.toThrow();
    for (const passphrase of [undefined, "", "wrong"])
      expect(() => createKeySigner(locked, { passphrase })).toThrow(expect.objectContaining({ code: "MANIFEST_KEY_LOCKED" }));
  });
});

describe("importPublicKey()", () => {
  it("gives the RFC 7638 thumbprint of every kind of key, whatever says how it is restricted", () => {
    // RFC 7638, section 3.1.
    const n =
      "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W" +
      "-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrd" +
      "kt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
    expect(keyThumbprint({ kty: "RSA", n, e: "AQAB" })).toBe("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    const { algorithm, thumbprint, secret } = importPublicKey(restricted.pem);
    expect([algorithm, thumbprint.length, secret.startsWith("rsa ")]).toEqual(["rsa-pss-sha256", 43, true]);
    expect(importPublicKey(holders["ecdsa-p384-sha384"].pem).algorithm).toBe("ecdsa-p384-sha384");
  });

  it("refuses keys restricted to another hash than the one used", () => {
    const options = { modulusLength: 2048, hashAlgorithm: "sha512", mgf1HashAlgorithm: "sha512", saltLength: 64 };
    const other = generateKeyPairSync("rsa-pss", options as unknown as RSAPSSKeyPairKeyObjectOptions);
    expect(() => importPublicKey(other.publicKey)).toThrow(expect.objectContaining({ details: { reason: "parameters" } }));
  });
});
