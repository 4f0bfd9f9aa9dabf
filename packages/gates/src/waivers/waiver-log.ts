import { isJsonObject, type JsonValue } from "@gov/schema";
import { stableJson } from "@gov/schema/canonical";
import { parseTime } from "../internal/parse-time.ts";
import { compareText } from "../internal/text-order.ts";
import { judgeWaiver, type WaiverPolicy } from "./judge-waiver.ts";
import { isWaiver, type SignedWaiver, type Waiver, type WaiverSigner } from "./waiver.ts";

/** A waiver as the log records it: with the envelope that its approver signed, so that the signature can be verified again at any time. */
export type WaiverGrant = {
  readonly waiver: Waiver;
  readonly signers: readonly WaiverSigner[];
  readonly envelope?: JsonValue;
};

/** An entry of the decision log about waivers: the log is the record, everything else is read off it (B-13). */
export type WaiverEntry =
  | { readonly type: "WAIVER_GRANTED"; readonly payload: WaiverGrant }
  | { readonly type: "WAIVER_REVOKED"; readonly payload: { readonly id: string; readonly by: string; readonly reason: string } };

/** The entry that records a waiver whose signatures were verified, and its envelope. */
export function waiverGranted({ waiver, signers }: SignedWaiver, envelope: JsonValue = null): WaiverEntry {
  return { type: "WAIVER_GRANTED", payload: { waiver, signers, envelope } };
}

/**
 * The same entries with the signers that can be proven now: whoever a log merely names as signer signed nothing (GOV-11).
 *
 * @param options.signersOf - who signed exactly this waiver, by keys that are trusted; nobody where its envelope does not hold.
 */
export function proveWaivers(
  entries: readonly WaiverEntry[],
  options: { readonly signersOf: (grant: WaiverGrant) => readonly WaiverSigner[] },
): readonly WaiverEntry[] {
  return entries.map((entry) =>
    entry.type === "WAIVER_GRANTED" ? { ...entry, payload: { ...entry.payload, signers: options.signersOf(entry.payload) } } : entry,
  );
}

/** The entry that ends a waiver early. */
export function waiverRevoked(payload: { readonly id: string; readonly by: string; readonly reason: string }): WaiverEntry {
  return { type: "WAIVER_REVOKED", payload };
}

/** True when a value read from a log is an entry about waivers. */
export function isWaiverEntry(value: JsonValue): value is WaiverEntry {
  if (!isJsonObject(value) || !isJsonObject(value["payload"])) return false;
  const { type, payload } = value as { readonly type?: JsonValue; readonly payload: Readonly<Record<string, JsonValue>> };
  if (type === "WAIVER_REVOKED") return ["id", "by", "reason"].every((field) => typeof payload[field] === "string");
  const signers = payload["signers"] ?? null;
  return (
    type === "WAIVER_GRANTED" &&
    isWaiver(payload["waiver"]) &&
    Array.isArray(signers) &&
    signers.every((signer: JsonValue) => isJsonObject(signer) && typeof signer["person"] === "string" && typeof signer["role"] === "string")
  );
}

/** The waivers a log has granted and not revoked, by id; an id is granted once, what comes later under it changes nothing. */
export function foldWaivers(entries: readonly WaiverEntry[]): readonly SignedWaiver[] {
  const granted = new Map<string, SignedWaiver>();
  const revoked = new Set<string>();
  for (const entry of entries) {
    if (entry.type === "WAIVER_REVOKED") revoked.add(entry.payload.id);
    else if (!granted.has(entry.payload.waiver.id)) {
      const { waiver, signers } = entry.payload;
      granted.set(waiver.id, { waiver, signers });
    }
  }
  return [...granted.values()].filter(({ waiver }) => !revoked.has(waiver.id)).sort((a, b) => compareText(a.waiver.id, b.waiver.id));
}

/**
 * The text of `waiver_db.json`: a projection of the log for people and tools, a document of the kind `waiver_db` with the state of each
 * waiver at one instant. The same log gives the same bytes. It is never read back.
 */
export function waiverDatabase(entries: readonly WaiverEntry[], options: { readonly policy: WaiverPolicy; readonly asOf: number }): string {
  const waivers = foldWaivers(entries).map((signed) => {
    const { state, reason } = judgeWaiver(signed, options);
    const { path, fingerprint, expires, not_before, ...rest } = signed.waiver;
    const signers = signed.signers.map(({ person, role }) => ({ person, role }));
    const approver = signers.find(({ person }) => person !== rest.requested_by) ?? signers[0];
    return {
      ...rest,
      scope: { paths: [path ?? "**"], ...(fingerprint === null ? {} : { fingerprints: [fingerprint] }) },
      approved_by: approver?.person ?? "nobody",
      approver_role: approver?.role ?? "none",
      not_before: instantOf(not_before),
      expires_at: instantOf(expires),
      signers,
      state,
      state_reason: reason,
    };
  });
  return `${stableJson({ version: "1", waivers })}\n`;
}

/** An instant with its offset; what cannot be read stays as it was written, and is refused. */
function instantOf(text: string): string {
  const time = parseTime(text);
  return time === null ? text : new Date(time).toISOString();
}
