import { createPublicKey, type KeyObject } from "node:crypto";

/** AlgorithmIdentifier of rsaEncryption with NULL parameters (RFC 8017, appendix A.1). */
const rsaEncryption = Buffer.from("300d06092a864886f70d0101010500", "hex");
const minimumBits = 2048;
const maximumBits = 8192;
const minimumExponent = 65_537n;
/** Product of the odd primes below 1,000: a modulus that shares a factor with it is no product of two large primes. */
const smallPrimes = oddPrimesBelow(1000).reduce((product, prime) => product * prime, 1n);

/** The numbers of an RSA public key. */
export interface RsaNumbers {
  /** Base64url without leading zeros, as a JWK has them. */
  readonly n: string;
  readonly e: string;
}

/**
 * Returns modulus and exponent, also of a key restricted to PSS (`id-RSASSA-PSS`), which Node exports as no JWK: the same numbers under another identifier
 * are the same key, so both get one name.
 */
export function rsaNumbers(key: KeyObject): RsaNumbers {
  const plain = key.asymmetricKeyType === "rsa-pss" ? withoutRestriction(key) : key;
  const { n = "", e = "" } = plain.export({ format: "jwk" });
  return { n, e };
}

/** Returns what makes an RSA key too weak to be trusted, or null. */
export function findRsaDefect(key: KeyObject, { n }: RsaNumbers): string | null {
  const {
    modulusLength = 0,
    publicExponent = 0n,
    hashAlgorithm = "sha256",
    mgf1HashAlgorithm = "sha256",
    saltLength = 0,
  } = key.asymmetricKeyDetails ?? {};
  const modulus = BigInt(`0x${Buffer.from(n, "base64url").toString("hex")}`);
  if (modulusLength < minimumBits) return "short modulus";
  if (modulusLength > maximumBits) return "long modulus";
  if (publicExponent < minimumExponent || publicExponent % 2n === 0n || publicExponent >= 1n << 64n) return "exponent";
  if (modulus % 2n === 0n || greatestCommonDivisor(smallPrimes, modulus % smallPrimes) !== 1n) return "factor";
  // A salt of 32 bytes and SHA-256 are what this package uses; a key that forbids them could only ever fail.
  if (hashAlgorithm !== "sha256" || mgf1HashAlgorithm !== "sha256" || saltLength > 32) return "parameters";
  return null;
}

function withoutRestriction(key: KeyObject): KeyObject {
  const spki = key.export({ format: "der", type: "spki" });
  const outer = contentOf(spki, 0);
  const bits = spki.subarray(contentOf(spki, outer.start).end, outer.end);
  const body = Buffer.concat([rsaEncryption, bits]);
  // SubjectPublicKeyInfo of an RSA key is always longer than 127 bytes and shorter than 65,536.
  const head = Buffer.from([0x30, 0x82, body.length >> 8, body.length & 0xff]);
  return createPublicKey({ key: Buffer.concat([head, body]), format: "der", type: "spki" });
}

/** Bounds of the content of the DER element that starts at an offset (X.690, section 8.1). */
function contentOf(der: Buffer, at: number): { readonly start: number; readonly end: number } {
  const first = der[at + 1] ?? 0;
  const more = first < 0x80 ? 0 : first & 0x7f;
  const length = more === 0 ? first : der.readUIntBE(at + 2, more);
  const start = at + 2 + more;
  return { start, end: start + length };
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [left, right] = [a, b];
  while (right !== 0n) [left, right] = [right, left % right];
  return left;
}

function oddPrimesBelow(limit: number): readonly bigint[] {
  const primes: number[] = [];
  for (let number = 3; number < limit; number += 2) if (primes.every((prime) => number % prime !== 0)) primes.push(number);
  return primes.map(BigInt);
}
