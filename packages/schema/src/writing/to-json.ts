import { type JsonValue } from "../json.ts";
import { type ParsedDocument } from "../reading/parse-document.ts";

/**
 * A document as JSON, for programs that read nothing else (ART-11): YAML and JSON as their data, Markdown as
 * `{ "front_matter": …, "body": … }`; null for opaque documents. Writing the result with `stableJson()` gives the same bytes for the same document.
 *
 * @example Mirror a story map
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseDocument, toJson } from "@gov/schema";
 *
 * const document = parseDocument({ path: "story_map.md", bytes: new TextEncoder().encode("---\nid: SM-1\n---\n# Map\n") });
 * assert.ok(document.ok);
 * assert.deepEqual(toJson(document.value), { front_matter: { id: "SM-1" }, body: "# Map\n" });
 * ```
 */
export function toJson(document: Pick<ParsedDocument, "format" | "data" | "body">): JsonValue {
  return document.format === "markdown" ? { front_matter: document.data, body: document.body } : document.data;
}
