import type { Digest } from "@gov/schema/canonical";
import { TelemetryError } from "../../errors.ts";
import type { AppendOptions, AuditLog } from "../audit-log.ts";
import type { AuditEntry, AuditInput } from "../entry.ts";
import { encodeEntry } from "./entry-codec.ts";
import type { AuditCheckpoint } from "../audit-report.ts";
import { maxCommitBytes } from "./scan-log.ts";

/** Where the lines of a log go. */
export interface LineStore {
  /** Looks whether the store is as this writer left it; a failure refuses the write, and nothing has been written. */
  readonly check: () => Promise<void>;
  /** Writes lines and resolves once they survive a power cut. */
  readonly commit: (lines: readonly string[]) => Promise<void>;
  readonly read: (fromSeq: number) => AsyncIterable<AuditEntry>;
  readonly close: () => Promise<void>;
}

interface Waiting {
  readonly entries: readonly AuditEntry[];
  readonly lines: readonly string[];
  readonly resolve: (entries: readonly AuditEntry[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Creates the writer of a log on a store: gives each entry its place at once, and commits what waits in groups. */
export function createChainedLog(path: string, store: LineStore, start: AuditCheckpoint | null): AuditLog {
  let durable = start;
  let promised = start;
  let failure: unknown = null;
  let waiting: Waiting[] = [];
  let running: Promise<void> | null = null;
  let closing: Promise<void> | null = null;

  const commitAll = async (): Promise<void> => {
    while (waiting.length > 0) {
      const group = takeGroup(waiting);
      const refuse = (error: unknown): void => {
        const all = [...group, ...waiting];
        waiting = [];
        promised = durable;
        for (const { reject } of all) reject(error);
      };
      try {
        await store.check();
      } catch (error) {
        refuse(error);
        continue;
      }
      try {
        await store.commit(group.flatMap(({ lines }) => lines));
      } catch (error) {
        failure = error;
        refuse(uncertain(path, error));
        continue;
      }
      for (const { entries, resolve } of group) {
        durable = placeOf(entries.at(-1)) ?? durable;
        resolve(entries);
      }
    }
    running = null;
  };

  const append = (inputs: readonly AuditInput[], { expectedSeq }: AppendOptions): Promise<readonly AuditEntry[]> =>
    new Promise((resolve, reject) => {
      if (closing !== null) throw closed(path);
      if (failure !== null) throw uncertain(path, failure);
      const last = promised?.seq ?? 0;
      if (expectedSeq !== "any" && expectedSeq !== last) throw conflict(path, { expectedSeq, last });
      if (inputs.length === 0) {
        resolve([]);
        return;
      }
      const { entries, lines } = encodeChain(inputs, promised);
      promised = placeOf(entries.at(-1)) ?? promised;
      waiting.push({ entries, lines, resolve, reject });
      // One turn later, so that appends made in the same turn share the write.
      running ??= Promise.resolve().then(commitAll);
    });

  const close = (): Promise<void> => (closing ??= (running ?? Promise.resolve()).then(store.close));
  return { head: () => durable, append, read: (fromSeq = 1) => store.read(fromSeq), close, [Symbol.asyncDispose]: close };
}

/** Removes what the next commit takes: as much as fits, at least one append. */
function takeGroup(waiting: Waiting[]): readonly Waiting[] {
  let count = 0;
  let length = 0;
  for (const { lines } of waiting) {
    // Three bytes are the most that a UTF-16 code unit takes in UTF-8.
    length += lines.reduce((sum, line) => sum + 3 * line.length, 0);
    if (count > 0 && length > maxCommitBytes) break;
    count++;
  }
  return waiting.splice(0, count);
}

function encodeChain(
  inputs: readonly AuditInput[],
  head: AuditCheckpoint | null,
): { readonly entries: readonly AuditEntry[]; readonly lines: readonly string[] } {
  const entries: AuditEntry[] = [];
  const lines: string[] = [];
  let seq = head?.seq ?? 0;
  let prev: Digest | null = head?.hash ?? null;
  for (const input of inputs) {
    const { entry, line } = encodeEntry(input, { seq: ++seq, prev });
    prev = entry.hash;
    entries.push(entry);
    lines.push(line);
  }
  return { entries, lines };
}

function placeOf(entry: AuditEntry | undefined): AuditCheckpoint | null {
  return entry === undefined ? null : { seq: entry.seq, hash: entry.hash };
}

function conflict(path: string, { expectedSeq, last }: { readonly expectedSeq: number; readonly last: number }): TelemetryError {
  const details = { path, expectedSeq, lastSeq: last };
  const hint = "Read the entries in between, decide again, and append after the last one";
  const message = `Cannot append to "${path}" after entry ${String(expectedSeq)}: its last entry is ${String(last)}`;
  return new TelemetryError("TELEMETRY_SEQUENCE_CONFLICT", message, { details, hint });
}

function uncertain(path: string, cause: unknown): TelemetryError {
  return new TelemetryError("TELEMETRY_AUDIT_UNCERTAIN", `Cannot append to "${path}": writing failed, and what stands is uncertain`, {
    details: { path },
    hint: "Close the log and open it again to see which entries stand",
    cause,
  });
}

function closed(path: string): TelemetryError {
  return new TelemetryError("TELEMETRY_AUDIT_CLOSED", `Cannot append to "${path}": the log has been closed`, { details: { path } });
}
