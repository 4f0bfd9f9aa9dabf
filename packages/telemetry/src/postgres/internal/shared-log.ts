import type { AppendOptions, AuditLog } from "../../audit/audit-log.ts";
import type { AuditCheckpoint } from "../../audit/audit-report.ts";
import type { AuditEntry, AuditInput } from "../../audit/entry.ts";
import { closed, conflict, requireSeq, uncertain } from "../../audit/internal/append-errors.ts";
import { encodeChain } from "../../audit/internal/encode-chain.ts";
import type { PreparedEntry } from "../../audit/internal/entry-codec.ts";
import { maxCommitBytes } from "../../audit/internal/log-findings.ts";
import { isTelemetryError } from "../../errors.ts";
import type { EntryPreparation } from "../../audit/internal/redact-entry.ts";
import { type AuditRows, corruptRow } from "./audit-rows.ts";

interface Waiting {
  readonly prepared: readonly PreparedEntry[];
  readonly expectedSeq: AppendOptions["expectedSeq"];
  readonly resolve: (entries: readonly AuditEntry[]) => void;
  readonly reject: (error: unknown) => void;
}

interface Planned {
  readonly lines: readonly string[];
  readonly head: AuditCheckpoint | null;
  /** Tells those whose entries were planned. */
  readonly settle: () => void;
  /** Those of which nothing is written, with the reason. */
  readonly refused: readonly (readonly [Waiting, unknown])[];
  readonly taken: number;
}

/**
 * Creates a writer among others of a log in a database: entries get their places when they are written, behind whatever stands then. What waits is written
 * together; a group that lost the race to another writer is chained anew.
 */
export function createSharedLog(
  name: string,
  rows: AuditRows,
  options: {
    readonly start: AuditCheckpoint | null;
    readonly base: number;
    readonly prepare: EntryPreparation;
    /** `knownSeq` is the last entry that this writer knows to stand. */
    readonly read: (fromSeq: number, knownSeq: number) => AsyncIterable<AuditEntry>;
  },
): AuditLog {
  let head = options.start;
  let waiting: Waiting[] = [];
  let running: Promise<void> | null = null;
  let closing: Promise<void> | null = null;

  const writeGroup = async (): Promise<void> => {
    // What this writer knows may be old: before a conflict is told, and after a lost race, it looks.
    for (let isFresh = false; ; isFresh = true) {
      if (isFresh) head = notBefore(head, (await rows.last()) ?? options.start, name);
      const plan = planGroup(waiting, { name, head });
      if (!isFresh && plan.refused.some(([{ expectedSeq }]) => expectedSeq !== "any")) continue;
      if (plan.lines.length > 0 && !(await insert(plan))) continue;
      head = plan.head;
      waiting.splice(0, plan.taken);
      for (const [{ reject }, error] of plan.refused) reject(error);
      plan.settle();
      return;
    }
  };
  const insert = async (plan: Planned): Promise<boolean> => {
    try {
      return await rows.insert(plan.lines, { head, base: options.base });
    } catch (error) {
      // The connection may have been lost after the entries were written: their last hash says so, for it covers them all.
      const { seq = 0, hash } = plan.head ?? {};
      const standing = await rows.at(seq).catch(() => null);
      if (standing?.hash === hash) return true;
      throw error;
    }
  };
  const writeAll = async (): Promise<void> => {
    while (waiting.length > 0) {
      try {
        await writeGroup();
      } catch (error) {
        const all = waiting;
        waiting = [];
        for (const { reject } of all) reject(isTelemetryError(error) ? error : uncertain(name, error));
      }
    }
    running = null;
  };

  const append = (inputs: readonly AuditInput[], { expectedSeq }: AppendOptions): Promise<readonly AuditEntry[]> =>
    new Promise((resolve, reject) => {
      if (closing !== null) throw closed(name);
      waiting.push({ prepared: inputs.map(options.prepare), expectedSeq, resolve, reject });
      // One turn later, so that appends made in the same turn share the write.
      running ??= Promise.resolve().then(writeAll);
    });
  const close = (): Promise<void> => (closing ??= running ?? Promise.resolve());
  const read = (fromSeq = 1): AsyncIterable<AuditEntry> => options.read(requireSeq(fromSeq), head?.seq ?? 0);
  return { head: () => head, append, read, close, [Symbol.asyncDispose]: close };
}

/** Returns what stands last now; what this writer has seen must still stand. */
function notBefore(known: AuditCheckpoint | null, last: AuditCheckpoint | null, name: string): AuditCheckpoint | null {
  const isOlder = (last?.seq ?? 0) < (known?.seq ?? 0);
  if (isOlder || (last?.seq === known?.seq && last?.hash !== known?.hash)) throw corruptRow(name, String(known?.seq));
  return last;
}

function planGroup(waiting: readonly Waiting[], { name, head }: { readonly name: string; readonly head: AuditCheckpoint | null }): Planned {
  const lines: string[] = [];
  const refused: (readonly [Waiting, unknown])[] = [];
  const settled: (() => void)[] = [];
  let last = head;
  let taken = 0;
  let length = 0;
  for (const one of waiting) {
    if (length > maxCommitBytes) break;
    taken++;
    const { prepared, expectedSeq, resolve } = one;
    const seq = last?.seq ?? 0;
    if (expectedSeq !== "any" && expectedSeq !== seq) {
      refused.push([one, conflict(name, { expectedSeq, last: seq })]);
      continue;
    }
    try {
      const chain = encodeChain(prepared, last);
      last = chain.head;
      for (const line of chain.lines) {
        lines.push(line);
        length += line.length;
      }
      settled.push(() => {
        resolve(chain.entries);
      });
    } catch (error) {
      refused.push([one, error]);
    }
  }
  const settle = (): void => {
    for (const tell of settled) tell();
  };
  return { lines, head: last, settle, refused, taken };
}
