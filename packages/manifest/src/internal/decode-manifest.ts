import { type Finding, isJsonObject, type JsonObject, type JsonValue, type Position } from "@gov/schema";
import type { Digest } from "@gov/schema/canonical";
import { finding, type ManifestFindingCode } from "../finding-codes.ts";
import type { PriorManifest } from "../model.ts";
import type { ManifestInput } from "../plan-manifest.ts";
import { manifestWireVersion } from "../render-manifest.ts";

/** Where the manifest came from, for findings. */
export interface ManifestSource {
  readonly path: string;
  readonly locate: (pointer: string) => Position | null;
}

type FieldType = "string" | "text or null" | "number" | "object" | "list";

/** Fields of the wire shape, and whether they must be there. */
const fields: Readonly<Record<string, readonly [FieldType | "true", "required" | "optional"]>> = {
  version: ["number", "required"],
  manifest_id: ["string", "required"],
  cycle_id: ["string", "required"],
  sequence: ["number", "required"],
  sealed: ["true", "required"],
  created_at: ["string", "required"],
  created_by: ["string", "required"],
  snapshot_rev: ["string", "required"],
  rulebook_hash: ["string", "required"],
  artifact_checksums: ["object", "required"],
  artifact_sizes: ["object", "required"],
  gate_results: ["object", "required"],
  governance: ["object", "required"],
  prior_manifest_id: ["string", "optional"],
  prior_manifest_digest: ["string", "optional"],
  closes_manifest_id: ["string", "optional"],
  closes_manifest_digest: ["string", "optional"],
  restores_manifest_id: ["string", "optional"],
  restores_manifest_digest: ["string", "optional"],
  notes: ["string", "required"],
};

const governanceFields: typeof fields = {
  tags: ["list", "required"],
  critical_issues: ["number", "required"],
  critical_violations: ["number", "required"],
  decision_log_ref: ["text or null", "required"],
};

/** Reads the wire shape strictly, without judging the values: every field there, of its type, and none besides. */
export function decodeManifest(
  data: JsonValue,
  source: ManifestSource,
): { readonly input: ManifestInput | null; readonly findings: readonly Finding[] } {
  const findings: Finding[] = [];
  const report = (code: ManifestFindingCode, message: string, pointer: string): void =>
    void findings.push(finding(code, message, { path: source.path, ...(source.locate(pointer) ?? {}) }));
  if (!isJsonObject(data)) {
    report("MANIFEST_FIELD_INVALID", "The manifest is not a mapping", "");
    return { input: null, findings };
  }
  checkShape(data, { fields, at: "", report });
  const { governance } = data;
  if (isJsonObject(governance)) checkShape(governance, { fields: governanceFields, at: "/governance", report });
  if (findings.length === 0) checkValues(data, report);
  // From here on the shape is known, so the casts below only repeat what was checked.
  return { input: findings.length > 0 ? null : toInput(data as unknown as Wire), findings };
}

type Report = (code: ManifestFindingCode, message: string, pointer: string) => void;

function checkShape(value: JsonObject, shape: { readonly fields: typeof fields; readonly at: string; readonly report: Report }): void {
  for (const key of Object.keys(value))
    if (!Object.hasOwn(shape.fields, key))
      shape.report("MANIFEST_FIELD_UNKNOWN", `The manifest has an unknown field "${key}"`, `${shape.at}/${escapePointer(key)}`);
  for (const [key, [type, presence]] of Object.entries(shape.fields)) {
    const pointer = `${shape.at}/${key}`;
    if (!Object.hasOwn(value, key)) {
      if (presence === "required") shape.report("MANIFEST_FIELD_MISSING", `The manifest lacks "${key}"`, pointer);
    } else if (!hasType(value[key] as JsonValue, type))
      shape.report("MANIFEST_FIELD_INVALID", `The manifest's "${key}" must be ${nouns[type]}`, pointer);
  }
}

const nouns: Readonly<Record<FieldType | "true", string>> = {
  string: "a text",
  "text or null": "a text or null",
  number: "a number",
  object: "a mapping",
  list: "a list of texts",
  true: "true",
};

function hasType(value: JsonValue, type: FieldType | "true"): boolean {
  if (type === "true") return value === true;
  if (type === "text or null") return value === null || typeof value === "string";
  if (type === "list") return Array.isArray(value) && value.every((item) => typeof item === "string");
  return type === "object" ? isJsonObject(value) : typeof value === type;
}

