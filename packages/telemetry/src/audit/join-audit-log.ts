import { nodeFileSystem, replaceFile } from "@gov/atomic-io";
import { acquireLock } from "@gov/atomic-io/lock";
import type { AuditEntry, AuditInput } from "./entry.ts";
import { encodeEntry } from "./internal/entry-codec.ts";
import { readWholeFile } from "./internal/read-whole-file.ts";
import { refusal } from "./internal/refusal.ts";
import { scanLog } from "./internal/scan-log.ts";
import type { OpenAuditLogOptions } from "./open-audit-log.ts";

/** What a join entry says: who joined, when, and anything else; its kind is `JOIN` where none is given. */
export type JoinInput = Omit<AuditInput, "joins" | "kind" | "payload" | "subject"> &
  Partial<Pick<AuditInput, "kind" | "payload" | "subject">>;

/**
 * Appends the entry that joins the ends of merged branches: its `prev` is the end that stands first in the file, `joins` are the others. Returns null when
 * there is one end already. Where branches had been merged both ways, a union merge repeats lines: repeats are dropped, in a log that has branches and
 * nowhere else. Takes the lock; everything else about the log must hold. The file is replaced as a whole, so it is joined or as it was.
 *
 * @throws {@link TelemetryError} `TELEMETRY_AUDIT_CORRUPT` when the log has a flaw beside the fork.
 * @throws AtomicIoError `ATOMIC_IO_LOCK_HELD` when a writer keeps the lock.
 */
export async function joinAuditLog(
  path: string,
  input: JoinInput,
  options: Omit<OpenAuditLogOptions, "tornTail"> = {},
): Promise<AuditEntry | null> {
  const { fs = nodeFileSystem, checkpoint, base } = options;
  const lock = options.lock ?? ((logPath: string) => acquireLock(`${logPath}.lock`, { fs, timeoutMs: 10_000 }));
  const { release } = await lock(path);
  try {
    const bytes = (await readWholeFile(path, fs)) ?? new Uint8Array();
    const lines = withoutRepeats(bytes);
    const entries: AuditEntry[] = [];
    const { report } = scanLog(lines, { checkpoint, base, path }, (entry) => entries.push(entry()));
    const [first, ...others] = report.heads;
    const isBranched = others.length > 0 || entries.some(({ joins }) => joins !== undefined);
    if (report.findings.some(({ code }) => code !== "TELEMETRY_AUDIT_FORK_UNJOINED") || (lines.length < bytes.length && !isBranched))
      throw refusal(path, { report: isBranched ? report : scanLog(bytes, { path }, () => undefined).report, isTorn: false });
    if (first === undefined || others.length === 0) {
      if (lines.length < bytes.length) await replaceFile(path, lines, { fs });
      return null;
    }
    const { kind = "JOIN", payload = null, subject = path.split(/[\\/]/).at(-1) ?? path } = input;
    const joins = others.map(({ hash }) => hash);
    const { entry, line } = encodeEntry({ ...input, kind, payload, subject, joins }, { seq: first.seq + 1, prev: first.hash });
    await replaceFile(path, Buffer.concat([lines, Buffer.from(`${line}\n`, "utf8")]), { fs });
    return entry;
  } finally {
    await release();
  }
}

/** Returns the lines of a log, each where it stands first. */
function withoutRepeats(bytes: Uint8Array): Uint8Array {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const seen = new Set<string>();
  const kept: Uint8Array[] = [];
  for (let start = 0; start < buffer.length;) {
    const feed = buffer.indexOf(10, start);
    const end = feed < 0 ? buffer.length : feed + 1;
    const line = buffer.toString("latin1", start, end);
    if (!seen.has(line)) kept.push(buffer.subarray(start, end));
    seen.add(line);
    start = end;
  }
  return Buffer.concat(kept);
}
