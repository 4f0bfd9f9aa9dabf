import { type Digest, digestBytes } from "@gov/schema/canonical";

/** Heading of the block that a digest's own hash leaves out. */
export const verificationHeading = "## Manifest Verification";

/** Name of the scheme, as it stands in the block. */
export const bodyHashLabel = "digest_body_sha256 (digest-body-v1)";

/**
 * Returns the hash of a digest by the scheme `digest-body-v1`: of its text without the block "Manifest Verification", from that heading up to the next one of its
 * level or the end (B-09). So the block can hold the hash.
 */
export function digestBodyHash(text: string): Digest {
  return digestBytes(withoutBlock(text));
}

/** True when a digest carries the hash of its own body, once (MAN-16). */
export function holdsDigestBody(text: string): boolean {
  const marks = text.split("\n").filter((line) => line.startsWith(`- ${bodyHashLabel}: `));
  return marks.length === 1 && marks[0] === `- ${bodyHashLabel}: ${digestBodyHash(text)}`;
}

function withoutBlock(text: string): string {
  const lines = text.split("\n");
  const start = lines.indexOf(verificationHeading);
  if (start < 0) return text;
  const length = lines.slice(start + 1).findIndex((line) => line.startsWith("## "));
  return [...lines.slice(0, start), ...(length < 0 ? [] : lines.slice(start + 1 + length))].join("\n");
}
