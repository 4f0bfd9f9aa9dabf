import { hash } from "node:crypto";
import { isJsonObject, type JsonValue } from "@gov/schema";
import { canonicalJson, type Digest, digestBytes, isDigest } from "@gov/schema/canonical";
import { isCorrelationId } from "../../correlation-id.ts";
import { formatUtc, parseTime } from "../../timestamps.ts";
import { type AuditEntry, auditEntryVersion, type AuditInput, maxEntryLength } from "../entry.ts";

/** An input as it will stand in a line, but for its place: everything that does not depend on what stands before it. */
export interface PreparedEntry {
  readonly input: AuditInput;
  /** The line's text up to its hash, from there to its `prev`, and from behind its `seq`. */
  readonly texts: readonly [beforeHash: string, afterHash: string, end: string];
}

/**
 * Prepares an input; `payloadText` is the canonical form of its payload.
 *
 * @throws RangeError when a field of the input is out of bounds.
 */
export function prepareEntry(input: AuditInput, payloadText?: string): PreparedEntry {
  const defect = findDefect(input);
  if (defect !== null) throw new RangeError(`Cannot append an entry: ${defect}`);
  const { correlation_id, lamport, joins } = input;
  // Written member by member in canonical order (RFC 8785): the payload, mostly the largest part, is gone through once.
  const before = `{"actor":${textOf(input.actor)},${correlation_id === undefined ? "" : `"correlation_id":"${correlation_id}",`}`;
  const joined = joins === undefined ? "" : `"joins":${canonicalJson(joins)},`;
  const order = lamport === undefined ? "" : `"lamport":{"counter":${String(lamport.counter)},"node":${textOf(lamport.node)}},`;
  const after = `${joined}"kind":${textOf(input.kind)},${order}"payload":${payloadText ?? payloadTextOf(input.payload)},`;
  const end = `"subject":${textOf(input.subject)},"time":"${input.time}","v":${String(auditEntryVersion)}}`;
  return { input, texts: [before, after, end] };
}

/**
 * Returns the entry at a place and its line, without line feed: canonical JSON whose `hash` covers all its other bytes.
 *
 * @throws RangeError when the line is too long.
 */
export function encodeEntry(
  { input, texts: [before, after, end] }: PreparedEntry,
  { seq, prev }: { readonly seq: number; readonly prev: Digest | null },
): { readonly entry: AuditEntry; readonly line: string } {
  const rest = `${after}"prev":${prev === null ? "null" : `"${prev}"`},"seq":${String(seq)},${end}`;
  const digest: Digest = `sha256:${hash("sha256", before + rest, "hex")}`;
  const line = `${before}"hash":"${digest}",${rest}`;
  if (line.length > maxEntryLength)
    throw new RangeError(`Cannot append an entry of ${String(line.length)} characters: at most ${String(maxEntryLength)} fit a line`);
  return { entry: entryOf(input, { seq, prev, hash: digest }), line };
}

/** The entry that an input becomes at its place. */
export function entryOf(input: AuditInput, { seq, prev, hash: digest }: Pick<AuditEntry, "seq" | "prev" | "hash">): AuditEntry {
  const { time, kind, actor, subject, payload, correlation_id, lamport, joins } = input;
  // In one piece where nothing is left out, as in most: an object that grows costs three times as much.
  if (correlation_id !== undefined && lamport === undefined && joins === undefined)
    return { v: auditEntryVersion, seq, prev, time, kind, actor, subject, payload, hash: digest, correlation_id };
  return {
    ...{ v: auditEntryVersion, seq, prev, time, kind, actor, subject, payload, hash: digest },
    ...(correlation_id === undefined ? {} : { correlation_id }),
    ...(lamport === undefined ? {} : { lamport: { node: lamport.node, counter: lamport.counter } }),
    ...(joins === undefined ? {} : { joins: [...joins] }),
  };
}

/**
 * Returns the canonical form of a payload.
 *
 * @throws SchemaError `SCHEMA_NOT_CANONICAL` when it has none, or nests so deeply that the line it would stand in has none.
 */
export function payloadTextOf(payload: JsonValue): string {
  return canonicalJson({ payload }).slice('{"payload":'.length, -1);
}

/** The canonical form of a text; most are plain ASCII and stand as they are. */
function textOf(text: string): string {
  return isPlain(text) ? `"${text}"` : canonicalJson(text);
}

function isPlain(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code > 0x7e || code === 0x22 || code === 0x5c) return false;
  }
  return true;
}

/** What reading one line gives: the entry, and whether its own hash holds; or why it is no entry. */
export type DecodedLine =
  | { readonly entry: AuditEntry; readonly intact: boolean; readonly defect: null }
  | { readonly entry: null; readonly intact: false; readonly defect: string };

/** Reads one line strictly: it must be exactly the canonical form of an entry, so that no byte of it is free. */
export function decodeEntry(line: string): DecodedLine {
  // Most of what is none is told so at once: the engine takes its time to say what is no JSON.
  if (!line.startsWith("{")) return noEntry("it is not one canonical JSON object");
  if (line.length > maxEntryLength) return noEntry(overlong);
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

/** What is said of a line that no entry can have. */
export const overlong: string = `it is longer than ${String(maxEntryLength)} characters`;

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

/** Says which field of an input is out of bounds, or null. */
export function findDefect(input: AuditInput): string | null {
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
  if (typeof value === "string" && plainTime.test(value)) return true;
  const instant = typeof value === "string" ? parseTime(value) : null;
  return instant !== null && formatUtc(instant) === value;
}

/** Times that need no calendar: days that every month has. */
const plainTime =
  /^(?:[1-9]\d{3}|0[1-9]\d\d|00[1-9]\d|000[1-9])-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3])(?::[0-5]\d){2}\.\d{3}Z$/;

function isText(value: unknown, maxLength: number): boolean {
  return typeof value === "string" && value.length > 0 && value.length <= maxLength;
}

function isLamport(value: unknown): boolean {
  if (!isJsonObject(value) || Object.keys(value).length !== 2) return false;
  const { node, counter } = value;
  return isText(node, 128) && Number.isSafeInteger(counter) && (counter as number) >= 0;
}
