import { isJsonObject } from "@gov/schema";
import { canonicalJson, type Digest, digestBytes, isDigest } from "@gov/schema/canonical";
import { ManifestError } from "../errors.ts";
import { parseInstant } from "../internal/instant.ts";
import type { ObjectBackend } from "./object-backend.ts";

/** A manifest that was published: where it stands in the chain, and the objects that hold it. */
export interface LedgerEntry {
  readonly version: 1;
  /** Number of the manifest in its chain; entries begin with 1 and leave none out. */
  readonly sequence: number;
  readonly manifestId: string;
  /** Digest of the manifest file's exact bytes, under which the store keeps them. */
  readonly manifest: Digest;
  /** Digest of the envelope file's exact bytes, as published first. */
  readonly envelope: Digest;
  /** RFC 3339 UTC. */
  readonly publishedAt: string;
  /** First instant at which manifest and envelope may be removed, RFC 3339 UTC. */
  readonly retainUntil: string;
  /** Digest of the entry before this one; null for the first. */
  readonly previous: Digest | null;
}

/** What an entry is made from; number and link to the entry before are the ledger's. */
export type LedgerEntryInput = Omit<LedgerEntry, "version" | "previous">;

/** A list of published manifests that only grows (MAN-13). */
export interface ManifestLedger {
  /**
   * Adds an entry, durably. The very entry again, as after a crash, changes nothing.
   *
   * @throws {@link ManifestError} `MANIFEST_LEDGER_CONFLICT` when it is not the next, or another writer was faster; `MANIFEST_LEDGER_CORRUPT`.
   */
  readonly append: (input: LedgerEntryInput) => Promise<LedgerEntry>;
  /**
   * Returns every entry from the first on, each checked against the one before it.
   *
   * @throws {@link ManifestError} `MANIFEST_LEDGER_CORRUPT` when one is missing, edited or out of place.
   */
  readonly entries: () => Promise<readonly LedgerEntry[]>;
}

/** Creates a ledger on a backend: one object per entry, created once and never replaced, each with the digest of the one before it. */
export function createManifestLedger(backend: ObjectBackend): ManifestLedger {
  const entries = async (): Promise<readonly LedgerEntry[]> => {
    const found: LedgerEntry[] = [];
    let previous: Digest | null = null;
    for (const name of await backend.list("ledger/")) {
      const bytes = await backend.read(name);
      const entry = bytes === null ? null : decodeEntry(bytes);
      const sequence = found.length + 1;
      if (bytes === null || entry === null || name !== nameOf(sequence) || entry.sequence !== sequence || entry.previous !== previous)
        throw corrupt(name, sequence);
      previous = digestBytes(bytes);
      found.push(entry);
    }
    return found;
  };
  return {
    entries,
    append: async (input) => {
      const standing = await entries();
      const { sequence, manifestId } = input;
      if (sequence > standing.length + 1) throw conflict(input, `number ${String(standing.length + 1)} is missing before it`);
      const before = standing[sequence - 2];
      const entry: LedgerEntry = { version: 1, ...input, previous: before === undefined ? null : digestBytes(encodeEntry(before)) };
      const bytes = encodeEntry(entry);
      if (decodeEntry(bytes) === null)
        throw new RangeError(`Cannot add manifest "${manifestId}" to the ledger: a field of the entry is not sound`);
      const created = await backend.create(nameOf(sequence), bytes);
      if (created) return entry;
      const there = await backend.read(nameOf(sequence));
      if (there === null || digestBytes(there) !== digestBytes(bytes)) throw conflict(input, "another entry has its number");
      await backend.settle(nameOf(sequence));
      return entry;
    },
  };
}

function nameOf(sequence: number): string {
  return `ledger/${String(sequence).padStart(16, "0")}`;
}

function encodeEntry(entry: LedgerEntry): Uint8Array {
  return new TextEncoder().encode(`${canonicalJson({ ...entry })}\n`);
}

function decodeEntry(bytes: Uint8Array): LedgerEntry | null {
  const value = parseJson(bytes);
  if (!isJsonObject(value)) return null;
  const { version, sequence, manifestId, manifest, envelope, publishedAt, retainUntil, previous } = value;
  const isTime = (time: unknown): boolean => typeof time === "string" && parseInstant(time) !== null;
  const sound =
    Object.keys(value).length === 8 &&
    version === 1 &&
    typeof sequence === "number" &&
    Number.isSafeInteger(sequence) &&
    sequence >= 1 &&
    typeof manifestId === "string" &&
    isDigest(manifest) &&
    isDigest(envelope) &&
    isTime(publishedAt) &&
    isTime(retainUntil) &&
    (sequence === 1 ? previous === null : isDigest(previous));
  if (!sound) return null;
  const entry = value as unknown as LedgerEntry;
  // One form only, so that the digest of an entry is that of its bytes.
  return digestBytes(encodeEntry(entry)) === digestBytes(bytes) ? entry : null;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return null;
  }
}

function corrupt(name: string, sequence: number): ManifestError {
  return new ManifestError("MANIFEST_LEDGER_CORRUPT", `Cannot read the ledger: "${name}" is not the whole entry ${String(sequence)}`, {
    details: { name, sequence },
    hint: "Repair the store from its backup",
  });
}

function conflict({ sequence, manifestId }: LedgerEntryInput, reason: string): ManifestError {
  return new ManifestError("MANIFEST_LEDGER_CONFLICT", `Cannot add manifest "${manifestId}" as number ${String(sequence)}: ${reason}`, {
    details: { sequence, manifestId },
    hint: "Read the ledger again, and plan the manifest as successor of its newest",
  });
}
