import type { JsonObject, JsonValue } from "@gov/schema";
import type { Digest } from "@gov/schema/canonical";
import type { TelemetryEvent } from "../event.ts";
import type { Lamport } from "../hybrid-clock.ts";

/** Version of the entry format, the member `v` (docs/formats/audit-jsonl-v1.md). */
export const auditEntryVersion = 1;

/** Longest line of a log, in UTF-16 code units; what is larger belongs into an artifact of its own, named by digest. */
export const maxEntryLength = 1_048_576;

/** What a caller appends: who did what to what, when; the log gives it its place. */
export interface AuditInput {
  /** RFC 3339 with three decimals and `Z`, as `formatUtc` writes it. */
  readonly time: string;
  /** What happened, such as `STATE_TRANSITION`; 1 to 256 characters. */
  readonly kind: string;
  /** Who did it; 1 to 256 characters. */
  readonly actor: string;
  /** What it was done to; 1 to 1,024 characters. */
  readonly subject: string;
  readonly payload: JsonValue;
  /** 32 hexadecimal digits. */
  readonly correlation_id?: string | undefined;
  /** Place in the order across runners. */
  readonly lamport?: Lamport | undefined;
  /** Heads of other branches of this log that this entry takes in. */
  readonly joins?: readonly Digest[] | undefined;
}

/** An entry as it stands in a log, one per line. */
export interface AuditEntry extends AuditInput {
  readonly v: typeof auditEntryVersion;
  /** Place in the chain, from 1. */
  readonly seq: number;
  /** Hash of the entry before, or null for the first. */
  readonly prev: Digest | null;
  /** Digest of the line's stored bytes without this member. */
  readonly hash: Digest;
}

/** Turns an event into what the log takes: its type becomes the kind, the whole event the payload. */
export function toAuditInput(event: TelemetryEvent, place: { readonly actor: string; readonly subject: string }): AuditInput {
  const { event_time_utc: time, correlation_id, lamport } = event;
  return {
    time,
    kind: event.event.type,
    actor: place.actor,
    subject: place.subject,
    payload: event as unknown as JsonObject,
    correlation_id,
    lamport,
  };
}
