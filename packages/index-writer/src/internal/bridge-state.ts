import { isAtomicIoError } from "@gov/atomic-io";
import { isJsonObject, type JsonObject, type JsonValue } from "@gov/schema";
import { canonicalJson, type Digest, digestBytes, isDigest } from "@gov/schema/canonical";
import type { BridgeEntry, DeadLetter } from "../bridge/bridge.ts";
import { IndexError } from "../errors.ts";

/** One change of a bridge's state, as a journal record holds it. */
export type BridgeChange =
  | { readonly op: "append"; readonly seq: number; readonly id: string; readonly payload: JsonValue }
  | { readonly op: "delivered"; readonly seqs: readonly number[] }
  | { readonly op: "dead"; readonly seq: number; readonly errors: readonly string[] }
  | { readonly op: "redrive"; readonly seqs: readonly number[] };

/** What a bridge knows: a fold over its changes. */
export interface BridgeState {
  lastSeq: number;
  /** Every id ever accepted, with its place and the digest of its content. */
  readonly ids: Map<string, { readonly seq: number; readonly digest: Digest }>;
  readonly pending: Map<number, BridgeEntry>;
  readonly dead: Map<number, DeadLetter>;
  pendingBytes: number;
}

const format = "gov.bridge";

/** A bridge that has seen nothing. */
export function emptyBridge(): BridgeState {
  return { lastSeq: 0, ids: new Map(), pending: new Map(), dead: new Map(), pendingBytes: 0 };
}

/** How far deliveries lag behind: from the oldest entry that waits to the newest there is; 0 when none waits. */
export function bridgeLag({ pending, lastSeq }: BridgeState): number {
  let oldest = lastSeq + 1;
  // Not the first of the map: what was put back in the queue stands behind younger entries. And no call takes as many arguments as may wait.
  for (const seq of pending.keys()) if (seq < oldest) oldest = seq;
  return lastSeq - oldest + 1;
}

/** Digest by which two appends of one id are told apart or found the same. */
function payloadDigest(payload: JsonValue): Digest {
  return digestBytes(canonicalJson(payload));
}

/** Length of a payload as the bounds of the queue count it. */
function payloadBytes(payload: JsonValue): number {
  return Buffer.byteLength(canonicalJson(payload), "utf8");
}

/** Applies a change that was decided on this state. */
export function applyBridgeChange(state: BridgeState, change: BridgeChange): void {
  switch (change.op) {
    case "append": {
      const { seq, id, payload } = change;
      if (seq !== state.lastSeq + 1 || state.ids.has(id)) throw corruptBridge(`entry ${seq} does not follow entry ${state.lastSeq}`);
      state.lastSeq = seq;
      state.ids.set(id, { seq, digest: payloadDigest(payload) });
      wait(state, { seq, id, payload });
      break;
    }
    case "delivered":
      for (const seq of change.seqs) settle(state, seq);
      break;
    case "dead": {
      const entry = settle(state, change.seq);
      if (entry !== null) state.dead.set(entry.seq, { ...entry, errors: change.errors });
      break;
    }
    case "redrive":
      for (const seq of change.seqs) {
        const letter = state.dead.get(seq);
        if (letter === undefined) continue;
        state.dead.delete(seq);
        wait(state, { seq, id: letter.id, payload: letter.payload });
      }
  }
}

/** Encodes a change for the journal. */
export function encodeBridgeChange(change: BridgeChange): Uint8Array {
  return Buffer.from(canonicalJson(change as unknown as JsonObject), "utf8");
}

/** Reads a change back; the journal has proven its bytes, so whatever does not fit was not written by a bridge. */
export function decodeBridgeChange(data: Uint8Array): BridgeChange {
  const value: unknown = JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("utf8"));
  if (isJsonObject(value)) {
    const { op, seq, seqs, id, errors } = value;
    if (op === "append" && isSeq(seq) && typeof id === "string" && Object.hasOwn(value, "payload")) return value as BridgeChange;
    if (op === "dead" && isSeq(seq) && Array.isArray(errors)) return value as unknown as BridgeChange;
    if ((op === "delivered" || op === "redrive") && Array.isArray(seqs) && seqs.every(isSeq)) return value as unknown as BridgeChange;
  }
  throw corruptBridge("a record of its journal is no change of a bridge");
}

/** Text of a snapshot: the state after the journal record `journalSeq`. */
export function renderBridge(state: BridgeState, journalSeq: number): string {
  const ids = [...state.ids].map(([id, { seq, digest }]) => [id, seq, digest]);
  const content = {
    journalSeq,
    lastSeq: state.lastSeq,
    ids,
    pending: [...state.pending.values()],
    dead: [...state.dead.values()],
  } as unknown as JsonObject;
  return `${canonicalJson({ format, version: 1, content, digest: digestBytes(canonicalJson(content)) })}\n`;
}

/** Reads a snapshot and proves it whole. */
export function parseBridge(text: string): { readonly state: BridgeState; readonly journalSeq: number } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw corruptBridge("its snapshot is not JSON", error);
  }
  if (!isJsonObject(value) || value["format"] !== format) throw corruptBridge(`the format of its snapshot is not "${format}"`);
  if (value["version"] !== 1)
    throw new IndexError(
      "INDEX_VERSION",
      `Cannot read the bridge: its snapshot has version ${JSON.stringify(value["version"])}, this package reads 1`,
      {
        hint: "update @gov/index-writer",
      },
    );
  const { content, digest } = value;
  if (!isJsonObject(content) || digestBytes(canonicalJson(content)) !== digest)
    throw corruptBridge("its snapshot does not have the digest it names");
  const { journalSeq, lastSeq, ids, pending, dead } = content as unknown as {
    readonly journalSeq: number;
    readonly lastSeq: number;
    readonly ids: readonly (readonly [string, number, unknown])[];
    readonly pending: readonly BridgeEntry[];
    readonly dead: readonly DeadLetter[];
  };
  const state = emptyBridge();
  state.lastSeq = lastSeq;
  for (const [id, seq, of] of ids) if (isDigest(of)) state.ids.set(id, { seq, digest: of });
  for (const entry of pending) wait(state, entry);
  for (const letter of dead) state.dead.set(letter.seq, letter);
  return { state, journalSeq };
}

/** The error for a bridge whose files are not what was written. */
export function corruptBridge(what: string, cause?: unknown): IndexError {
  return new IndexError("INDEX_CORRUPT", `Cannot read the bridge: ${what}`, { cause, hint: "restore its folder from a backup" });
}

/** Why a bridge cannot be read, in the words of this package; any other error as it is. */
export function bridgeFault(error: unknown): unknown {
  if (!isAtomicIoError(error)) return error;
  if (error.code === "ATOMIC_IO_JOURNAL_CORRUPT") return corruptBridge("its journal is damaged", error);
  if (error.code !== "ATOMIC_IO_JOURNAL_VERSION") return error;
  const { details, hint } = error;
  return new IndexError("INDEX_VERSION", "Cannot read the bridge: its journal is of another version", { cause: error, details, hint });
}

function wait(state: BridgeState, entry: BridgeEntry): void {
  state.pending.set(entry.seq, entry);
  state.pendingBytes += payloadBytes(entry.payload);
}

function settle(state: BridgeState, seq: number): BridgeEntry | null {
  const entry = state.pending.get(seq) ?? null;
  if (entry === null) return null;
  state.pending.delete(seq);
  state.pendingBytes -= payloadBytes(entry.payload);
  return entry;
}

function isSeq(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}
