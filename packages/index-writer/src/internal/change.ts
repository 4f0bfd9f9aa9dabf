import { isJsonObject } from "@gov/schema";
import { checkRecord } from "../index-record.ts";
import { corrupt } from "../index-text.ts";
import { lineOf, pathOfLine, putBegins } from "./record-line.ts";
import type { RecordStore } from "./record-store.ts";

/** One change as a journal record holds it: a record's canonical line, or null for its removal. Both set a state, so replaying a change twice does no harm. */
export interface IndexChange {
  readonly path: string;
  readonly line: string | null;
}

/** Returns the bytes of a change: canonical JSON. */
export function encodeChange({ path, line }: IndexChange): Uint8Array {
  return Buffer.from(line === null ? `{"op":"remove","path":${JSON.stringify(path)}}` : `${putBegins}${line}}`, "utf8");
}

/** Reads a change; its bytes have passed the journal's checksums, so a misfit is the work of another writer. */
export function decodeChange(data: Uint8Array, seq: number): IndexChange {
  const text = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("utf8");
  if (text.startsWith(putBegins)) {
    const line = text.slice(putBegins.length, -1);
    const path = pathOfLine(line);
    if (path !== null) return { path, line };
  }
  try {
    const value: unknown = JSON.parse(text);
    if (isJsonObject(value) && value["op"] === "put") {
      const record = checkRecord(value["record"]);
      return { path: record.path, line: lineOf(record) };
    }
    if (isJsonObject(value) && value["op"] === "remove" && typeof value["path"] === "string") return { path: value["path"], line: null };
  } catch (error) {
    throw corrupt(`record ${seq} of its journal is not a change`, error);
  }
  throw corrupt(`record ${seq} of its journal is not a change`);
}

/** Applies a change to the records. */
export function applyChange(records: RecordStore, { path, line }: IndexChange): void {
  if (line === null) records.delete(path);
  else records.set(path, line);
}
