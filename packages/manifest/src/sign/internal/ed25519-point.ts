// Curve constants of RFC 8032, section 5.1.
const p = 2n ** 255n - 19n;
const d = mod(-121665n * power(121666n, p - 2n));
const squareRootOfMinusOne = power(2n, (p - 1n) / 4n);

/** Why a 32-byte Ed25519 public key cannot be trusted with a signature. */
export type PointDefect = "length" | "non-canonical" | "not on the curve" | "small order";

/**
 * Returns what is wrong with an encoded Ed25519 public key, or null.
 * `node:crypto` takes all of these; with a small-order key one signature verifies for every message, so its owner could sign anything and deny everything.
 */
export function findPointDefect(bytes: Uint8Array): PointDefect | null {
  if (bytes.length !== 32) return "length";
  const encoded = bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
  const sign = encoded >> 255n;
  const y = encoded & (2n ** 255n - 1n);
  if (y >= p) return "non-canonical";
  const x = recoverX(y);
  if (x === null) return "not on the curve";
  if (x === 0n && sign === 1n) return "non-canonical";
  return hasSmallOrder(x, y) ? "small order" : null;
}

/** RFC 8032, section 5.1.3: x² = (y² − 1) / (dy² + 1); either root will do, order does not depend on the sign. */
function recoverX(y: bigint): bigint | null {
  const square = mod((y * y - 1n) * power(mod(d * y * y + 1n), p - 2n));
  const root = power(square, (p + 3n) / 8n);
  for (const x of [root, mod(root * squareRootOfMinusOne)]) if (mod(x * x) === square) return x;
  return null;
}

/** The cofactor is 8: a point of small order becomes the neutral element (0, 1) when doubled three times. */
function hasSmallOrder(x: bigint, y: bigint): boolean {
  let point: readonly [bigint, bigint] = [x, y];
  for (let doubling = 0; doubling < 3; doubling++) point = double(point);
  return point[0] === 0n && point[1] === 1n;
}

function double([x, y]: readonly [bigint, bigint]): readonly [bigint, bigint] {
  const dxxyy = mod(d * x * x * y * y);
  return [mod(2n * x * y * power(mod(1n + dxxyy), p - 2n)), mod((y * y + x * x) * power(mod(1n - dxxyy), p - 2n))];
}

function mod(value: bigint): bigint {
  const rest = value % p;
  return rest < 0n ? rest + p : rest;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = mod(base);
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = mod(result * square);
    square = mod(square * square);
  }
  return result;
}
