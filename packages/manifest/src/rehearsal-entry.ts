import { isJsonObject, type JsonValue } from "@gov/schema";
import { type Digest, isDigest } from "@gov/schema/canonical";
import type { SealRehearsal } from "./plan-seal.ts";

/** Type of the event that tells a decision log of a dry run. */
export const sealRehearsalKind = "SEAL_REHEARSED";

/** An event of the decision log: a seal was run dry. */
export interface SealRehearsed {
  readonly type: typeof sealRehearsalKind;
  readonly payload: {
    readonly entity_id: string;
    readonly passed: boolean;
    readonly content: Digest;
    /** Codes of the findings, each once, sorted: what a log has to tell of them. */
    readonly findings: readonly string[];
  };
}

/** The event that keeps a dry run in a decision log until the cycle is sealed. */
export function rehearsalEntry(cycleId: string, { passed, content, findings }: SealRehearsal): SealRehearsed {
  const codes = [...new Set(findings.map(({ code }) => code))].sort();
  return { type: sealRehearsalKind, payload: { entity_id: cycleId, passed, content, findings: codes } };
}

/** The last dry run of a cycle that the events of a log tell, for `planSeal()`; null when there is none. Events that are no such record are passed over. */
export function foldRehearsal(events: readonly JsonValue[], cycleId: string): SealRehearsed["payload"] | null {
  for (const event of [...events].reverse()) {
    if (!isJsonObject(event) || event["type"] !== sealRehearsalKind || !isJsonObject(event["payload"])) continue;
    const { entity_id, passed, content, findings } = event["payload"];
    if (entity_id !== cycleId || typeof passed !== "boolean" || typeof content !== "string" || !isDigest(content)) continue;
    const codes = Array.isArray(findings) ? findings.filter((code) => typeof code === "string") : [];
    return { entity_id, passed, content, findings: codes };
  }
  return null;
}
