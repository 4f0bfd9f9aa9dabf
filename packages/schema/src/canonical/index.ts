/**
 * Canonical JSON (RFC 8785) and SHA-256 digests of what is hashed or signed.
 *
 * @packageDocumentation
 */
export { canonicalJson, maxCanonicalDepth } from "./canonical-json.ts";
export { contentId, type ContentIdOptions, envelopeHash } from "./content-id.ts";
export { type Digest, digestBytes, digestJson, isDigest } from "./digest.ts";
export { parseCanonicalJson } from "./parse-canonical-json.ts";
export { stableJson } from "./stable-json.ts";
