import { isWaiverEntry, proveWaivers, type Waiver, type WaiverEntry, type WaiverGrant, type WaiverSigner } from "@gov/gates/waivers";
import { isManifestError } from "@gov/manifest";
import { type Envelope, parseEnvelope, type Signer } from "@gov/manifest/sign";
import { isJsonObject } from "@gov/schema";
import { formatUtc } from "@gov/telemetry";
import type { Context } from "../context.ts";
import type { RootLog } from "./root-log.ts";
import { signersOfJson, signJson } from "./signing-key.ts";
import { readTrustPolicy, requireTrustPolicy } from "./trust-policy.ts";

const payloadType = "application/vnd.gov.waiver+json";

/** Where the projection of the log for people and tools stands; it is never read back. */
export const waiverDatabasePath = "waiver_db.json";

/** What a log says about waivers, each with the signers whom keys that the root trusts prove now. */
export async function waiverEntries(context: Context, directory: string, log: RootLog): Promise<readonly WaiverEntry[]> {
  const told = log.entries.flatMap(({ payload, time }) => {
    const event = isJsonObject(payload) ? payload["event"] : undefined;
    return event !== undefined && isWaiverEntry(event) ? [{ event, time }] : [];
  });
  // Whoever signed had a key that was trusted then; that it was rotated since changes nothing.
  const times = new Map<object, string>(told.map(({ event, time }) => [event.payload, time]));
  const trusted = told.length === 0 ? null : await readTrustPolicy(context, directory);
  const signersOf = (grant: WaiverGrant): readonly WaiverSigner[] => {
    const { waiver, envelope } = grant;
    const at = times.get(grant);
    if (trusted === null || at === undefined || envelope === undefined || envelope === null) return [];
    try {
      const read = parseEnvelope(JSON.stringify(envelope));
      const signers = signersOfJson(read, { statement: statementOf(waiver), payloadType, policy: trusted.policy, at });
      return signers.map(({ person, role }) => ({ person, role }));
    } catch (error) {
      if (isManifestError(error)) return [];
      throw error;
    }
  };
  return proveWaivers(
    told.map(({ event }) => event),
    { signersOf },
  );
}

/** Signs a waiver. */
export function signWaiver(waiver: Waiver, signer: Signer): Promise<Envelope> {
  return signJson(statementOf(waiver), { payloadType, signer });
}

/** Exactly the fields that are signed. */
function statementOf(waiver: Waiver): Waiver {
  const { id, rule, path, fingerprint, reason, ticket, requested_by, not_before, expires, emergency } = waiver;
  return { id, rule, path, fingerprint, reason, ticket, requested_by, not_before, expires, emergency };
}

/** Who signs by a key, and in which role, as the trust policy says. */
export async function waiverSigner(context: Context, signer: Signer, directory: string): Promise<WaiverSigner> {
  const policy = await requireTrustPolicy(context, directory);
  const statement = { directory, at: context.clock.now() };
  const envelope = await signJson(statement, { payloadType, signer });
  const [found] = signersOfJson(envelope, { statement, payloadType, policy, at: formatUtc(context.clock.now()) });
  return { person: found?.person ?? "nobody", role: found?.role ?? "none" };
}
