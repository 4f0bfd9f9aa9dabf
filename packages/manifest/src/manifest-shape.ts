import {
  compareFindings,
  emitManifestWire,
  type Finding,
  type JsonObject,
  type JsonValue,
  type ManifestShape,
  parseManifestWire,
  type Result,
  type WireManifest,
} from "@gov/schema";
import { finding } from "./finding-codes.ts";
import { decodeExtension, encodeExtension, shapeMember } from "./internal/shape-extension.ts";
import type { ManifestModel, PriorManifest } from "./model.ts";
import { type ManifestInput, planManifest } from "./plan-manifest.ts";

/** A signature that stands inside a manifest of the c11 or c22 shapes; checked when it is read, and never what is trusted. */
export interface InlineSeal {
  /** As the shape writes it, such as `RSA-SHA256`; null in c11, which says none. */
  readonly algorithm: string | null;
  /** As the shape writes it: `base64:` and base64, or whatever else somebody wrote there. */
  readonly signature: string;
}

/** Options of {@link emitManifestShape}. */
export interface EmitShapeOptions {
  /** Logical name by path, for the c22 shapes, such as `be_backlog`. @default the path stands for itself */
  readonly names?: Readonly<Record<string, string>> | undefined;
  /** The inline signature; the c22 shapes need one. @default none */
  readonly seal?: InlineSeal | undefined;
}

/**
 * Maps a manifest to the data of one of the four shapes of the field (MAN-06, B-02). What a shape has no name for stands in its members `extensions` and `gov_manifest`, so
 * that {@link readManifestShape} gives the same model again. Pure.
 *
 * @returns every member that the shape needs and the manifest does not have.
 */
export function emitManifestShape(model: ManifestModel, shape: ManifestShape, options: EmitShapeOptions = {}): Result<JsonObject> {
  const names = new Map(Object.entries(options.names ?? {}));
  const bare = (digest: string): string => digest.slice("sha256:".length);
  // Each shape writes a digest in its own way (B-14).
  const write = shape === "c11" ? bare : (digest: string): string => digest;
  const wire: WireManifest = {
    shape,
    version: shape === "c11" ? 1 : shape === "c33" ? null : "1.0.0",
    id: model.manifestId,
    cycleId: model.cycleId,
    planId: shape === "c22-flat" ? model.cycleId : null,
    createdAt: model.createdAt,
    createdBy: [model.createdBy],
    snapshotRev: model.snapshotRev,
    rulebookHash: write(model.rulebookHash),
    artifacts: model.artifacts.map(({ path, digest }) => ({ key: names.get(path) ?? path, checksum: write(digest) })),
    gateResults: model.gateResults,
    tags: model.governance.tags,
    criticalIssues: model.governance.criticalIssues,
    criticalViolations: model.governance.criticalViolations,
    decisionLogRef: model.governance.decisionLogRef,
    priorId: model.prior?.manifestId ?? null,
    notes: model.notes,
    seal: sealFor(shape, options.seal),
    extensions: [{ shape, pointer: `/${shapeMember}`, value: encodeExtension(model, names) }],
  };
  return emitManifestWire(wire, shape);
}

/** c11 has no name for the algorithm, c33 none for a signature. */
function sealFor(shape: ManifestShape, seal: InlineSeal | undefined): InlineSeal | null {
  if (seal === undefined || shape === "c33") return null;
  return shape === "c11" ? { algorithm: null, signature: seal.signature } : seal;
}

/** What a manifest of the field does not say of itself, told by whoever takes it over. */
export interface ShapeFacts {
  /** @default what the manifest says */
  readonly manifestId?: string | undefined;
  /** @default what the manifest says */
  readonly cycleId?: string | undefined;
  /** @default 1 */
  readonly sequence?: number | undefined;
  /** The manifest before it, with its digest. @default none */
  readonly prior?: PriorManifest | undefined;
  /** @default what the manifest says */
  readonly createdBy?: string | undefined;
  /** @default what the manifest says */
  readonly criticalIssues?: number | undefined;
  /** @default what the manifest says */
  readonly criticalViolations?: number | undefined;
  /** Size in bytes by the key of the artifact in the shape. */
  readonly sizes: Readonly<Record<string, number>>;
  /** Path by logical name. @default the name stands for itself */
  readonly paths?: Readonly<Record<string, string>> | undefined;
}

/** What {@link readManifestShape} found. */
export interface ShapedManifest {
  readonly model: ManifestModel;
  readonly shape: ManifestShape;
  readonly seal: InlineSeal | null;
}

