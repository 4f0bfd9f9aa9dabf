import { isJsonObject } from "@gov/schema";
import { type Digest, isDigest } from "@gov/schema/canonical";
import { isManifestError } from "../errors.ts";
import { parseInstant } from "../internal/instant.ts";
import { type Envelope, parseEnvelope } from "../sign/envelope.ts";
import type { ObjectBackend } from "../storage/object-backend.ts";

/** That a snapshot exists: where its list stands, and who signed it. Not to be trusted before `verifySnapshot`. */
export interface SnapshotRecord {
  readonly version: 1;
  readonly sequence: number;
  /** Digest of the snapshot's bytes in the object store. */
  readonly snapshot: Digest;
  /** RFC 3339 UTC, as the snapshot says too. */
  readonly takenAt: string;
  /** Null when nobody signed. */
  readonly envelope: Envelope | null;
}

/** Lists the snapshots of a backend by number; a record that cannot be read is left out, so a damaged one is never chosen. */
export async function listSnapshots(backend: ObjectBackend): Promise<readonly SnapshotRecord[]> {
  const records: SnapshotRecord[] = [];
  for (const name of await backend.list("snapshots/")) {
    const bytes = await backend.read(name);
    const record = bytes === null ? null : readRecord(bytes);
    if (record !== null && name === snapshotName(record.sequence)) records.push(record);
  }
  return records;
}

/** Name of the record of a snapshot. @internal */
export function snapshotName(sequence: number): string {
  return `snapshots/${String(sequence).padStart(16, "0")}`;
}

/** Returns the bytes of a record. @internal */
export function renderRecord({ version, sequence, snapshot, takenAt, envelope }: SnapshotRecord): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify({ version, sequence, snapshot, takenAt, envelope }, null, 2)}\n`);
}

/** Reads the bytes of a record, or returns null when they are none. @internal */
export function readRecord(bytes: Uint8Array): SnapshotRecord | null {
  try {
    const value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as unknown;
    if (!isJsonObject(value)) return null;
    const { version, sequence, snapshot, takenAt, envelope } = value;
    if (version !== 1 || typeof sequence !== "number" || !isDigest(snapshot)) return null;
    if (typeof takenAt !== "string" || parseInstant(takenAt) === null) return null;
    return { version, sequence, snapshot, takenAt, envelope: envelope === null ? null : parseEnvelope(JSON.stringify(envelope)) };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError || isManifestError(error)) return null;
    throw error;
  }
}
