import type { AppendOptions, AuditLog } from "../audit-log.ts";
import type { AuditCheckpoint } from "../audit-report.ts";
import type { AuditEntry, AuditInput } from "../entry.ts";
import { closed, conflict, requireSeq, uncertain } from "./append-errors.ts";
import type { CommitPace } from "./commit-pace.ts";
import type { EntryWriter } from "./entry-writer.ts";
import { createLineBlock, type Lines } from "./line-block.ts";
import { maxCommitBytes } from "./log-findings.ts";

/** Where the lines of a log go. */
export interface LineStore {
  /** Looks whether the store is as this writer left it; a failure refuses the write, and nothing has been written. */
  readonly check: () => Promise<void>;
  /** Writes lines and resolves once they survive a power cut. */
  readonly commit: (lines: Lines) => Promise<void>;
  readonly read: (fromSeq: number) => AsyncIterable<AuditEntry>;
  readonly close: () => Promise<void>;
}

interface Waiting {
  readonly entries: readonly AuditEntry[];
  readonly head: AuditCheckpoint;
  readonly resolve: (entries: readonly AuditEntry[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Creates the writer of a log on a store: gives each entry its place at once, and commits what waits in groups. */
export function createChainedLog(
  path: string,
  store: LineStore,
  { start, write, pace }: { readonly start: AuditCheckpoint | null; readonly write: EntryWriter; readonly pace: CommitPace },
): AuditLog {
  let durable = start;
  let promised = start;
  let failure: unknown = null;
  let waiting: Waiting[] = [];
  /** Their entries are durable. */
  let untold: Waiting[] = [];
  let running: Promise<void> | null = null;
  let closing: Promise<void> | null = null;
  let isWriting = false;
  const block = createLineBlock();

  const tell = async (group: readonly Waiting[]): Promise<void> => {
    pace.told();
    for (const { entries, resolve } of group) resolve(entries);
    await letOthersRun();
    pace.idle();
  };
  /** Tells those whose entries are durable; where commits overlap, half of them, so that the others' work falls into the next commit. */
  const tellUntold = async (): Promise<void> => {
    if (pace.overlaps()) {
      await tell(untold.splice(0, Math.ceil(untold.length / 2)));
      if (waiting.length > 0 || untold.length === 0) return;
    }
    await tell(untold.splice(0));
  };
  const commit = async (lines: Lines): Promise<{ readonly error: unknown } | null> => {
    try {
      await store.check();
    } catch (error) {
      return { error };
    }
    try {
      await store.commit(lines);
      return null;
    } catch (error) {
      failure = error;
      return { error: uncertain(path, error) };
    }
  };
  const commitWaiting = async (): Promise<void> => {
    const group = waiting;
    waiting = [];
    for (const { count, lines } of partsOf(group, block.take())) {
      const committing = commit(lines);
      if (untold.length > 0) {
        await letOthersRun();
        await tell(untold.splice(0));
      }
      const failed = await committing;
      if (failed !== null) {
        const refused = [...group, ...waiting];
        waiting = [];
        block.cutBack(0);
        promised = durable;
        for (const { reject } of refused) reject(failed.error);
        return;
      }
      pace.settled();
      untold = group.splice(0, count);
      durable = (untold.at(-1) as Waiting).head;
    }
  };
  const commitAll = async (): Promise<void> => {
    while (waiting.length + untold.length > 0) {
      if (waiting.length > 0 && (untold.length === 0 || pace.overlaps())) await commitWaiting();
      else await tellUntold();
    }
    running = null;
  };
  /** Writes the lines of an append behind those that wait, all of them or none. */
  const writeAll = (inputs: readonly AuditInput[]): Pick<Waiting, "entries" | "head"> => {
    const entries: AuditEntry[] = [];
    const count = block.count();
    let seq = promised?.seq ?? 0;
    let prev = promised?.hash ?? null;
    isWriting = true;
    try {
      for (const input of inputs) {
        const entry = write(input, { seq: ++seq, prev }, block);
        prev = entry.hash;
        entries.push(entry);
      }
    } catch (error) {
      block.cutBack(count);
      throw error;
    } finally {
      isWriting = false;
    }
    return { entries, head: { seq, hash: prev as AuditCheckpoint["hash"] } };
  };

  const append = (inputs: readonly AuditInput[], options: AppendOptions): Promise<readonly AuditEntry[]> =>
    new Promise((resolve, reject) => {
      if (isWriting) {
        // Called by a redactor in the middle of another append, which comes first.
        resolve(Promise.resolve().then(() => append(inputs, options)));
        return;
      }
      if (closing !== null) throw closed(path);
      if (failure !== null) throw uncertain(path, failure);
      const { expectedSeq } = options;
      const last = promised?.seq ?? 0;
      if (expectedSeq !== "any" && expectedSeq !== last) throw conflict(path, { expectedSeq, last });
      if (inputs.length === 0) {
        resolve([]);
        return;
      }
      const { entries, head } = writeAll(inputs);
      promised = head;
      waiting.push({ entries, head, resolve, reject });
      // One turn later, so that appends made in the same turn share the write.
      running ??= Promise.resolve().then(commitAll);
    });

  const close = (): Promise<void> => (closing ??= (running ?? Promise.resolve()).then(store.close));
  return { head: () => durable, append, read: (fromSeq = 1) => store.read(requireSeq(fromSeq)), close, [Symbol.asyncDispose]: close };
}

/** Lets run what waits for its turn alone: more steps than there are from an acknowledgement to the next append, or from a commit's call to its sync. */
async function letOthersRun(): Promise<void> {
  for (let step = 0; step < 16; step++) await Promise.resolve();
}

/** Parts the lines of a group of appends into commits: each takes as much as fits, at least one append. */
function partsOf(group: readonly Waiting[], lines: Lines): readonly { readonly count: number; readonly lines: Lines }[] {
  const { bytes, ends } = lines;
  if (bytes.length <= maxCommitBytes) return [{ count: group.length, lines }];
  const parts: { readonly count: number; readonly lines: Lines }[] = [];
  for (let from = 0, line = 0, start = 0; from < group.length;) {
    const first = start;
    let count = 0;
    let endLine = line;
    do endLine += (group[from + count++] as Waiting).entries.length;
    while (
      from + count < group.length &&
      (ends[endLine + (group[from + count] as Waiting).entries.length - 1] as number) - first <= maxCommitBytes
    );
    const end = ends[endLine - 1] as number;
    parts.push({ count, lines: { bytes: bytes.subarray(first, end), ends: ends.slice(line, endLine).map((at) => at - first) } });
    [from, line, start] = [from + count, endLine, end];
  }
  return parts;
}
