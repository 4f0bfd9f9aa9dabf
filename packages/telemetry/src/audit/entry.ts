import { isJsonObject, type JsonObject, type JsonValue } from "@gov/schema";
import { canonicalJson, type Digest, digestBytes, isDigest } from "@gov/schema/canonical";
import { isCorrelationId } from "../correlation-id.ts";
import type { TelemetryEvent } from "../event.ts";
import type { Lamport } from "../hybrid-clock.ts";
import { formatUtc, parseTime } from "../timestamps.ts";

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

/**
 * Returns the entry and its line, without line feed: canonical JSON (RFC 8785) whose `hash` covers all its other bytes.
 *
 * @throws RangeError when a field of the input is out of bounds.
 */
export function encodeEntry(
  input: AuditInput,
  place: { readonly seq: number; readonly prev: Digest | null },
): { readonly entry: AuditEntry; readonly line: string } {
  const defect = findDefect(input);
  if (defect !== null) throw new RangeError(`Cannot append an entry: ${defect}`);
  const { correlation_id, lamport, joins } = input;
  const rest: Omit<AuditEntry, "hash"> = {
    v: auditEntryVersion,
    seq: place.seq,
    prev: place.prev,
    time: input.time,
    kind: input.kind,
    actor: input.actor,
    subject: input.subject,
    payload: input.payload,
    ...(correlation_id === undefined ? {} : { correlation_id }),
    ...(lamport === undefined ? {} : { lamport: { node: lamport.node, counter: lamport.counter } }),
    ...(joins === undefined ? {} : { joins: [...joins] }),
  };
  const hash = digestBytes(canonicalJson(rest as unknown as JsonObject));
  const entry: AuditEntry = { ...rest, hash };
  const line = canonicalJson(entry as unknown as JsonObject);
  if (line.length > maxEntryLength)
    throw new RangeError(`Cannot append an entry of ${String(line.length)} characters: at most ${String(maxEntryLength)} fit a line`);
  return { entry, line };
}

/** What reading one line gives: the entry, and whether its own hash holds; or why it is no entry. */
export type DecodedLine =
  | { readonly entry: AuditEntry; readonly intact: boolean; readonly defect: null }
  | { readonly entry: null; readonly intact: false; readonly defect: string };

/** Reads one line strictly: it must be exactly the canonical form of an entry, so that no byte of it is free. */
export function decodeEntry(line: string): DecodedLine {
  let value: unknown;
  try {
    value = JSON.parse(line);
    if (!isJsonObject(value) || canonicalJson(value) !== line) return noEntry("it is not one canonical JSON object");
  } catch {
    return noEntry("it is not one canonical JSON object");
  }
  if (value["v"] !== auditEntryVersion) return noEntry(`its version is ${JSON.stringify(value["v"] ?? null)}`);
  const unknown = Object.keys(value).find((key) => !members.has(key));
  if (unknown !== undefined) return noEntry(`it has an unknown member "${unknown}"`);
  const entry = value as unknown as AuditEntry;
  const defect = findDefect(entry) ?? findPlaceDefect(entry);
  if (defect !== null) return noEntry(defect);
  // Only texts stand before "hash" in canonical order, and a text holds no bare quote: the first occurrence is the member.
  return { entry, intact: digestBytes(line.replace(`"hash":"${entry.hash}",`, "")) === entry.hash, defect: null };
}

const members: ReadonlySet<string> = new Set([
  ...["actor", "correlation_id", "hash", "joins", "kind", "lamport", "payload", "prev", "seq", "subject", "time", "v"],
]);

function noEntry(defect: string): DecodedLine {
  return { entry: null, intact: false, defect };
}

function findPlaceDefect({ seq, prev, hash }: Pick<AuditEntry, "seq" | "prev" | "hash">): string | null {
  if (!Number.isSafeInteger(seq) || seq < 1) return `its "seq" is not a whole number of at least 1`;
  if (prev !== null && !isDigest(prev)) return `its "prev" is neither a digest nor null`;
  return isDigest(hash) ? null : `its "hash" is no digest`;
}

function findDefect(input: AuditInput): string | null {
  if (!isTime(input.time)) return `its "time" is no RFC 3339 time in UTC with three decimals`;
  if (!isText(input.kind, 256)) return `its "kind" is not a text of 1 to 256 characters`;
  if (!isText(input.actor, 256)) return `its "actor" is not a text of 1 to 256 characters`;
  if (!isText(input.subject, 1024)) return `its "subject" is not a text of 1 to 1024 characters`;
  if (input.payload === undefined) return `its "payload" is missing`;
  const { correlation_id, lamport, joins } = input;
  if (correlation_id !== undefined && !isCorrelationId(correlation_id)) return `its "correlation_id" is not 32 hexadecimal digits`;
  if (lamport !== undefined && !isLamport(lamport)) return `its "lamport" has no node and counter`;
  if (joins !== undefined && !(Array.isArray(joins) && joins.length > 0 && joins.every(isDigest)))
    return `its "joins" is no list of digests`;
  return null;
}

function isTime(value: unknown): boolean {
  const instant = typeof value === "string" ? parseTime(value) : null;
  return instant !== null && formatUtc(instant) === value;
}

function isText(value: unknown, maxLength: number): boolean {
  return typeof value === "string" && value.length > 0 && value.length <= maxLength;
}

function isLamport(value: unknown): boolean {
  if (!isJsonObject(value) || Object.keys(value).length !== 2) return false;
  const { node, counter } = value;
  return isText(node, 128) && Number.isSafeInteger(counter) && (counter as number) >= 0;
}
