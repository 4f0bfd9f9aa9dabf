import { isJsonObject, type JsonObject, type JsonValue } from "@gov/schema";
import { canonicalJson, type Digest } from "@gov/schema/canonical";
import type { AuditCheckpoint } from "./audit-report.ts";
import type { AuditEntry } from "./entry.ts";
import { decodeEntry } from "./internal/entry-codec.ts";
import {
  type ConsistencyProof,
  type InclusionProof,
  proveConsistency,
  proveInclusion,
  verifyConsistency,
  verifyInclusion,
} from "./merkle.ts";
import { chainTo, checkpointAt, type LogCheckpoint } from "./signed-checkpoint.ts";

/** One entry, shown to be among those that a checkpoint covers, without the others. */
export interface EntryProof {
  readonly entry: AuditEntry;
  readonly checkpoint: LogCheckpoint;
  readonly proof: InclusionProof;
}

/** Two checkpoints of one log, shown to be of one chain: the later one covers all that the earlier one does, unchanged. */
export interface ExtensionProof {
  readonly since: LogCheckpoint;
  readonly checkpoint: LogCheckpoint;
  readonly proof: ConsistencyProof;
}

/**
 * Proves that the chain to `head` holds an entry.
 *
 * @throws RangeError when it holds none with this number, or its entries are not all given.
 */
export function proveEntry(entries: readonly AuditEntry[], { seq, head }: { readonly seq: number; readonly head: Digest }): EntryProof {
  const chain = chainTo(entries, head);
  const entry = chain[seq - 1];
  if (entry === undefined) throw new RangeError(`Cannot prove entry ${String(seq)}: the chain has ${String(chain.length)}`);
  return { entry, checkpoint: checkpointAt(chain, head), proof: proveInclusion(leavesOf(chain), seq - 1) };
}

/**
 * Proves that the chain to `head` begins with all that an earlier checkpoint covers.
 *
 * @throws RangeError when it does not: the log was rewritten, the checkpoint is the later one, or of a branch that was joined.
 * @example Show an auditor that nothing was changed between two checkpoints
 * ```ts
 * import assert from "node:assert/strict";
 * import { checkpointAt, holdsExtensionProof, openAuditLog, proveExtension } from "@gov/telemetry/audit";
 *
 * const log = await openAuditLog("decisions.jsonl");
 * const waived = { time: "2024-01-15T10:00:00.000Z", kind: "WAIVER", actor: "ann", subject: "gate/schema_lint", payload: null };
 * const entries = await log.append([waived, waived, waived], { expectedSeq: 0 });
 * await log.close();
 *
 * const [since, checkpoint] = [1, 2].map((index) => checkpointAt(entries, entries[index].hash));
 * const file = JSON.parse(JSON.stringify(proveExtension(entries, { since, head: checkpoint.hash })));
 * assert.equal(holdsExtensionProof(file, { since, checkpoint }), true);
 * assert.equal(holdsExtensionProof(file, { since: { ...since, root: checkpoint.root }, checkpoint }), false);
 * ```
 */
export function proveExtension(
  entries: readonly AuditEntry[],
  { since, head }: { readonly since: AuditCheckpoint; readonly head: Digest },
): ExtensionProof {
  const chain = chainTo(entries, head);
  if (chain[since.seq - 1]?.hash !== since.hash)
    throw new RangeError(
      `Cannot prove what entry ${String(since.seq)} covers: the chain of ${String(chain.length)} does not begin with it`,
    );
  return {
    since: checkpointAt(chain, since.hash),
    checkpoint: checkpointAt(chain, head),
    proof: proveConsistency(leavesOf(chain), since.seq),
  };
}

/**
 * True when a value, read from wherever, is proof that its entry is among those that the checkpoint covers. Only the checkpoint is believed: the entry must
 * be covered by its own hash, and the hashes must lead from it to the checkpoint's root.
 */
export function holdsEntryProof(value: JsonValue, checkpoint: LogCheckpoint): value is JsonObject & EntryProof {
  const { entry = null, proof } = membersOf(value);
  if (proof === null || proof["size"] !== checkpoint.seq) return false;
  const leaf = hashOf(entry);
  return leaf !== null && verifyInclusion(proof as unknown as InclusionProof, { leaf, root: checkpoint.root });
}

/** True when a value, read from wherever, is proof that one checkpoint covers all that an earlier one does. Only the two checkpoints are believed. */
export function holdsExtensionProof(
  value: JsonValue,
  { since, checkpoint }: { readonly since: LogCheckpoint; readonly checkpoint: LogCheckpoint },
): boolean {
  const { proof } = membersOf(value);
  if (proof === null || proof["from"] !== since.seq || proof["to"] !== checkpoint.seq) return false;
  return verifyConsistency(proof as unknown as ConsistencyProof, { fromRoot: since.root, toRoot: checkpoint.root });
}

/** The parts of a proof that are looked at; its numbers and hashes are for the verification to refuse. */
function membersOf(value: JsonValue): { readonly entry?: JsonValue | undefined; readonly proof: JsonObject | null } {
  const { entry, proof } = isJsonObject(value) ? value : {};
  return { entry, proof: isJsonObject(proof) && Array.isArray(proof["hashes"]) ? proof : null };
}

/** The hash of an entry that stands alone; null for what its hash does not cover. */
function hashOf(value: JsonValue): Digest | null {
  try {
    const { entry, intact } = decodeEntry(canonicalJson(value));
    return intact ? entry.hash : null;
  } catch {
    // What has no canonical form is no entry.
    return null;
  }
}

function leavesOf(chain: readonly AuditEntry[]): readonly Digest[] {
  return chain.map(({ hash }) => hash);
}
