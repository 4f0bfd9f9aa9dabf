import { isJsonObject, type JsonValue } from "@gov/schema";
import { canonicalJson, type Digest, isDigest } from "@gov/schema/canonical";
import { TelemetryError } from "../errors.ts";
import { parseTime } from "../timestamps.ts";
import type { AuditCheckpoint } from "./audit-report.ts";
import type { AuditEntry } from "./entry.ts";
import { merkleRoot } from "./merkle.ts";

/** Media type of a signed checkpoint. */
export const checkpointPayloadType = "application/vnd.gov.audit-checkpoint+json";

/** A checkpoint that also commits to every entry before it, so that one of them can be shown without the others. */
export interface LogCheckpoint extends AuditCheckpoint {
  /** Root over the hashes of the chain's entries, first parent first, up to this one. */
  readonly root: Digest;
}

/** A checkpoint as it is signed. */
export interface SignedCheckpoint extends LogCheckpoint {
  readonly v: 1;
  /** Which log it is of; one log's checkpoint says nothing about another. */
  readonly log: string;
  /** RFC 3339 in UTC. */
  readonly time: string;
}

/** A DSSE v1 envelope. */
export interface CheckpointEnvelope {
  readonly payloadType: string;
  /** The signed bytes, base64. */
  readonly payload: string;
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
}

/** Signs bytes somewhere; it gets the DSSE payload and signs its pre-authentication encoding. */
export interface Signer {
  readonly sign: (input: {
    readonly payloadType: string;
    readonly payload: Uint8Array;
  }) => Promise<{ readonly keyId: string; readonly signature: Uint8Array }>;
}

/** Verifies an envelope against a policy and returns what was signed; rejects when the policy is not met. */
export interface CheckpointVerifier<Policy> {
  readonly verify: (envelope: CheckpointEnvelope, policy: Policy) => Promise<{ readonly payload: Uint8Array }>;
}

/**
 * Returns the entries from the first one to the one named, following first parents; the other branch of a join is vouched for by the join entry alone.
 *
 * @throws RangeError when the entry, or one before it, is not among those given, or the chain has no beginning.
 */
export function chainTo(entries: readonly AuditEntry[], head: Digest): readonly AuditEntry[] {
  const byHash = new Map(entries.map((entry) => [entry.hash, entry]));
  const chain: AuditEntry[] = [];
  for (let at: Digest | null = head; at !== null;) {
    const entry = byHash.get(at);
    if (entry === undefined) throw new RangeError(`Cannot follow the chain of ${head}: ${at} is not among the entries`);
    if (chain.length === byHash.size) throw new RangeError(`Cannot follow the chain of ${head}: it leads back to itself`);
    chain.push(entry);
    at = entry.prev;
  }
  return chain.reverse();
}

/** Returns the checkpoint of an entry: its place, and the root over its chain. @throws RangeError as {@link chainTo}. */
export function checkpointAt(entries: readonly AuditEntry[], head: Digest): LogCheckpoint {
  const chain = chainTo(entries, head);
  return { seq: chain.length, hash: head, root: merkleRoot(chain.map(({ hash }) => hash)) };
}

/**
 * Signs a checkpoint into a DSSE envelope over its canonical JSON.
 *
 * @throws RangeError when {@link verifyCheckpoint} would not take it for one, such as with a time that is none; nothing was signed.
 */
export async function signCheckpoint(
  checkpoint: LogCheckpoint,
  { log, time, signer }: { readonly log: string; readonly time: string; readonly signer: Signer },
): Promise<CheckpointEnvelope> {
  const { seq, hash, root } = checkpoint;
  const payload = Buffer.from(canonicalJson({ v: 1, log, time, seq, hash, root }), "utf8");
  if (readCheckpoint(payload) === null)
    throw new RangeError(
      `Cannot sign the checkpoint of entry ${String(seq)} at "${time}": it must have digests and an RFC 3339 time in UTC`,
    );
  const { keyId, signature } = await signer.sign({ payloadType: checkpointPayloadType, payload });
  return {
    payloadType: checkpointPayloadType,
    payload: payload.toString("base64"),
    signatures: [{ keyid: keyId, sig: Buffer.from(signature).toString("base64") }],
  };
}

/**
 * Returns the checkpoint that an envelope carries, once the verifier says it is signed as the policy asks and it is of the log expected.
 *
 * @throws {@link TelemetryError} `TELEMETRY_CHECKPOINT_INVALID` when it is no checkpoint or of another log.
 * @throws what the verifier throws when the policy is not met.
 */
export async function verifyCheckpoint<Policy>(
  envelope: CheckpointEnvelope,
  { log, verifier, policy }: { readonly log: string; readonly verifier: CheckpointVerifier<Policy>; readonly policy: Policy },
): Promise<SignedCheckpoint> {
  if (envelope.payloadType !== checkpointPayloadType) throw invalid(`it is of type "${envelope.payloadType}"`);
  const { payload } = await verifier.verify(envelope, policy);
  const checkpoint = readCheckpoint(payload);
  if (checkpoint === null) throw invalid("what was signed is none");
  if (checkpoint.log !== log) throw invalid(`it is of the log "${checkpoint.log}", not of "${log}"`);
  return checkpoint;
}

function readCheckpoint(payload: Uint8Array): SignedCheckpoint | null {
  const text = Buffer.from(payload).toString("utf8");
  let value: unknown;
  try {
    value = JSON.parse(text);
    if (!isJsonObject(value) || canonicalJson(value) !== text || Object.keys(value).length !== 6) return null;
  } catch {
    return null;
  }
  const { v, log, time, seq, hash, root } = value;
  const isSound = v === 1 && typeof log === "string" && isUtc(time) && Number.isSafeInteger(seq) && (seq as number) >= 1;
  return isSound && isDigest(hash) && isDigest(root) ? { v: 1, log, time, seq: seq as number, hash, root } : null;
}

function isUtc(time: JsonValue | undefined): time is string {
  return typeof time === "string" && time.endsWith("Z") && parseTime(time) !== null;
}

function invalid(reason: string): TelemetryError {
  return new TelemetryError("TELEMETRY_CHECKPOINT_INVALID", `Cannot use the checkpoint: ${reason}`, {
    hint: "Take the checkpoint that was signed for this log",
  });
}
