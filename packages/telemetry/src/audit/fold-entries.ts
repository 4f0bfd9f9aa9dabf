import type { Finding, Result } from "@gov/schema";
import type { Digest } from "@gov/schema/canonical";
import type { TelemetryFindingCode } from "../finding-codes.ts";
import { parseTime } from "../timestamps.ts";
import type { AuditEntry } from "./entry.ts";

/**
 * Returns entries in the order in which state is folded from them: an entry after all it names, and of those that could be next the one with the smaller clock,
 * then the smaller hash. It depends on the entries alone, not on where a merge put their lines or whether it repeated them (docs/ordering.md).
 */
export function orderEntries(entries: readonly AuditEntry[]): readonly AuditEntry[] {
  const known = new Map(entries.map((entry) => [entry.hash, entry]));
  const waitingFor = new Map<Digest, number>();
  const followers = new Map<Digest, AuditEntry[]>();
  const ready = createQueue();
  for (const entry of known.values()) {
    const parents = [...new Set(entry.prev === null ? (entry.joins ?? []) : [entry.prev, ...(entry.joins ?? [])])].filter((hash) =>
      known.has(hash),
    );
    waitingFor.set(entry.hash, parents.length);
    for (const parent of parents) {
      const list = followers.get(parent);
      if (list === undefined) followers.set(parent, [entry]);
      else list.push(entry);
    }
    if (parents.length === 0) ready.add(entry);
  }
  const ordered: AuditEntry[] = [];
  for (let entry = ready.take(); entry !== undefined; entry = ready.take()) {
    ordered.push(entry);
    for (const follower of followers.get(entry.hash) ?? []) {
      const left = (waitingFor.get(follower.hash) ?? 0) - 1;
      waitingFor.set(follower.hash, left);
      if (left === 0) ready.add(follower);
    }
  }
  return ordered;
}

/** State folded from a log, and the entries that were not valid in it. */
export interface Folded<State> {
  readonly state: State;
  /** `TELEMETRY_AUDIT_ENTRY_INVALID` for each entry that changed nothing, such as a second transition from one state. */
  readonly findings: readonly Finding[];
}

/**
 * Folds state from entries in the order of {@link orderEntries}. An entry that the step refuses, as a second branch's transition from a state that is no more, is a
 * finding and changes nothing: every clone that has the same entries has the same state (TEL-07).
 */
export function foldEntries<State>(
  entries: readonly AuditEntry[],
  { initial, step }: { readonly initial: State; readonly step: (state: State, entry: AuditEntry) => Result<State> },
): Folded<State> {
  let state = initial;
  const findings: Finding[] = [];
  for (const entry of orderEntries(entries)) {
    const next = step(state, entry);
    if (next.ok) state = next.value;
    else {
      const reason = next.findings[0]?.message ?? "it is not possible in this state";
      findings.push({
        ...{
          code: "TELEMETRY_AUDIT_ENTRY_INVALID" satisfies TelemetryFindingCode,
          severity: "warning",
          path: null,
          line: null,
          column: null,
        },
        message: `Entry ${String(entry.seq)} (${entry.hash}) changes nothing: ${reason}`,
      });
    }
  }
  return { state, findings };
}

function clockOf({ lamport, time }: AuditEntry): number {
  return lamport?.counter ?? (parseTime(time) ?? 0) * 1024;
}

function isBefore(a: AuditEntry, b: AuditEntry): boolean {
  const difference = clockOf(a) - clockOf(b);
  return difference === 0 ? a.hash < b.hash : difference < 0;
}

/** A binary heap: what is taken is what comes before all others in it. */
function createQueue(): { readonly add: (entry: AuditEntry) => void; readonly take: () => AuditEntry | undefined } {
  const heap: AuditEntry[] = [];
  const at = (index: number): AuditEntry => heap[index] as AuditEntry;
  const swap = (a: number, b: number): void => {
    [heap[a], heap[b]] = [at(b), at(a)];
  };
  return {
    add: (entry) => {
      let index = heap.push(entry) - 1;
      for (let parent = (index - 1) >> 1; index > 0 && isBefore(at(index), at(parent)); parent = (index - 1) >> 1) {
        swap(index, parent);
        index = parent;
      }
    },
    take: () => {
      const first = heap[0];
      const last = heap.pop();
      if (last === undefined || heap.length === 0) return first;
      heap[0] = last;
      for (let index = 0; ;) {
        let least = index;
        for (const child of [2 * index + 1, 2 * index + 2]) if (child < heap.length && isBefore(at(child), at(least))) least = child;
        if (least === index) return first;
        swap(index, least);
        index = least;
      }
    },
  };
}
