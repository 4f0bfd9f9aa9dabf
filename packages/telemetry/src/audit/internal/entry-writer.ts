import { hash } from "node:crypto";
import type { Digest } from "@gov/schema/canonical";
import type { Redactor } from "../../redact/create-redactor.ts";
import { type AuditEntry, auditEntryVersion, type AuditInput } from "../entry.ts";
import { createEntryPreparation, everything, namesOf } from "./redact-entry.ts";
import { createCanonicalWriter, maxWrittenLevels } from "./canonical-write.ts";
import { encodeEntry, entryOf, findDefect } from "./entry-codec.ts";
import type { LineBlock, OpenLine } from "./line-block.ts";

/** Where an entry goes in the chain. */
export interface EntryPlace {
  readonly seq: number;
  readonly prev: Digest | null;
}

/**
 * Redacts an input, gives it its place, adds its line to a block and returns the entry.
 *
 * @throws RangeError when a field of the input is out of bounds, or the line too long; nothing was added.
 */
export type EntryWriter = (input: AuditInput, place: EntryPlace, block: LineBlock) => AuditEntry;

/** Creates the writer of a log. Most lines are laid out as bytes in one go; what is uncommon is left to the careful way, which gives the same line. */
export function createEntryWriter(redactor: Redactor = everything): EntryWriter {
  const prepare = createEntryPreparation(redactor);
  const layOut = createLayout(redactor);
  let last: { readonly digest: Digest; readonly hex: string } | null = null;
  return (input, { seq, prev }, block) => {
    // The digits of the last one are at hand; taken out of the digest they cost as much as writing them.
    const prevHex = prev === null ? null : prev === last?.digest ? last.hex : prev.slice(digits);
    const line = layOut(input, seq, prevHex);
    if (line === null) {
      const { entry, line: text } = encodeEntry(prepare(input), { seq, prev });
      block.addText(text);
      return entry;
    }
    const hex = hash("sha256", line.all, "hex");
    const digest: Digest = `sha256:${hex}`;
    last = { digest, hex };
    block.addWithHash(line, hex);
    return entryOf(input, { seq, prev, hash: digest });
  };
}

const digits = "sha256:".length;
const roomBytes = 65_536;
// The most that stands behind a payload, without the subject.
const restBytes = 256;
const maxViews = 4096;

/** Lays out the line of an input in which there is nothing to redact; null where only the careful way can tell. */
function createLayout(redactor: Redactor): (input: AuditInput, seq: number, prevHex: string | null) => OpenLine | null {
  const { isPlainJson } = redactor;
  const isPlainName = namesOf(redactor).isPlainJson;
  if (isPlainJson === undefined || isPlainName === undefined) return () => null;
  const room = Buffer.allocUnsafe(roomBytes);
  // A view of each length, made once: lines of a log are of few lengths.
  const views: (Uint8Array | undefined)[] = [];
  const viewUpTo = (end: number): Uint8Array => (end > maxViews ? room.subarray(0, end) : (views[end] ??= room.subarray(0, end)));
  const { putValue, putText, putCount } = createCanonicalWriter(room);

  const put = (bytes: Uint8Array, at: number): number => {
    for (let index = 0; index < bytes.length; index++) room[at + index] = bytes[index] as number;
    return at + bytes.length;
  };
  const putName = (name: string, at: number): number => {
    const end = putText(name, at);
    return end < 0 || !isPlainName(room, at, end) ? -1 : end;
  };
  const putPayload = (payload: AuditInput["payload"], at: number): number => {
    const end = putValue(payload, at, maxWrittenLevels);
    return end < 0 || end > roomBytes - restBytes || !isPlainJson(room, at, end) ? -1 : end;
  };
  const putPlain = (text: string, at: number): number => at + room.write(text, at);

  return (input, seq, prevHex) => {
    const { correlation_id: correlation, lamport } = input;
    if (input.joins !== undefined || findDefect(input) !== null) return null;
    let at = putName(input.actor, put(texts.actor, 0));
    if (at < 0) return null;
    if (correlation !== undefined) at = put(texts.quote, putPlain(correlation, put(texts.correlation, at)));
    const headEnd = at + 1;
    at = putText(input.kind, put(texts.kind, at));
    if (at < 0) return null;
    if (lamport !== undefined) {
      at = putText(lamport.node, put(texts.node, putCount(lamport.counter, put(texts.lamport, at))));
      if (at < 0) return null;
      at = put(texts.close, at);
    }
    at = putPayload(input.payload, put(texts.payload, at));
    if (at < 0) return null;
    at = prevHex === null ? put(texts.noPrev, at) : put(texts.quote, putPlain(prevHex, put(texts.prev, at)));
    at = putName(input.subject, put(texts.subject, putCount(seq, put(texts.seq, at))));
    if (at < 0 || at > roomBytes - restBytes) return null;
    at = put(texts.end, putPlain(input.time, put(texts.time, at)));
    return { head: viewUpTo(headEnd), all: viewUpTo(at) };
  };
}

const texts = {
  actor: Buffer.from('{"actor":'),
  correlation: Buffer.from(',"correlation_id":"'),
  kind: Buffer.from(',"kind":'),
  lamport: Buffer.from(',"lamport":{"counter":'),
  node: Buffer.from(',"node":'),
  close: Buffer.from("}"),
  payload: Buffer.from(',"payload":'),
  noPrev: Buffer.from(',"prev":null'),
  prev: Buffer.from(',"prev":"sha256:'),
  seq: Buffer.from(',"seq":'),
  subject: Buffer.from(',"subject":'),
  time: Buffer.from(',"time":"'),
  quote: Buffer.from('"'),
  end: Buffer.from(`","v":${String(auditEntryVersion)}}`),
} satisfies Readonly<Record<string, Uint8Array>>;
