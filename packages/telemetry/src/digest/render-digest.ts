import { type DigestContent, type DigestShape, emitDigest } from "@gov/schema";
import { bodyHashLabel, digestBodyHash, verificationHeading } from "./digest-body.ts";
import { contentC11 } from "./internal/content-c11.ts";
import { contentC22Long } from "./internal/content-c22-long.ts";
import { contentC22Short } from "./internal/content-c22-short.ts";
import { contentC33 } from "./internal/content-c33.ts";
import { memberLines, missing, section } from "./internal/digest-parts.ts";
import { escapeName } from "./internal/escape-markdown.ts";
import type { DigestModel } from "./plan-digest.ts";

/** Options of {@link renderDigest}. */
export interface RenderDigestOptions {
  /** Shape of the document: `c22-short` (DIG-03), `c22-long` (DIG-04), `c11` (DIG-01, DIG-02) or `c33` (DIG-05). */
  readonly format: DigestShape;
}

/**
 * Returns the text of a digest in Markdown, the same bytes for the same model, as `parseDigest` of `@gov/schema` reads it back: metadata, KPIs, gate outcomes with evidence,
 * improvement actions, and a block that verifies the manifest and the digest itself (scheme `digest-body-v1`). What is missing is shown as `n/a`; the status says DRAFT
 * then (DIG-08).
 *
 * @throws RangeError for `c11` and `c33` without the context that they show, for `c22-long` without the narrative, and for texts so long that nothing reads them back.
 */
export function renderDigest(model: DigestModel, { format }: RenderDigestOptions): string {
  const content = contentOf(model, format);
  // The hash leaves the block out, so the text with another hash in it has the same one.
  const draft = written(withBlock(content, model, missing));
  return written(withBlock(content, model, digestBodyHash(draft)));
}

function contentOf(model: DigestModel, format: DigestShape): DigestContent {
  if (format === "c22-short") return contentC22Short(model);
  if (format === "c22-long") {
    if (model.narrative === null) throw new RangeError(`Cannot render the digest as "${format}": a narrative is required`);
    return contentC22Long(model, model.narrative);
  }
  if (model.context === null) throw new RangeError(`Cannot render the digest as "${format}": a context is required`);
  return format === "c11" ? contentC11(model, model.context) : contentC33(model, model.context);
}

/** The block stands before the improvement actions, as in c11. */
function withBlock(content: DigestContent, { manifest, artifacts }: DigestModel, hash: string): DigestContent {
  const verification = [
    { key: "manifest_checksum_sha256", value: manifest?.digest ?? missing },
    ...artifacts.map(({ path, digest }) => ({ key: `artifact ${escapeName(path)}`, value: digest })),
    { key: bodyHashLabel, value: hash },
  ];
  const at = content.sections.findIndex(({ title }) => title.startsWith("Improvement"));
  const block = section(verificationHeading, content.sections[0]?.level ?? 2, memberLines(verification));
  return { ...content, verification, sections: content.sections.toSpliced(at, 0, block) };
}

function written(content: DigestContent): string {
  const emitted = emitDigest(content);
  if (!emitted.ok) throw new RangeError(emitted.findings[0]?.message ?? "Cannot render the digest: it does not read back");
  return `${emitted.value.trimEnd()}\n`;
}