function checkValues(data: JsonObject, report: Report): void {
  const wire = data as unknown as Wire;
  if (wire.version !== manifestWireVersion)
    report(
      "MANIFEST_FIELD_INVALID",
      `The manifest is of version ${String(wire.version)}: this release reads version ${String(manifestWireVersion)}`,
      "/version",
    );
  for (const [path, digest] of Object.entries<JsonValue>(wire.artifact_checksums)) {
    const pointer = `/artifact_checksums/${escapePointer(path)}`;
    if (typeof digest !== "string") report("MANIFEST_DIGEST_INVALID", `The digest of "${path}" is not a text`, pointer);
    if (!Object.hasOwn(wire.artifact_sizes, path)) report("MANIFEST_FIELD_MISSING", `The manifest lacks the size of "${path}"`, pointer);
  }
  for (const [path, size] of Object.entries<JsonValue>(wire.artifact_sizes)) {
    const pointer = `/artifact_sizes/${escapePointer(path)}`;
    if (typeof size !== "number") report("MANIFEST_FIELD_INVALID", `The size of "${path}" is not a number`, pointer);
    if (!Object.hasOwn(wire.artifact_checksums, path))
      report("MANIFEST_FIELD_MISSING", `The manifest lacks the digest of "${path}"`, pointer);
  }
  for (const [gate, outcome] of Object.entries<JsonValue>(wire.gate_results))
    if (typeof outcome !== "string")
      report("MANIFEST_FIELD_INVALID", `The outcome of gate "${gate}" is not a text`, `/gate_results/${escapePointer(gate)}`);
  const names = { prior: "its prior", closes: "what it closes", restores: "what it restores" } as const;
  for (const name of ["prior", "closes", "restores"] as const)
    if ((wire[`${name}_manifest_id`] === undefined) !== (wire[`${name}_manifest_digest`] === undefined))
      report(
        "MANIFEST_FIELD_MISSING",
        `The manifest names ${names[name]} by id or by digest only: both are needed`,
        `/${name}_manifest_id`,
      );
}

function escapePointer(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** The wire shape once its types are known. */
interface Wire {
  readonly version: number;
  readonly manifest_id: string;
  readonly cycle_id: string;
  readonly sequence: number;
  readonly created_at: string;
  readonly created_by: string;
  readonly snapshot_rev: string;
  readonly rulebook_hash: string;
  readonly artifact_checksums: Readonly<Record<string, string>>;
  readonly artifact_sizes: Readonly<Record<string, number>>;
  readonly gate_results: Readonly<Record<string, string>>;
  readonly governance: {
    readonly tags: readonly string[];
    readonly critical_issues: number;
    readonly critical_violations: number;
    readonly decision_log_ref: string | null;
  };
  readonly prior_manifest_id?: string;
  readonly prior_manifest_digest?: string;
  readonly closes_manifest_id?: string;
  readonly closes_manifest_digest?: string;
  readonly restores_manifest_id?: string;
  readonly restores_manifest_digest?: string;
  readonly notes: string;
}

function toInput(wire: Wire): ManifestInput {
  const { governance } = wire;
  const [closes, restores] = [reference(wire, "closes"), reference(wire, "restores")];
  return {
    manifestId: wire.manifest_id,
    cycleId: wire.cycle_id,
    sequence: wire.sequence,
    createdAt: wire.created_at,
    createdBy: wire.created_by,
    snapshotRev: wire.snapshot_rev,
    rulebookHash: wire.rulebook_hash,
    artifacts: Object.entries(wire.artifact_checksums).map(([path, digest]) => ({ path, digest, size: wire.artifact_sizes[path] ?? -1 })),
    gateResults: wire.gate_results,
    governance: {
      tags: governance.tags,
      criticalIssues: governance.critical_issues,
      criticalViolations: governance.critical_violations,
      decisionLogRef: governance.decision_log_ref,
    },
    prior: reference(wire, "prior"),
    ...(closes === null ? {} : { closes }),
    ...(restores === null ? {} : { restores }),
    notes: wire.notes,
  };
}

function reference(wire: Wire, name: "prior" | "closes" | "restores"): PriorManifest | null {
  const { [`${name}_manifest_id` as const]: manifestId, [`${name}_manifest_digest` as const]: digest } = wire;
  return manifestId === undefined || digest === undefined ? null : { manifestId, digest: digest as Digest };
}
