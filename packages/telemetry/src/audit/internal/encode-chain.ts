import type { Digest } from "@gov/schema/canonical";
import type { AuditCheckpoint } from "../audit-report.ts";
import type { AuditEntry } from "../entry.ts";
import { encodeEntry, type PreparedEntry } from "./entry-codec.ts";

/** Entries of one append with their places in the chain, and their lines without line feed. */
export interface EncodedChain {
  readonly entries: readonly AuditEntry[];
  readonly lines: readonly string[];
  /** The last of them, or the head they follow when there is none. */
  readonly head: AuditCheckpoint | null;
}

/** Chains entries to a head. @throws RangeError when one is too long. */
export function encodeChain(prepared: readonly PreparedEntry[], head: AuditCheckpoint | null): EncodedChain {
  const entries: AuditEntry[] = [];
  const lines: string[] = [];
  let seq = head?.seq ?? 0;
  let prev: Digest | null = head?.hash ?? null;
  for (const one of prepared) {
    const { entry, line } = encodeEntry(one, { seq: ++seq, prev });
    prev = entry.hash;
    entries.push(entry);
    lines.push(line);
  }
  return { entries, lines, head: prev === null ? null : { seq, hash: prev } };
}
