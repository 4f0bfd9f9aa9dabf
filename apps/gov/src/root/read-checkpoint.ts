import { type Envelope, type TrustPolicy, verifyEnvelope } from "@gov/manifest/sign";
import { isJsonObject, type JsonObject, type JsonValue } from "@gov/schema";
import { type Digest, isDigest } from "@gov/schema/canonical";
import { formatUtc } from "@gov/telemetry";
import { type AuditCheckpoint, verifyCheckpoint } from "@gov/telemetry/audit";
import { type Call, InputError, stringFlag } from "../command.ts";
import type { Context } from "../context.ts";
import { decisionLog } from "./decision-log.ts";
import { openRoot } from "./open-root.ts";
import { readTextFile } from "./read-text-file.ts";
import { requireTrustPolicy } from "./trust-policy.ts";

/** A checkpoint that somebody kept outside the log, and who vouches for it. */
export interface KeptCheckpoint extends AuditCheckpoint {
  /** The root over every entry it covers, for proofs; null where nobody wrote it down. */
  readonly root: Digest | null;
  /** Null where it is not signed: then the file itself is what is trusted. */
  readonly signers: readonly string[] | null;
}

/** Reads the checkpoint that a call names, as `gov audit checkpoint` wrote it: signed ones are verified against the trust policy. */
export async function readCheckpoint(context: Context, call: Call, file: string): Promise<KeptCheckpoint> {
  const policy = stringFlag(call, "policy");
  const value = parse(await readTextFile(context, file));
  if (isEnvelope(value)) {
    const directory = policy === undefined ? (await openRoot(context, call)).directory : context.cwd;
    return verifySigned(context, value, await requireTrustPolicy(context, directory, policy));
  }
  const { seq, hash, root } = plainCheckpoint(value) ?? {};
  if (!Number.isSafeInteger(seq) || (seq as number) < 1 || !isDigest(hash)) throw invalid(file, "it holds none");
  if (policy !== undefined) throw invalid(file, "it is not signed, and --policy asks whose signatures are enough");
  return { seq: seq as number, hash, root: isDigest(root) ? root : null, signers: null };
}

async function verifySigned(context: Context, envelope: Envelope, policy: TrustPolicy): Promise<KeptCheckpoint> {
  let signers: readonly string[] = [];
  const verifier = {
    verify: (given: { readonly payloadType: string }) => {
      const verified = verifyEnvelope(envelope, policy, { payloadType: given.payloadType, at: formatUtc(context.clock.now()) });
      signers = verified.signers.map(({ person }) => person);
      return Promise.resolve(verified);
    },
  };
  const { seq, hash, root } = await verifyCheckpoint(envelope, { log: decisionLog, verifier, policy });
  return { seq, hash, root, signers };
}

function plainCheckpoint(value: JsonValue | undefined): JsonObject | null {
  if (!isJsonObject(value)) return null;
  const inner = value["checkpoint"];
  return isJsonObject(inner) ? inner : value;
}

function parse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

function isEnvelope(value: unknown): value is Envelope {
  if (!isJsonObject(value)) return false;
  const { payloadType, payload, signatures } = value;
  return (
    typeof payloadType === "string" &&
    typeof payload === "string" &&
    Array.isArray(signatures) &&
    signatures.every((one) => isJsonObject(one) && typeof one["keyid"] === "string" && typeof one["sig"] === "string")
  );
}

function invalid(file: string, reason: string): InputError {
  return new InputError("CLI_CHECKPOINT_INVALID", `Cannot use the checkpoint "${file}": ${reason}`, {
    hint: "gov audit checkpoint writes one, with --key a signed one",
  });
}
