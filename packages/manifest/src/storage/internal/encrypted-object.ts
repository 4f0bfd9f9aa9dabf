import { createCipheriv, createDecipheriv, hkdfSync } from "node:crypto";
import type { Digest } from "@gov/schema/canonical";
import { ManifestError } from "../../errors.ts";
import type { KeyRing } from "../key-ring.ts";
import type { RandomBytes } from "../node-random.ts";

/** `GOVENC1`, line feed, length of the key id, key id, 32 bytes of salt, ciphertext, 16 bytes of tag. */
const magic = new TextEncoder().encode("GOVENC1\n");
const saltLength = 32;
const tagLength = 16;
const keyIdPattern = /^[A-Za-z0-9._-]{1,64}$/;

/**
 * Encrypts an object with AES-256-GCM. Each gets a key and a nonce of its own from the ring's key and a random salt (HKDF-SHA-256, RFC 5869), so that no
 * number of objects under one key can repeat a nonce; the head and the digest are authenticated, so that one object never passes for another.
 */
export async function encryptObject(
  bytes: Uint8Array,
  { digest, keys, random }: { readonly digest: Digest; readonly keys: KeyRing; readonly random: RandomBytes },
): Promise<Uint8Array> {
  if (!keyIdPattern.test(keys.current))
    throw new RangeError(`Cannot encrypt with key "${keys.current}": its id must be 1 to 64 of A-Z, a-z, 0-9, ".", "_" and "-"`);
  const id = new TextEncoder().encode(keys.current);
  const salt = random(saltLength);
  if (salt.length !== saltLength)
    throw new RangeError(`Cannot encrypt: the random source gave ${String(salt.length)} bytes instead of ${String(saltLength)}`);
  const head = Buffer.concat([magic, Uint8Array.of(id.length), id, salt]);
  const { key, nonce } = await derive(keys, { id: keys.current, salt, digest });
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.concat([head, Buffer.from(digest)]));
  return Buffer.concat([head, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
}

/** Name of the key an encrypted object needs, or null when the bytes are none. */
export function keyIdOf(stored: Uint8Array): string | null {
  if (stored.length < magic.length + 1 || magic.some((byte, index) => stored[index] !== byte)) return null;
  const length = stored[magic.length] ?? 0;
  const id = Buffer.from(stored.subarray(magic.length + 1, magic.length + 1 + length)).toString("latin1");
  return keyIdPattern.test(id) && stored.length >= magic.length + 1 + length + saltLength + tagLength ? id : null;
}

/** Decrypts an object, or returns null when it is not whole. */
export async function decryptObject(
  stored: Uint8Array,
  { digest, keys }: { readonly digest: Digest; readonly keys: KeyRing },
): Promise<Uint8Array | null> {
  const id = keyIdOf(stored);
  if (id === null) return null;
  const headLength = magic.length + 1 + id.length + saltLength;
  const head = stored.subarray(0, headLength);
  const { key, nonce } = await derive(keys, { id, salt: head.subarray(headLength - saltLength), digest });
  const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: tagLength }).setAAD(
    Buffer.concat([head, Buffer.from(digest)]),
  );
  decipher.setAuthTag(stored.subarray(stored.length - tagLength));
  try {
    return Buffer.concat([decipher.update(stored.subarray(headLength, stored.length - tagLength)), decipher.final()]);
  } catch {
    return null;
  }
}

async function derive(
  keys: KeyRing,
  { id, salt, digest }: { readonly id: string; readonly salt: Uint8Array; readonly digest: Digest },
): Promise<{ readonly key: Uint8Array; readonly nonce: Uint8Array }> {
  const root = await keys.key(id);
  if (root === null)
    throw new ManifestError("MANIFEST_OBJECT_KEY_MISSING", `Cannot open object "${digest}": there is no key "${id}"`, {
      details: { digest, keyId: id },
      hint: "Keep old keys until rekey() has gone through every object",
    });
  if (root.length !== 32) throw new RangeError(`Cannot use key "${id}": AES-256 needs 32 bytes, and it has ${String(root.length)}`);
  const derived = new Uint8Array(hkdfSync("sha256", root, salt, `gov object ${digest}`, 44));
  return { key: derived.subarray(0, 32), nonce: derived.subarray(32) };
}
