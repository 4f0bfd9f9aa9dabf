import { hash } from "node:crypto";
import type { JsonValue } from "../json.ts";
import { canonicalJson } from "./canonical-json.ts";

/** A SHA-256 digest as text: `sha256:` and 64 lower-case hexadecimal digits. */
export type Digest = `sha256:${string}`;

const digestPattern = /^sha256:[0-9a-f]{64}$/;

/** Returns the SHA-256 digest of the exact bytes given; a string is hashed as UTF-8. */
export function digestBytes(bytes: Uint8Array | string): Digest {
  return `sha256:${hash("sha256", bytes, "hex")}`;
}

/** Returns the SHA-256 digest of the RFC 8785 form of a value, so that equal values have equal digests. */
export function digestJson(value: JsonValue): Digest {
  return digestBytes(canonicalJson(value));
}

/** True when the text is a well-formed SHA-256 digest. */
export function isDigest(text: unknown): text is Digest {
  return typeof text === "string" && digestPattern.test(text);
}
