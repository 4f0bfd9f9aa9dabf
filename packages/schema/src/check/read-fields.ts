import { type Artifact, artifactStatuses, type ArtifactStatus, type Reference } from "../artifact.ts";
import { type Finding } from "../finding.ts";
import { makeFinding } from "../internal/make-finding.ts";
import { type JsonValue } from "../json.ts";
import { type KindDefinition, type KindFieldName, type ReferenceField } from "../kinds/kind-definition.ts";
import { normalizeTags } from "../kinds/normalize-tags.ts";
import { valueAt, valuesAt } from "../reading/json-pointer.ts";
import { type ParsedDocument } from "../reading/parse-document.ts";
import { type Metadata, type Placed, positionOf } from "./read-metadata.ts";

/** The fields of an artifact that its kind places. */
export interface ArtifactFields extends Pick<Artifact, "version" | "status" | "title" | "owners" | "tags"> {
  readonly id: string | null;
  /** Where the id stands; null when it comes from the path. */
  readonly idPlaced: Placed | null;
}

/** Reads the fields of an artifact from where its kind says they stand, else from the metadata by their own names. */
export function readFields(
  document: ParsedDocument,
  metadata: Metadata,
  definition: KindDefinition,
): { fields: ArtifactFields; findings: readonly Finding[] } {
  const field = (name: KindFieldName): Placed | string => placedField(document, metadata, definition, name);
  const id = field("id");
  const tags = field("tags");
  const tagged = normalizeTags(valueOf(tags));
  const findings = tagged.rejected.map((pointer) => {
    const place = typeof tags === "string" ? null : { ...tags, pointer: tags.pointer + pointer };
    const at = place === null ? null : positionOf(place);
    return makeFinding("SCHEMA_TAG", "Entry is no tag", {
      path: place?.document.path ?? document.path,
      at,
      expected: '"Key" or "Key:Value"',
    });
  });
  const fields: ArtifactFields = {
    id: scalarText(id),
    idPlaced: typeof id === "string" ? null : id,
    version: scalarText(field("version")),
    status: readStatus(scalarText(field("status")), definition),
    title: scalarText(field("title")),
    owners: readOwners(field("owners")),
    tags: tagged.tags,
  };
  return { fields, findings };
}

/** Reads the references of a document, each with its place; values that the kind ignores are left out. */
export function readReferences(document: ParsedDocument, definition: KindDefinition): readonly Reference[] {
  return (definition.references ?? []).flatMap((field) =>
    valuesAt(document.data, field.field).flatMap(({ pointer, value }): Reference[] => {
      const target = scalarText({ value, document, pointer })?.trim() ?? "";
      if (target === "" || isIgnored(target, field)) return [];
      const at = document.locate(pointer);
      const place = { line: at?.line ?? null, column: at?.column ?? null };
      const weight = field.severity === undefined ? {} : { severity: field.severity };
      return [{ target, by: field.by, kinds: field.kinds ?? [], ...place, ...weight }];
    }),
  );
}

function placedField(document: ParsedDocument, metadata: Metadata, definition: KindDefinition, name: KindFieldName): Placed | string {
  const source = definition.fields?.[name];
  if (typeof source === "object") return pathPart(document.path, source.path);
  const value = source === undefined ? undefined : valueAt(document.data, source);
  return value === undefined || value === null ? metadata.placed(`/${name}`) : { value, document, pointer: source ?? "" };
}

function pathPart(path: string, part: "stem" | "name" | "directory" | "path"): string {
  if (part === "path") return path;
  const segments = path.split("/");
  const name = segments.at(-1) ?? "";
  if (part === "name") return name;
  if (part === "directory") return segments.at(-2) ?? "";
  const dot = name.indexOf(".", 1);
  return dot < 0 ? name : name.slice(0, dot);
}

function valueOf(field: Placed | string): JsonValue {
  return typeof field === "string" ? field : field.value;
}

/** A scalar as text; of a number the text it was written with, so that version 1.10 does not become 1.1. */
function scalarText(field: Placed | string): string | null {
  if (typeof field === "string") return field === "" ? null : field;
  const { value } = field;
  if (typeof value === "string") return value === "" ? null : value;
  if (typeof value === "number") return field.document.sourceText(field.pointer) ?? String(value);
  return typeof value === "boolean" ? String(value) : null;
}

function readStatus(word: string | null, definition: KindDefinition): ArtifactStatus | null {
  if (word === null) return null;
  const { statuses } = definition;
  if (statuses !== undefined) return Object.hasOwn(statuses, word) ? (statuses[word] ?? null) : null;
  return artifactStatuses.find((status) => status === word) ?? null;
}

function readOwners(field: Placed | string): readonly string[] {
  const value = valueOf(field);
  const owners = Array.isArray(value) ? (value as readonly JsonValue[]) : [value];
  return owners.filter((owner) => typeof owner === "string" && owner !== "") as readonly string[];
}

function isIgnored(target: string, field: ReferenceField): boolean {
  return (field.ignore ?? []).some((ignored) => (ignored.endsWith("*") ? target.startsWith(ignored.slice(0, -1)) : target === ignored));
}
