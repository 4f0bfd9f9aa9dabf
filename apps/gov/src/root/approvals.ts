import { type Approval, type ApprovalGiven, type ApprovalStatement, foldApprovals, isApprovalGiven } from "@gov/gates";
import { isManifestError } from "@gov/manifest";
import { type Envelope, parseEnvelope, type Signer } from "@gov/manifest/sign";
import type { JsonValue } from "@gov/schema";
import type { Context } from "../context.ts";
import { eventsOf, type RootLog } from "./root-log.ts";
import { signersOfJson, signJson } from "./signing-key.ts";
import { readTrustPolicy } from "./trust-policy.ts";

const payloadType = "application/vnd.gov.approval+json";

/** The approvals that a log tells, proven where a key that the root trusts signed exactly what is approved. */
export async function approvalsOf(context: Context, directory: string, log: RootLog): Promise<readonly Approval[]> {
  const given = eventsOf(log).filter(isApprovalGiven) as unknown as readonly ApprovalGiven[];
  const trusted = given.length === 0 ? null : await readTrustPolicy(context, directory);
  const isProven = ({ envelope, ...statement }: ApprovalGiven["payload"]): boolean => {
    if (trusted === null || envelope === null) return false;
    try {
      const read = parseEnvelope(JSON.stringify(envelope));
      const signers = signersOfJson(context, read, { statement: statementOf(statement), payloadType, policy: trusted.policy });
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
