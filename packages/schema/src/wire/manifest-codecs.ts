import type { HandoffManifest, HandoffManifestC11, HandoffManifestC22, HandoffManifestC22Flat } from "../rules.ts";
import type { JsonObject, JsonValue } from "../json.ts";
import type { ManifestShape, WireFields } from "./wire-manifest.ts";

/** Reads and writes one shape; what it reads has been judged by the schema of the shape. */
export interface ManifestCodec {
  readonly read: (data: JsonObject) => WireFields;
  /** Members without a value are left out; whether the shape can do without them is for its schema. */
  readonly write: (fields: WireFields) => JsonObject;
}

const nothing: WireFields = {
  version: null,
  id: null,
  cycleId: null,
  planId: null,
  createdAt: "",
  createdBy: null,
  snapshotRev: "",
  rulebookHash: "",
  artifacts: [],
  gateResults: null,
  tags: null,
  criticalIssues: null,
  criticalViolations: null,
  decisionLogRef: null,
  priorId: null,
  notes: null,
  seal: null,
};

const c11: ManifestCodec = {
  read: (data) => {
    const manifest = data as HandoffManifestC11;
    return {
      ...nothing,
      version: manifest.version,
      cycleId: manifest.cycle_id,
      createdAt: manifest.sealed_at,
      createdBy: manifest.sealed_by,
      snapshotRev: manifest.snapshot_rev,
      rulebookHash: manifest.rulebook_hash,
      artifacts: manifest.artifacts.map(({ path, sha256 }) => ({ key: path, checksum: sha256 })),
      tags: manifest.governance.tags,
      criticalIssues: manifest.governance.critical_issues,
      seal: manifest.signature === undefined ? null : { algorithm: null, signature: manifest.signature },
    };
  },
  write: (fields) =>
    compact({
      version: 1,
      cycle_id: fields.cycleId,
      snapshot_rev: fields.snapshotRev,
      rulebook_hash: fields.rulebookHash,
      artifacts: fields.artifacts.map(({ key, checksum }) => ({ path: key, sha256: checksum })),
      governance: compact({ tags: fields.tags, critical_issues: fields.criticalIssues }),
      sealed_at: fields.createdAt,
      sealed_by: fields.createdBy,
      signature: fields.seal?.signature ?? null,
    }),
};

function readC22(manifest: HandoffManifestC22["manifest"], version: string): WireFields {
  return {
    ...nothing,
    version,
    id: manifest.id,
    createdAt: manifest.created_at,
    snapshotRev: manifest.snapshot_rev,
    rulebookHash: manifest.rulebook_hash,
    artifacts: Object.entries(manifest.checksums).map(([key, checksum]) => ({ key, checksum })),
    seal: { algorithm: manifest.seal.algorithm, signature: manifest.seal.signature },
  };
}

function writeC22(fields: WireFields): JsonObject {
  return compact({
    id: fields.id,
    created_at: fields.createdAt,
    snapshot_rev: fields.snapshotRev,
    checksums: checksumsOf(fields),
    rulebook_hash: fields.rulebookHash,
    seal: fields.seal === null ? null : compact({ algorithm: fields.seal.algorithm, signature: fields.seal.signature }),
  });
}

const c22: ManifestCodec = {
  read: (data) => {
    const { manifest, version } = data as HandoffManifestC22;
    return readC22(manifest, version);
  },
  write: (fields) => ({ version: versionText(fields), manifest: writeC22(fields) }),
};

const c22Flat: ManifestCodec = {
  read: (data) => {
    const manifest = data as HandoffManifestC22Flat;
    return { ...readC22(manifest, manifest.version), planId: manifest.plan_id };
  },
  write: (fields) => compact({ version: versionText(fields), ...writeC22(fields), plan_id: fields.planId }),
};

const c33: ManifestCodec = {
  read: (data) => {
    const manifest = data as HandoffManifest;
    return {
      ...nothing,
      id: manifest.manifest_id,
      createdAt: manifest.created_at,
      createdBy: [manifest.created_by],
      snapshotRev: manifest.snapshot_rev,
      rulebookHash: manifest.rulebook_hash,
      artifacts: Object.entries(manifest.artifact_checksums).map(([key, checksum]) => ({ key, checksum })),
      gateResults: manifest.gate_results,
      tags: manifest.governance.tags,
      criticalViolations: manifest.governance.critical_violations,
      decisionLogRef: manifest.governance.decision_log_ref,
      priorId: manifest.prior_manifest_id ?? null,
      notes: manifest.notes ?? null,
    };
  },
  write: (fields) =>
    compact({
      manifest_id: fields.id,
      sealed: true,
      created_at: fields.createdAt,
      created_by: fields.createdBy?.join(", ") ?? null,
      snapshot_rev: fields.snapshotRev,
      rulebook_hash: fields.rulebookHash,
      artifact_checksums: checksumsOf(fields),
      gate_results: fields.gateResults,
      governance: {
        ...compact({ tags: fields.tags, critical_violations: fields.criticalViolations }),
        decision_log_ref: fields.decisionLogRef,
      },
      prior_manifest_id: fields.priorId,
      notes: fields.notes,
    }),
};

/** How each shape is read and written. */
export const manifestCodecs: Readonly<Record<ManifestShape, ManifestCodec>> = { c11, c22, "c22-flat": c22Flat, c33 };

// fromEntries defines own properties, whatever their name is.
function checksumsOf(fields: WireFields): JsonObject {
  return Object.fromEntries(fields.artifacts.map(({ key, checksum }) => [key, checksum]));
}

function versionText(fields: WireFields): string {
  return typeof fields.version === "string" ? fields.version : "1.0.0";
}

function compact(members: Readonly<Record<string, JsonValue>>): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));
}