/** Options of {@link readManifestShape}. */
export interface ReadShapeOptions {
  /** Path named in findings. @default none */
  readonly path?: string | undefined;
  /** For a manifest that others wrote, which lacks what a model needs. @default none: only what was emitted here is whole */
  readonly facts?: ShapeFacts | undefined;
}

/**
 * Maps the data of a manifest in one of the four shapes to the one model (MAN-01, MAN-03, MAN-04, MAN-05, MAN-06): one that {@link emitManifestShape} made is whole, one of
 * others needs the facts it does not say. Nothing that could not be sealed is returned. Pure.
 */
export function readManifestShape(data: JsonValue, options: ReadShapeOptions = {}): Result<ShapedManifest> {
  const { path, facts } = options;
  const wire = parseManifestWire(data, { path });
  if (!wire.ok) return wire;
  const fail = (message: string): Result<never> => ({
    ok: false,
    findings: [finding("MANIFEST_FIELD_INVALID", message, { path: path ?? null })],
  });
  const carried = decodeExtension(wire.value);
  if (typeof carried === "string") return fail(`The member "${shapeMember}" ${carried}`);
  const told = carried === null ? facts : { ...carried, prior: priorOf(wire.value, carried.priorDigest) };
  if (told === undefined) return fail(`The manifest (${wire.value.shape}) does not say everything: its member "${shapeMember}" is missing`);
  const { input, findings } = toInput(wire.value, told);
  if (findings.length > 0) return { ok: false, findings: findings.map((one) => ({ ...one, path: path ?? null })).sort(compareFindings) };
  const links = { closes: carried?.closes ?? undefined, restores: carried?.restores ?? undefined };
  const pending = Object.keys(input.gateResults).filter((gate) => input.gateResults[gate]?.toUpperCase() === "PENDING");
  const planned = planManifest(
    { ...input, ...links },
    { requiredGates: [], pendingGates: pending.map((gate) => gate.replaceAll("/", "_")) },
  );
  if (!planned.ok) return { ok: false, findings: planned.findings.map((one) => ({ ...one, path: path ?? null })) };
  return { ok: true, value: { model: planned.value, shape: wire.value.shape, seal: wire.value.seal }, findings: wire.findings };
}

function priorOf({ priorId }: WireManifest, digest: PriorManifest["digest"] | null): PriorManifest | undefined {
  return priorId === null || digest === null ? undefined : { manifestId: priorId, digest };
}

function toInput(wire: WireManifest, facts: ShapeFacts): { readonly input: ManifestInput; readonly findings: readonly Finding[] } {
  const findings: Finding[] = [];
  const missing = (what: string): void =>
    void findings.push(finding("MANIFEST_FIELD_MISSING", `The manifest (${wire.shape}) lacks ${what}`));
  const text = (given: string | undefined, said: string | null, what: string): string => {
    if (given === undefined && said === null) missing(what);
    return given ?? said ?? "";
  };
  const count = (given: number | undefined, said: number | null, what: string): number => {
    // Nobody knows that there are none.
    if (given === undefined && said === null) missing(what);
    return given ?? said ?? 0;
  };
  const { sizes, paths = {} } = facts;
  if (wire.priorId !== null && facts.prior === undefined) missing("the digest of its prior");
  const keys = new Set(wire.artifacts.map(({ key }) => key));
  for (const key of [...Object.keys(sizes), ...Object.keys(paths)])
    if (!keys.has(key)) missing(`the artifact "${key}" it has a size or path of`);
  const input: ManifestInput = {
    manifestId: text(facts.manifestId, wire.id, "its id"),
    cycleId: text(facts.cycleId, wire.cycleId ?? wire.planId, "its cycle"),
    sequence: facts.sequence ?? 1,
    createdAt: wire.createdAt,
    createdBy: text(facts.createdBy, wire.createdBy?.join(", ") ?? null, "who made it"),
    snapshotRev: wire.snapshotRev,
    rulebookHash: wire.rulebookHash,
    artifacts: wire.artifacts.map(({ key, checksum }) => {
      if (!Object.hasOwn(sizes, key)) missing(`the size of "${key}"`);
      return { path: Object.hasOwn(paths, key) ? (paths[key] ?? key) : key, digest: checksum, size: sizes[key] ?? -1 };
    }),
    gateResults: wire.gateResults ?? {},
    governance: {
      tags: wire.tags ?? [],
      criticalIssues: count(facts.criticalIssues, wire.criticalIssues, "the number of its open critical issues"),
      criticalViolations: count(facts.criticalViolations, wire.criticalViolations, "the number of its critical violations"),
      decisionLogRef: wire.decisionLogRef,
    },
    prior: facts.prior ?? null,
    notes: wire.notes ?? "",
  };
  return { input, findings };
}
