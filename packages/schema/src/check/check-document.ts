import { type Artifact } from "../artifact.ts";
import { digestBytes } from "../canonical/digest.ts";
import { compareFindings, type Finding, type Position } from "../finding.ts";
import { makeFinding } from "../internal/make-finding.ts";
import { isJsonObject, type JsonObject } from "../json.ts";
import { type KindRegistry, type RegisteredKind } from "../kinds/kind-registry.ts";
import { nearestWord } from "../kinds/nearest-word.ts";
import { normalizePath } from "../paths/normalize-path.ts";
import { type DocumentInput, parseDocument, type ParsedDocument, type ParseDocumentOptions } from "../reading/parse-document.ts";
import { issueCode, type SchemaIssue } from "../validate/schema-issue.ts";
import { validateKind } from "../validate/validate-kind.ts";
import { readFields, readReferences } from "./read-fields.ts";
import { embeddedAt, type Metadata, positionOf, readMetadata } from "./read-metadata.ts";
import { violationHint } from "./violation-hint.ts";

/** One document after checking by itself: plain data that depends on nothing but its bytes, its sidecar and the registry, so it can be kept. */
export interface CheckedDocument {
  readonly path: string;
  /** Null when the document cannot be read, has no id, or is of no kind. With errors among the findings it is readable, not valid. */
  readonly artifact: Artifact | null;
  readonly findings: readonly Finding[];
  /** Where its id stands; null when the id comes from the path. */
  readonly idPlace: { readonly path: string; readonly at: Position | null } | null;
}

/** Options of {@link checkDocument}. */
export interface CheckDocumentOptions {
  /** The `<file>.meta.yaml` beside the document. @default none */
  readonly sidecar?: DocumentInput | undefined;
  /** Bounds on each document. @default {@link defaultReadLimits} */
  readonly limits?: ParseDocumentOptions["limits"];
  /** Whether places at which other YAML readers read otherwise get a note each. @default false */
  readonly lint?: boolean | undefined;
  /** Whether a document of no kind gets a note. @default false */
  readonly noteUnknown?: boolean | undefined;
}

/**
 * Reads and judges one document by itself: syntax, metadata, schema of its kind, tags. What concerns several documents is
 * {@link crossCheck}'s. Findings are sorted and carry the place of the value they speak of.
 */
export function checkDocument(input: DocumentInput, registry: KindRegistry, options: CheckDocumentOptions = {}): CheckedDocument {
  const { limits, lint } = options;
  const normalized = normalizePath(input.path);
  if (!normalized.ok)
    return unread(
      input.path,
      normalized.findings.map((finding) => ({ ...finding, path: input.path })),
    );
  const path = normalized.value;
  const expectedKind = registry.kindByPath(path)?.definition;
  const parsed = parseDocument(
    { path, bytes: input.bytes },
    { limits, lint, format: expectedKind?.format, frontMatter: expectedKind?.frontMatter },
  );
  const beside = options.sidecar === undefined ? null : parseSidecar(options.sidecar, limits);
  const remarks = [...parsed.findings, ...(beside?.findings ?? [])];
  if (!parsed.ok || beside?.ok === false) return unread(path, remarks);
  const document = parsed.value;
  const sidecar = beside?.value ?? null;

  const at = embeddedAt(document, registry.kindByPath(path)?.metadataAt ?? null);
  const read = readMetadata(document, sidecar, at);
  const kind = registry.kindOf(path, read.metadata.values) ?? (sidecar === null ? null : registry.get("artifact"));
  if (kind === null) {
    const note = makeFinding("SCHEMA_NO_KIND", "Document is of no kind and is not governed", { path, severity: "note" });
    return unread(path, options.noteUnknown === true ? [...remarks, note] : remarks.filter((finding) => finding.severity === "error"));
  }
  const { fields, findings } = readFields(document, read.metadata, kind.definition);
  const judged = [
    ...judgeData(document, kind),
    ...judgeMetadata(document, sidecar, read.metadata, kind, fields),
    ...unknownKind(read.metadata, registry, kind),
  ];
  const all = [...remarks, ...read.findings, ...findings, ...judged];
  const id = fields.id ?? (kind.shipped ? null : path);
  if (id === null) return unread(path, all);
  const { idPlaced, ...rest } = fields;
  const artifact: Artifact = {
    path,
    kind: kind.definition.name,
    format: document.format,
    ...rest,
    id,
    references: readReferences(document, kind.definition),
    data: document.data,
    body: document.body,
    digest: digestBytes(input.bytes),
    size: input.bytes.length,
  };
  const idPlace = idPlaced === null || fields.id === null ? null : { path: idPlaced.document.path, at: positionOf(idPlaced) };
  return { path, artifact, findings: sorted(all), idPlace };
}

