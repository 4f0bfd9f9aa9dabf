import { type Finding, type Position } from "../finding.ts";
import { makeFinding } from "../internal/make-finding.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import { stableJson } from "../canonical/stable-json.ts";
import { valueAt } from "../reading/json-pointer.ts";
import { type ParsedDocument } from "../reading/parse-document.ts";

/** Fields that both places of metadata may give, and must then give alike (SCH-02). */
const sharedFields = ["id", "version", "status", "kind", "title", "owners", "tags"] as const;

/** A value of a document with the way back to its place. */
export interface Placed {
  readonly value: JsonValue;
  readonly document: ParsedDocument;
  readonly pointer: string;
}

/** Metadata of an artifact, from the document itself, from its sidecar, or from both. */
export interface Metadata {
  readonly values: JsonObject;
  /** True when any metadata stands anywhere. */
  readonly present: boolean;
  /** Where a field stands, or where it should stand. */
  readonly placed: (pointer: string) => Placed;
}

/** Pointer to the metadata embedded in a document: front matter, the `metadata` mapping, or the top-level fields. */
export function embeddedAt(document: ParsedDocument, metadataAt: string | null): string {
  if (document.format === "markdown") return "";
  return metadataAt ?? (isJsonObject(valueAt(document.data, "/metadata") ?? null) ? "/metadata" : "");
}

/** Puts embedded metadata and a sidecar's together; what both give differently is an error naming the field (SCH-02). */
export function readMetadata(
  document: ParsedDocument,
  sidecar: ParsedDocument | null,
  at: string,
): { metadata: Metadata; findings: readonly Finding[] } {
  const found = valueAt(document.data, at);
  const embedded = isJsonObject(found) ? found : null;
  const beside = sidecar !== null && isJsonObject(sidecar.data) ? sidecar.data : null;
  const findings: Finding[] = [];
  for (const field of sharedFields) {
    if (sidecar === null || !embedded || !beside || !Object.hasOwn(embedded, field) || !Object.hasOwn(beside, field)) continue;
    const [inside, outside] = [stableJson(embedded[field] ?? null), stableJson(beside[field] ?? null)];
    if (inside === outside) continue;
    const message = `Field "${field}" is ${outside} here and ${inside} in "${document.path}"`;
    findings.push(conflict(message, sidecar.path, sidecar.locate(`/${field}`)));
  }
  const placed = (pointer: string): Placed => {
    const besideValue = beside === null ? undefined : valueAt(beside, pointer);
    const insideValue = embedded === null ? undefined : valueAt(embedded, pointer);
    if (sidecar !== null && (besideValue !== undefined || insideValue === undefined)) {
      return { value: besideValue ?? null, document: sidecar, pointer };
    }
    return { value: insideValue ?? null, document, pointer: at + pointer };
  };
  // fromEntries defines own properties, whatever their name is.
  const values = Object.fromEntries<JsonValue>([...Object.entries(embedded ?? {}), ...Object.entries(beside ?? {})]);
  return { metadata: { values, present: Object.keys(values).length > 0, placed }, findings };
}

/** The place of a value in its document. */
export function positionOf(placed: Placed): Position | null {
  return placed.document.locate(placed.pointer);
}

function conflict(message: string, path: string, at: Position | null): Finding {
  return makeFinding("SCHEMA_METADATA_CONFLICT", message, { path, at, expected: "the same value in both, or in one of them only" });
}
