import type { Digest } from "@gov/schema/canonical";
import type { AuditArchive } from "../audit-report.ts";
import type { AuditEntry } from "../entry.ts";
import { decodeEntry } from "./entry-codec.ts";

interface Line {
  readonly bytes: Uint8Array;
  readonly entry: AuditEntry;
}

/**
 * Returns the lines of a merged log, each once and behind what it names, otherwise where they stand; none of those that its archives hold. A log without
 * branches that repeats nothing archived, and one with a line that is no entry, stays as it is: there a repeated or moved line is tampering, not merging.
 */
export function settleLines(bytes: Uint8Array, archives: readonly AuditArchive[] = []): Uint8Array {
  const lines = new Map<Digest, Line>();
  const archived = new Set<Digest>();
  const followers = new Map<Digest | null, Digest>();
  let isMerged = false;
  for (const part of [...archives, null])
    for (const line of splitLines(part?.bytes ?? bytes)) {
      const { entry, intact } = decodeEntry(Buffer.from(line).toString("utf8").replace(/\n$/, ""));
      if (entry === null || !intact) return bytes;
      if (entry.joins !== undefined || (followers.get(entry.prev) ?? entry.hash) !== entry.hash) isMerged = true;
      followers.set(entry.prev, entry.hash);
      if (part !== null) archived.add(entry.hash);
      // Only a merge, or archiving that nobody has finished, leaves in a log what was moved out of it.
      else if (archived.has(entry.hash)) isMerged = true;
      else if (!lines.has(entry.hash)) lines.set(entry.hash, { bytes: line, entry });
    }
  return isMerged ? Buffer.concat(inOrder(lines)) : bytes;
}

function inOrder(lines: ReadonlyMap<Digest, Line>): readonly Uint8Array[] {
  const written = new Set<Digest>();
  const ordered: Uint8Array[] = [];
  for (const start of lines.keys()) {
    // A stack of its own: a chain may be longer than calls can be deep.
    const waiting = [start];
    for (let hash = waiting.at(-1); hash !== undefined; hash = waiting.at(-1)) {
      const line = lines.get(hash);
      const missing =
        line === undefined || written.has(hash) ? [] : parentsOf(line.entry).filter((one) => lines.has(one) && !written.has(one));
      if (missing.length > 0) waiting.push(...missing);
      else {
        waiting.pop();
        if (line !== undefined && !written.has(hash)) ordered.push(line.bytes);
        written.add(hash);
      }
    }
  }
  return ordered;
}

function parentsOf({ prev, joins = [] }: AuditEntry): readonly Digest[] {
  return prev === null ? joins : [prev, ...joins];
}

/** The lines of a log with their line feeds. */
export function* splitLines(bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length;) {
    const feed = bytes.indexOf(10, start);
    const end = feed < 0 ? bytes.length : feed + 1;
    yield bytes.subarray(start, end);
    start = end;
  }
}
