import { type Approval, type ApprovalGiven, type ApprovalStatement, foldApprovals, isApprovalGiven } from "@gov/gates";
import { isManifestError } from "@gov/manifest";
import { type Envelope, parseEnvelope, type Signer } from "@gov/manifest/sign";
import { isJsonObject, type JsonValue } from "@gov/schema";
import type { Context } from "../context.ts";
import type { RootLog } from "./root-log.ts";
import { signersOfJson, signJson } from "./signing-key.ts";
import { readTrustPolicy } from "./trust-policy.ts";

const payloadType = "application/vnd.gov.approval+json";

/** The approvals that a log tells, proven where a key that the root trusts signed exactly what is approved. */
export async function approvalsOf(context: Context, directory: string, log: RootLog): Promise<readonly Approval[]> {
  const entries = log.entries.flatMap(({ payload, time }) => {
    const event = isJsonObject(payload) ? payload["event"] : undefined;
    return event !== undefined && isApprovalGiven(event) ? [{ event: event as unknown as ApprovalGiven, time }] : [];
  });
  const given = entries.map(({ event }) => event);
  // Whoever signed had a key that was trusted then; that it was rotated since changes nothing.
  const times = new Map(entries.map(({ event, time }) => [event.payload, time]));
  const trusted = given.length === 0 ? null : await readTrustPolicy(context, directory);
  const isProven = (approval: ApprovalGiven["payload"]): boolean => {
    const { envelope, ...statement } = approval;
    const at = times.get(approval);
    if (trusted === null || envelope === null || at === undefined) return false;
    try {
      const read = parseEnvelope(JSON.stringify(envelope));
      const signers = signersOfJson(read, { statement: statementOf(statement), payloadType, policy: trusted.policy, at });
      return signers.some(({ person }) => person === statement.actor);
    } catch (error) {
      if (isManifestError(error)) return false;
      throw error;
    }
  };
  return foldApprovals(given, { isProven });
}

/** Signs an approval. */
export function signApproval(statement: ApprovalStatement, signer: Signer): Promise<Envelope> {
  return signJson(statementOf(statement), { payloadType, signer });
}

/** Exactly the fields that are signed, whatever else stands beside them. */
function statementOf({ actor, role, purpose, id, path, digest }: ApprovalStatement): JsonValue {
  return { actor, role, purpose, id, path, digest };
}
