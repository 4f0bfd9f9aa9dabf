import { compareFindings, type Finding, type LifecycleState, type Result } from "@gov/schema";
import { type Digest, digestJson } from "@gov/schema/canonical";
import { finding } from "./finding-codes.ts";
import type { ManifestModel } from "./model.ts";
import { type ManifestInput, planManifest, type SealPolicy } from "./plan-manifest.ts";
import { type ChainedManifest, planSuccessor, type Supersession } from "./plan-successor.ts";

/** States at which the lifecycle may seal (B-05): with the handoff pending (c11), or once packaged (c33). */
export const sealStates = ["READY_FOR_HANDOFF", "PACKAGED"] as const;

/** One of {@link sealStates}. */
export type SealState = (typeof sealStates)[number];

/** The outcome of a non-binding dry run: whether this content could have been sealed. Plain data, to be kept until sealing; `rehearsalEntry` is how a log keeps it. */
export interface SealRehearsal {
  readonly version: 1;
  readonly passed: boolean;
  /**
   * Digest of what was rehearsed: cycle, artifacts and rulebook, however the manifest is named. The revision is no part of it: committing the record of
   * the dry run gives another revision of the same content.
   */
  readonly content: Digest;
  /** Why it could not be sealed; empty when it could. */
  readonly findings: readonly Finding[];
}

/** Options of {@link planSeal}. */
export interface PlanSealOptions extends SealPolicy {
  /** Where this stream seals; the rulebook says. */
  readonly sealAt: SealState;
  /** Where the cycle stands; null before its plan exists. */
  readonly state: LifecycleState | null;
  /** The dry run, or null when there was none. */
  readonly rehearsal: Pick<SealRehearsal, "passed" | "content"> | null;
  /** What it supersedes, and how. @default none: it is the first of its chain */
  readonly after?: { readonly prior: ChainedManifest; readonly by: Supersession } | undefined;
}

/** Runs a seal dry: tells whether the content could be sealed, and binds the answer to that content (B-05). Pure; nothing is written or signed. */
export function rehearseSeal(input: ManifestInput, policy: SealPolicy): SealRehearsal {
  const { ok, findings } = planManifest(input, policy);
  return { version: 1, passed: ok, content: contentOf(input), findings };
}

/**
 * Plans a manifest that seals now: refuses, beside all that `planManifest` or `planSuccessor` refuses, a cycle that stands elsewhere than where its stream seals, and a content without
 * a dry run of this very content that passed. Pure.
 */
export function planSeal(input: ManifestInput, { sealAt, state, rehearsal, after, ...policy }: PlanSealOptions): Result<ManifestModel> {
  const planned = after === undefined ? planManifest(input, policy) : planSuccessor(input, { ...policy, ...after });
  const findings = [...planned.findings];
  if (state !== sealAt)
    findings.push(
      finding("MANIFEST_SEAL_STATE", `The cycle stands at ${state ?? "no state"}: this stream seals at ${sealAt}`, { expected: sealAt }),
    );
  if (rehearsal === null) findings.push(finding("MANIFEST_REHEARSAL_MISSING", "There was no dry run: one must pass before sealing"));
  else if (rehearsal.content !== contentOf(input))
    findings.push(finding("MANIFEST_REHEARSAL_STALE", "The dry run was made of other content: it must be run again"));
  // Whatever is not plainly true has not passed: the record may come from a file.
  else if (rehearsal.passed !== true) findings.push(finding("MANIFEST_REHEARSAL_FAILED", "The dry run did not pass: mend what it found"));
  return planned.ok && findings.length === 0 ? planned : { ok: false, findings: findings.sort(compareFindings) };
}

function contentOf({ cycleId, rulebookHash, artifacts }: ManifestInput): Digest {
  const bare = (digest: string): string => digest.toLowerCase().replace(/^sha256:/, "");
  const listed = artifacts.map(({ path, digest, size }) => ({ path, digest: bare(digest), size }));
  listed.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return digestJson({ cycleId, rulebookHash: bare(rulebookHash), artifacts: listed });
}
