import { isJsonObject, type JsonValue } from "@gov/schema";
import { canonicalJson } from "@gov/schema/canonical";
import { checkRecord, type IndexRecord } from "../index-record.ts";
import { corrupt } from "../index-text.ts";

/** One change as a journal record holds it. Both set a state instead of altering one, so replaying a change twice does no harm. */
export type IndexChange = { readonly op: "put"; readonly record: IndexRecord } | { readonly op: "remove"; readonly path: string };

/** Returns the bytes of a change. */
export function encodeChange(change: IndexChange): Uint8Array {
  return Buffer.from(canonicalJson(change as unknown as JsonValue), "utf8");
}

/** Reads a change; its bytes have passed the journal's checksums, so a misfit is the work of another writer. */
export function decodeChange(data: Uint8Array, seq: number): IndexChange {
  try {
    const value: unknown = JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("utf8"));
    if (isJsonObject(value) && value["op"] === "put") return { op: "put", record: checkRecord(value["record"]) };
    if (isJsonObject(value) && value["op"] === "remove" && typeof value["path"] === "string") return { op: "remove", path: value["path"] };
  } catch (error) {
    throw corrupt(`record ${seq} of its journal is not a change`, error);
  }
  throw corrupt(`record ${seq} of its journal is not a change`);
}

/** Applies a change to the records by path. */
export function applyChange(records: Map<string, IndexRecord>, change: IndexChange): void {
  if (change.op === "put") records.set(change.record.path, change.record);
  else records.delete(change.path);
}
