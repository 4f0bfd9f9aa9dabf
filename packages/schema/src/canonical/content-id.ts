import type { JsonObject, JsonValue } from "../json.ts";
import { type Digest, digestJson } from "./digest.ts";

/** How a content-derived id is written. */
export interface ContentIdOptions {
  /** What the id begins with, such as `evt_`; it tells ids of one kind from those of another. */
  readonly prefix: string;
}

/**
 * Returns an id that follows from the content alone: the prefix, and the first 128 bits of the SHA-256 digest of its RFC 8785 form,
 * in lower-case hexadecimal digits. Equal values have equal ids, on every machine; nobody has to hand ids out.
 *
 * @throws {@link SchemaError} `SCHEMA_NOT_CANONICAL` when the value has no canonical form.
 * @throws RangeError when the prefix is not made of 1 to 32 ASCII letters, digits, `_` and `-`.
 * @example Name an event by its content
 * ```ts
 * import assert from "node:assert/strict";
 * import { contentId } from "@gov/schema/canonical";
 *
 * const id = contentId({ type: "PLAN_CREATED", plan: "PLN-1" }, { prefix: "evt_" });
 * assert.equal(id, contentId({ plan: "PLN-1", type: "PLAN_CREATED" }, { prefix: "evt_" }));
 * assert.match(id, /^evt_[0-9a-f]{32}$/);
 * ```
 */
export function contentId(value: JsonValue, options: ContentIdOptions): string {
  const { prefix } = options;
  if (!/^[A-Za-z0-9_-]{1,32}$/.test(prefix)) {
    throw new RangeError(`Cannot make an id that begins with "${prefix}": use 1 to 32 letters, digits, "_" and "-"`);
  }
  return prefix + digestJson(value).slice("sha256:".length, "sha256:".length + 32);
}

/**
 * Returns the digest of the semantic part of an envelope: of the members named, as far as it has them, and of nothing else.
 * Times, routes and correlation ids may be left out, so that a message sent twice has one hash; a member that is not there and one
 * that is `null` have different hashes.
 *
 * @param envelope - the envelope; only its own members count.
 * @param semantic - names of the members that make the meaning, in any order.
 * @throws {@link SchemaError} `SCHEMA_NOT_CANONICAL` when one of them has no canonical form.
 * @throws RangeError when no member is named.
 */
export function envelopeHash(envelope: JsonObject, semantic: readonly string[]): Digest {
  if (semantic.length === 0) throw new RangeError("Cannot hash an envelope without a semantic part: name at least one member");
  const part = Object.create(null) as Record<string, JsonValue>;
  for (const name of semantic) if (Object.hasOwn(envelope, name)) part[name] = envelope[name] as JsonValue;
  return digestJson(part);
}