function parseSidecar(sidecar: DocumentInput, limits: CheckDocumentOptions["limits"]): ReturnType<typeof parseDocument> {
  const parsed = parseDocument(sidecar, { limits, format: "yaml" });
  if (!parsed.ok || isJsonObject(parsed.value.data)) return parsed;
  const finding = makeFinding("SCHEMA_VIOLATION", "Sidecar is not a mapping", {
    path: sidecar.path,
    at: { line: 1, column: 1 },
    expected: "id, version and status",
  });
  return { ok: false, findings: [...parsed.findings, finding] };
}

function judgeData(document: ParsedDocument, kind: RegisteredKind): Finding[] {
  if (document.format === "opaque") return [];
  const { path, body, bodyLine: startLine } = document;
  return [
    ...kind.judge(document.data).map((issue) => violation(issue, document, issue.pointer)),
    ...(body === null ? [] : kind.judgeBody(body, { path, startLine })),
  ];
}

function judgeMetadata(
  document: ParsedDocument,
  sidecar: ParsedDocument | null,
  metadata: Metadata,
  kind: RegisteredKind,
  fields: { readonly id: string | null; readonly version: string | null; readonly status: string | null },
): Finding[] {
  const required = kind.definition.requireMetadata === true;
  if (required && !metadata.present)
    return [missing("metadata", document, `front matter, or "${document.path}.meta.yaml", with id, version and status`)];
  if (!kind.shipped) {
    const absent = required ? (["id", "version", "status"] as const).filter((name) => fields[name] === null) : [];
    const typed = sidecar === null ? [] : judged(metadata).filter((issue) => issue.keyword !== "required");
    return [
      ...absent.map((name) => missing(`field "${name}"`, document, name)),
      ...typed.map((issue) => metadataViolation(issue, metadata)),
    ];
  }
  return judged(metadata)
    .filter((issue) => required || issue.keyword !== "required")
    .map((issue) => metadataViolation(issue, metadata));
}

function judged(metadata: Metadata): readonly SchemaIssue[] {
  return validateKind("artifact_metadata", metadata.values) ?? [];
}

function metadataViolation(issue: SchemaIssue, metadata: Metadata): Finding {
  const { document, pointer } = metadata.placed(issue.pointer);
  const finding = violation(issue, document, pointer);
  return issue.keyword === "required" ? { ...finding, code: "SCHEMA_MISSING_METADATA" } : finding;
}

function violation(issue: SchemaIssue, document: ParsedDocument, pointer: string): Finding {
  const { message, expected } = issue;
  const hint = violationHint(issue, document, pointer);
  return makeFinding(issueCode(issue), message, { path: document.path, at: document.locate(pointer), expected, hint });
}

function missing(what: string, document: ParsedDocument, expected: string): Finding {
  return makeFinding("SCHEMA_MISSING_METADATA", `Document has no ${what}`, { path: document.path, at: document.locate(""), expected });
}

function unknownKind(metadata: Metadata, registry: KindRegistry, kind: RegisteredKind): Finding[] {
  const { values } = metadata;
  const named = (values as JsonObject & { readonly kind?: unknown }).kind;
  if (!kind.shipped || typeof named !== "string" || registry.get(named) !== null) return [];
  const near = nearestWord(named, registry.names);
  const place = metadata.placed("/kind");
  return [
    makeFinding("SCHEMA_KIND", `Kind ${JSON.stringify(named)} is not known`, {
      path: place.document.path,
      at: positionOf(place),
      expected: "a kind that ships or that gov.yaml defines",
      hint: near === null ? undefined : `Did you mean "${near}"?`,
    }),
  ];
}

function unread(path: string, findings: readonly Finding[]): CheckedDocument {
  return { path, artifact: null, findings: sorted(findings), idPlace: null };
}

/** Sorted, and what two schemas say of one value only once. */
function sorted(findings: readonly Finding[]): readonly Finding[] {
  const ordered = [...findings].sort(compareFindings);
  return ordered.filter((finding, index) => {
    const before = ordered[index - 1];
    return before === undefined || compareFindings(before, finding) !== 0;
  });
}
