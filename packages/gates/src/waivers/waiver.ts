import type { Finding } from "@gov/schema";
import { type Digest, digestJson } from "@gov/schema/canonical";

/** What is to be let through, and until when: the payload that approvers sign. Times are ISO 8601. */
export type Waiver = {
  readonly id: string;
  /** Code of a finding, such as `GATES_COVERAGE_LOW`, or the rule of a scanner, such as `CVE-2026-1234`. */
  readonly rule: string;
  /** Exact path, or a folder as `docs/**`; null for any. */
  readonly path: string | null;
  /** Fingerprint of exactly one finding; null for any. */
  readonly fingerprint: string | null;
  readonly reason: string;
  readonly ticket: string;
  readonly requested_by: string;
  /** First instant it is in force. */
  readonly not_before: string;
  /** First instant it is not in force any more. */
  readonly expires: string;
  /** True for an emergency override, which has its own roles and a shorter limit (GOV-11). */
  readonly emergency: boolean;
};

/** A person whose signature was verified. */
export type WaiverSigner = {
  readonly person: string;
  readonly role: string;
};

/** A waiver whose signatures were verified. Only these are ever looked at. */
export interface SignedWaiver {
  readonly waiver: Waiver;
  readonly signers: readonly WaiverSigner[];
}

/** The fingerprint of a finding: its code, path and message. It survives a move to another line. */
export function findingFingerprint({ code, path, message }: Finding): Digest {
  return digestJson([code, path, message]);
}

const texts = ["id", "rule", "reason", "ticket", "requested_by", "not_before", "expires"] as const;
const fields: readonly string[] = [...texts, "path", "fingerprint", "emergency"];

/** True when a value, such as a payload that was signed, is exactly a waiver: every field, and no other. */
export function isWaiver(value: unknown): value is Waiver {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const record = value as Readonly<Record<string, unknown>>;
  return (
    Object.keys(record).length === fields.length &&
    fields.every((field) => Object.hasOwn(record, field)) &&
    texts.every((field) => typeof record[field] === "string" && record[field].trim() !== "") &&
    [record["path"], record["fingerprint"]].every((text) => text === null || (typeof text === "string" && text !== "")) &&
    typeof record["emergency"] === "boolean"
  );
}
