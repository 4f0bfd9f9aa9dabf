import { compareFindings, type Finding, type Result } from "@gov/schema";
import { type Digest, isDigest } from "@gov/schema/canonical";
import { finding } from "./finding-codes.ts";
import { checkInput } from "./internal/check-input.ts";
import { checkModel } from "./internal/check-model.ts";
import type { GateOutcome, ManifestGovernance, ManifestModel, PriorManifest } from "./model.ts";

/** What a manifest is planned from; digests and outcomes may still be written as people write them. */
export interface ManifestInput {
  readonly manifestId: string;
  readonly cycleId: string;
  /** Position in the chain. @default 1 */
  readonly sequence?: number | undefined;
  /** RFC 3339 UTC, from the caller's clock. */
  readonly createdAt: string;
  readonly createdBy: string;
  readonly snapshotRev: string;
  /** `sha256:` and hex, or bare hex. */
  readonly rulebookHash: string;
  /** In any order; digests with or without `sha256:`. */
  readonly artifacts: readonly { readonly path: string; readonly digest: string; readonly size: number }[];
  /** Outcome per gate, in any case; `parity/coverage` is read as `parity_coverage` (B-17). */
  readonly gateResults: Readonly<Record<string, string>>;
  readonly governance: ManifestGovernance;
  /** @default null */
  readonly prior?: PriorManifest | null | undefined;
  /** The manifest this one closes. @default none */
  readonly closes?: PriorManifest | undefined;
  /** The manifest whose artifacts this one brings back. @default none */
  readonly restores?: PriorManifest | undefined;
  /** @default "" */
  readonly notes?: string | undefined;
}

/** Which gates a manifest must bring. Always given explicitly: a gate nobody asked for cannot be missed. */
export interface SealPolicy {
  /** Gates that must be there, passed or waived. */
  readonly requiredGates: readonly string[];
  /** Gates that must be there but may still be PENDING, because they run after sealing. @default [] */
  readonly pendingGates?: readonly string[] | undefined;
}

/**
 * Plans a manifest without touching anything: sorts, normalises, and refuses with every reason at once what must not be sealed, such as a failed, skipped or
 * missing gate, an open critical issue, a path outside the root or equal to another on some file system, or no artifact at all (MAN-05, MAN-06). A field
 * that is not of its type, such as an outcome that is no text, is a finding too.
 */
export function planManifest(input: ManifestInput, policy: SealPolicy): Result<ManifestModel> {
  const misshapen = checkInput(input, policy);
  if (misshapen.length > 0) return { ok: false, findings: [...misshapen].sort(compareFindings) };
  const { sequence = 1, prior = null, closes, restores, notes = "", governance } = input;
  const gateResults = new Map(
    Object.entries(input.gateResults).map(([gate, outcome]) => [gate.replaceAll("/", "_"), outcome.toUpperCase() as GateOutcome]),
  );
  const named = ({ manifestId, digest }: PriorManifest): PriorManifest => ({ manifestId, digest });
  const { tags, criticalIssues, criticalViolations, decisionLogRef } = governance;
  // Field by field: what else an object carries would be in the digest of the model and not in the file.
  const model: ManifestModel = {
    manifestId: input.manifestId,
    cycleId: input.cycleId,
    sequence,
    createdAt: input.createdAt,
    createdBy: input.createdBy,
    snapshotRev: input.snapshotRev,
    rulebookHash: toDigest(input.rulebookHash),
    artifacts: input.artifacts
      .map(({ path, digest, size }) => ({ path, digest: toDigest(digest), size }))
      .sort((a, b) => compareText(a.path, b.path)),
    gateResults: Object.fromEntries([...gateResults].sort(([a], [b]) => compareText(a, b))),
    governance: { tags: [...new Set(tags)].sort(), criticalIssues, criticalViolations, decisionLogRef },
    prior: prior === null ? null : named(prior),
    ...(closes === undefined ? {} : { closes: named(closes) }),
    ...(restores === undefined ? {} : { restores: named(restores) }),
    notes,
  };
  const findings = [...findTwice(input.gateResults), ...checkModel(model), ...checkPolicy(gateResults, policy)].sort(compareFindings);
  return findings.length > 0 ? { ok: false, findings } : { ok: true, value: model, findings };
}

/** Two spellings of one gate would hide one of two outcomes. */
function findTwice(results: ManifestInput["gateResults"]): readonly Finding[] {
  const seen = new Set<string>();
  const findings: Finding[] = [];
  for (const gate of Object.keys(results).map((name) => name.replaceAll("/", "_"))) {
    if (seen.has(gate)) findings.push(finding("MANIFEST_FIELD_INVALID", `Gate "${gate}" is named twice, in two spellings`));
    seen.add(gate);
  }
  return findings;
}

function checkPolicy(results: ReadonlyMap<string, GateOutcome>, { requiredGates, pendingGates = [] }: SealPolicy): readonly Finding[] {
  const findings: Finding[] = [];
  for (const gate of new Set([...requiredGates, ...pendingGates]))
    if (!results.has(gate)) findings.push(finding("MANIFEST_GATE_MISSING", `Gate "${gate}" has no result: it must run before sealing`));
  for (const [gate, outcome] of results)
    if (outcome === "PENDING" && !pendingGates.includes(gate))
      findings.push(finding("MANIFEST_GATE_NOT_PASSED", `Gate "${gate}" says PENDING: it must run before sealing`));
  return findings;
}

/** Bare hexadecimal gets its prefix (B-14); whatever else is wrong stays as it is and is refused by the check. */
function toDigest(text: string): Digest {
  const prefixed = `sha256:${text.toLowerCase()}`;
  return isDigest(prefixed) ? prefixed : (text as Digest);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
