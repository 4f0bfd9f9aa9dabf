// Curve constants of RFC 8032, section 5.1.
const p = 2n ** 255n - 19n;
const d = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;

/** Why a 32-byte Ed25519 public key cannot be trusted with a signature. */
export type PointDefect = "length" | "non-canonical" | "not on the curve" | "small order";

/**
 * Returns what is wrong with an encoded Ed25519 public key, or null.
 * `node:crypto` imports all of these; with a small-order key, Node 20 verifies one signature for every message, so its owner could sign anything and deny everything.
 */
export function findPointDefect(bytes: Uint8Array): PointDefect | null {
  if (bytes.length !== 32) return "length";
  const encoded = bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
  const sign = encoded >> 255n;
  const y = encoded & (2n ** 255n - 1n);
  if (y >= p) return "non-canonical";
  // RFC 8032, section 5.1.3: x² = u / v; v is never zero, since d is not a square.
  const u = mod(y * y - 1n);
  const v = mod(d * y * y + 1n);
  if (u === 0n) return sign === 1n ? "non-canonical" : "small order";
  if (!isSquare(u * v)) return "not on the curve";
  // Orders 1 and 2 have x = 0, order 4 has y = 0, and order 8 doubles to y = 0, which is x² + y² = 0.
  return y === 0n || mod(u + v * y * y) === 0n ? "small order" : null;
}

/** Euler's criterion; a quotient is a square exactly when the product is. */
function isSquare(value: bigint): boolean {
  return power(value, (p - 1n) / 2n) === 1n;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = mod(base);
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % p;
    square = (square * square) % p;
  }
  return result;
}

function mod(value: bigint): bigint {
  const rest = value % p;
  return rest < 0n ? rest + p : rest;
}
