import { type Digest, digestBytes } from "@gov/schema/canonical";

/** Title of the block that a digest's own hash leaves out, a heading of the second or third level. */
export const verificationHeading = "Manifest Verification";

/** Name of the scheme, as it stands in the block. */
export const bodyHashLabel = "digest_body_sha256 (digest-body-v1)";

/**
 * Returns the hash of a digest by the scheme `digest-body-v1`: of its text without the block "Manifest Verification", from that heading up to the next one of its
 * level or above, or the end (B-09). So the block can hold the hash.
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
  const start = lines.findIndex((line) => line === `## ${verificationHeading}` || line === `### ${verificationHeading}`);
  if (start < 0) return text;
  const next = lines[start]?.startsWith("###") === true ? /^#{1,3} / : /^#{1,2} /;
  const length = lines.slice(start + 1).findIndex((line) => next.test(line));
  return [...lines.slice(0, start), ...(length < 0 ? [] : lines.slice(start + 1 + length))].join("\n");
}
