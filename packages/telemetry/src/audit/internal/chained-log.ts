import type { AppendOptions, AuditLog } from "../audit-log.ts";
import type { AuditCheckpoint } from "../audit-report.ts";
import type { AuditEntry, AuditInput } from "../entry.ts";
import type { EntryPreparation } from "../redact-entry.ts";
import { closed, conflict, uncertain } from "./append-errors.ts";
import { type EncodedChain, encodeChain } from "./encode-chain.ts";
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
  readonly chain: EncodedChain;
  readonly resolve: (entries: readonly AuditEntry[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Creates the writer of a log on a store: gives each entry its place at once, and commits what waits in groups. */
export function createChainedLog(
  path: string,
  store: LineStore,
  { start, prepare }: { readonly start: AuditCheckpoint | null; readonly prepare: EntryPreparation },
): AuditLog {
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
        await store.commit(linesOf(group));
      } catch (error) {
        failure = error;
        refuse(uncertain(path, error));
        continue;
      }
      for (const { chain, resolve } of group) {
        durable = chain.head;
        resolve(chain.entries);
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
      const chain = encodeChain(inputs.map(prepare), promised);
      promised = chain.head;
      waiting.push({ chain, resolve, reject });
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
  for (const { chain } of waiting) {
    // Three bytes are the most that a UTF-16 code unit takes in UTF-8.
    for (const line of chain.lines) length += 3 * line.length;
    if (count > 0 && length > maxCommitBytes) break;
    count++;
  }
  return waiting.splice(0, count);
}

function linesOf(group: readonly Waiting[]): readonly string[] {
  const all: string[] = [];
  for (const { chain } of group) for (const line of chain.lines) all.push(line);
  return all;
}
