import { createHash } from "node:crypto";
import type { JsonObject } from "@gov/schema";
import { canonicalJson, type Digest, digestJson } from "@gov/schema/canonical";

/** Every outcome a gate can have (B-17); printed in capitals, read in any case. */
export const gateOutcomes = ["PASS", "FAIL", "WAIVED", "PENDING", "SKIPPED", "ERROR"] as const;

/** Outcome of a gate. */
export type GateOutcome = (typeof gateOutcomes)[number];

/** An artifact as sealed: where, which bytes, how many. */
export interface SealedArtifact {
  /** POSIX path relative to the governed root, normalised. */
  readonly path: string;
  /** Digest of the exact bytes. */
  readonly digest: Digest;
  /** Length in bytes. */
  readonly size: number;
}

/** What governance said when the manifest was made. */
export interface ManifestGovernance {
  /** Tags in force, `Key` or `Key:Value`, sorted. */
  readonly tags: readonly string[];
  /** Open critical issues; a manifest with any is never sealed (Critical=0). */
  readonly criticalIssues: number;
  /** Critical violations of governance rules; a manifest with any is never sealed. */
  readonly criticalViolations: number;
  /** Where the decisions and waivers are recorded, or null. */
  readonly decisionLogRef: string | null;
}

/** The manifest before this one: its name and the digest of its exact bytes, so that the chain cannot fork unseen. */
export interface PriorManifest {
  readonly manifestId: string;
  readonly digest: Digest;
}

/** A handoff manifest, independent of how it is written (MAN-06): which artifacts, at which revision, under which rules, with which gate results. */
export interface ManifestModel {
  readonly manifestId: string;
  readonly cycleId: string;
  /** Position in the chain of manifests, from 1. */
  readonly sequence: number;
  /** RFC 3339 UTC. */
  readonly createdAt: string;
  readonly createdBy: string;
  /** Exact revision the artifacts were taken from: a commit or a tag (MAN-07). */
  readonly snapshotRev: string;
  /** Digest of the resolved rulebook (B-14). */
  readonly rulebookHash: Digest;
  /** At least one, sorted by path. */
  readonly artifacts: readonly SealedArtifact[];
  /** Outcome per gate, snake_case names. */
  readonly gateResults: Readonly<Record<string, GateOutcome>>;
  readonly governance: ManifestGovernance;
  readonly prior: PriorManifest | null;
  /** The manifest of the same cycle that this one closes: sealed afterwards, with the final digest and the outcomes that were pending (B-09). @default none */
  readonly closes?: PriorManifest | undefined;
  /** The earlier manifest whose artifacts this one brings back; a rollback goes on in the chain, it never goes back. @default none */
  readonly restores?: PriorManifest | undefined;
  readonly notes: string;
}

/** Returns the digest of the canonical model: SHA-256 of its RFC 8785 form, the same for every wire shape of one manifest, whatever its formatting. */
export function digestManifest(model: ManifestModel): Digest {
  const { artifacts, gateResults, governance, prior, closes, restores, ...rest } = model;
  const canonical: JsonObject = {
    ...rest,
    artifacts: [],
    gateResults: { ...gateResults },
    governance: { ...governance, tags: [...governance.tags] },
    prior: prior === null ? null : { ...prior },
    ...(closes === undefined ? {} : { closes: { ...closes } }),
    ...(restores === undefined ? {} : { restores: { ...restores } }),
  };
  // RFC 8785 puts the artifacts first, so a long list goes into the hash piece by piece and never stands in memory as one text.
  const text = canonicalJson(canonical);
  const head = '{"artifacts":[';
  if (!text.startsWith(head)) return digestJson({ ...canonical, artifacts: artifacts.map(plainArtifact) });
  const hash = createHash("sha256").update(head);
  for (let start = 0; start < artifacts.length; start += chunk) {
    const piece = canonicalJson(artifacts.slice(start, start + chunk).map(plainArtifact));
    hash.update(`${start === 0 ? "" : ","}${piece.slice(1, -1)}`);
  }
  return `sha256:${hash.update(text.slice(head.length)).digest("hex")}`;
}

const chunk = 512;

function plainArtifact({ path, digest, size }: SealedArtifact): JsonObject {
  return { digest, path, size };
}
