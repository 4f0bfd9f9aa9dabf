import { type JsonValue } from "../json.ts";

/**
 * One change of a document: `set` puts a value where an RFC 6901 pointer leads, making the mappings on the way; the segment `-`, or the length of
 * a list, appends to it. `remove` takes a field or an item away.
 */
export type YamlEdit =
  { readonly op: "set"; readonly pointer: string; readonly value: JsonValue } | { readonly op: "remove"; readonly pointer: string };
