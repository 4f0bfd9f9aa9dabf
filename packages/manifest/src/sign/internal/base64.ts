const standard = /^[A-Za-z0-9+/]*={0,2}$/;
const urlSafe = /^[A-Za-z0-9_-]*={0,2}$/;

/**
 * Decodes base64 in the standard or the URL-safe alphabet (DSSE v1 allows both), or returns null.
 * Read strictly, so that no bit of the text is free: mixed alphabets, white space, partial padding and non-zero spare bits are refused.
 * Padding may be missing only where the URL-safe alphabet is possible (RFC 4648, section 3.2).
 */
export function decodeBase64(text: string): Uint8Array | null {
  if (!standard.test(text) && !urlSafe.test(text)) return null;
  const plain = text.replace(/=+$/, "");
  const padded = plain + "=".repeat((4 - (plain.length % 4)) % 4);
  if (text !== padded && (text !== plain || /[+/]/.test(text))) return null;
  const bytes = Buffer.from(padded, "base64");
  const again = encodeBase64(bytes);
  return again === padded.replaceAll("-", "+").replaceAll("_", "/") ? new Uint8Array(bytes) : null;
}

/** Encodes bytes as standard base64 with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}
