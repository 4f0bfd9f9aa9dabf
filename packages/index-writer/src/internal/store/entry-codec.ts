import { isJsonObject, type JsonValue } from "@gov/schema";
import { canonicalJson, type Digest, digestBytes } from "@gov/schema/canonical";
import { IndexError } from "../../errors.ts";
import type { StoredEntry, StoreEntry } from "../../store/index-store.ts";

/** An entry ready to be compared and written. */
export interface PreparedEntry {
  readonly id: string;
  /** RFC 8785 form of the payload. */
  readonly text: string;
  readonly digest: Digest;
}

/** Where an id stands and what its content was. */
export interface KnownEntry {
  readonly seq: number;
  readonly digest: string;
}

// eslint-disable-next-line no-control-regex -- they are what is refused
const unfitId = /[\0-\x1f\x7f]|\p{Cs}/u;

/** What a payload may take: a journal, and a field of PostgreSQL, take little more at once. */
const maxPayloadBytes = 255 * 1024 * 1024;

/** Checks entries and brings them into the form that is stored. @throws RangeError for an id, a payload or a number of entries that does not fit. */
export function prepareEntries(entries: readonly StoreEntry[]): readonly PreparedEntry[] {
  if (entries.length === 0) throw new RangeError("Cannot commit nothing: at least one entry is required");
  return entries.map(({ id, payload }) => {
    if (typeof id !== "string" || id === "" || id.length > 256 || unfitId.test(id))
      throw new RangeError("Cannot commit an entry: its id must have 1 to 256 characters, without control characters");
    const text = canonicalJson(payload);
    if (Buffer.byteLength(text, "utf8") > maxPayloadBytes)
      throw new RangeError(`Cannot commit "${id}": its payload has more than ${maxPayloadBytes} bytes`);
    return { id, text, digest: digestBytes(text) };
  });
}

/** Sets new entries apart from those that the record has. @throws {@link IndexError} `INDEX_ID_CONFLICT`. */
export function placeEntries(
  entries: readonly PreparedEntry[],
  record: { readonly lastSeq: number; readonly known: (id: string) => KnownEntry | undefined },
): { readonly fresh: readonly PreparedEntry[]; readonly placed: readonly { readonly seq: number; readonly duplicate: boolean }[] } {
  const fresh: PreparedEntry[] = [];
  const inBatch = new Map<string, KnownEntry>();
  const placed = entries.map((entry, index) => {
    const known = inBatch.get(entry.id) ?? record.known(entry.id);
    if (known !== undefined && known.digest !== entry.digest)
      throw new IndexError("INDEX_ID_CONFLICT", `Cannot commit "${entry.id}": entry ${known.seq} has this id and other content`, {
        details: { id: entry.id, seq: known.seq, index },
        hint: "give other content an id of its own",
      });
    if (known !== undefined) return { seq: known.seq, duplicate: true };
    fresh.push(entry);
    const seq = record.lastSeq + fresh.length;
    inBatch.set(entry.id, { seq, digest: entry.digest });
    return { seq, duplicate: false };
  });
  return { fresh, placed };
}

/** The bytes of an entry in a file: canonical JSON, its payload as it was compared. */
export function encodeEntry({ id, text }: PreparedEntry, epoch: number): Uint8Array {
  return Buffer.from(`{"epoch":${epoch},"id":${JSON.stringify(id)},"payload":${text}}`, "utf8");
}

/** Reads an entry back; the journal has proven its bytes, so whatever does not fit was not written by a store. */
export function decodeEntry(data: Uint8Array, seq: number): StoredEntry {
  const value = jsonOf(data, seq);
  if (isJsonObject(value) && typeof value["epoch"] === "number" && typeof value["id"] === "string" && Object.hasOwn(value, "payload"))
    return { seq, epoch: value["epoch"], id: value["id"], payload: value["payload"] as JsonValue };
  throw noEntry(seq);
}

function jsonOf(data: Uint8Array, seq: number): unknown {
  try {
    return JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("utf8"));
  } catch (error) {
    throw noEntry(seq, error);
  }
}

function noEntry(seq: number, cause?: unknown): IndexError {
  return new IndexError("INDEX_CORRUPT", `Cannot read entry ${seq} of the record: it is no entry`, {
    cause,
    details: { seq },
    hint: "restore the record from a backup",
  });
}

/** The error for a commit under an epoch that is not the highest any more. */
export function superseded(epoch: number, cause?: unknown): IndexError {
  return new IndexError("INDEX_SUPERSEDED", `Cannot commit under epoch ${epoch}: another writer has taken over`, {
    cause,
    details: { epoch },
    hint: "acquire the lease again, look which entries are there, and commit the others",
  });
}

/** The error for a commit behind another entry than the last. */
export function sequenceConflict(expectedSeq: number, seq: number): IndexError {
  return new IndexError("INDEX_SEQUENCE_CONFLICT", `Cannot commit behind entry ${expectedSeq}: the record ends at ${seq}`, {
    details: { expectedSeq, seq },
    hint: "read what was added, then commit again",
  });
}

/** The error for a commit of which it is not known whether it was made. */
export function uncertain(cause: unknown): IndexError {
  return new IndexError("INDEX_COMMIT_UNCERTAIN", "Cannot tell whether the commit was made: its acknowledgement did not come", {
    cause,
    hint: "commit again: an id that the record has is not added twice",
  });
}
