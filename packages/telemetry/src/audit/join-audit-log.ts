import { nodeFileSystem, replaceFile } from "@gov/atomic-io";
import { acquireLock } from "@gov/atomic-io/lock";
import type { AuditEntry, AuditInput } from "./entry.ts";
import { encodeEntry } from "./internal/entry-codec.ts";
import { orLetGo } from "./internal/or-let-go.ts";
import { readArchives } from "./internal/read-archives.ts";
import { readWholeFile } from "./internal/read-whole-file.ts";
import type { OpenAuditLogOptions } from "./open-audit-log.ts";
import { createEntryPreparation } from "./internal/redact-entry.ts";
import { planAuditJoin } from "./plan-audit-join.ts";

/** What a join entry says: who joined, when, and anything else; its kind is `JOIN` where none is given. */
export type JoinInput = Omit<AuditInput, "joins" | "kind" | "payload" | "subject"> &
  Partial<Pick<AuditInput, "kind" | "payload" | "subject">>;

/**
 * Appends the entry that joins the ends of merged branches: its `prev` is the end that stands first in the file, `joins` are the others. Returns null when
 * there is one end already. Where branches had been merged both ways, a union merge repeats lines and puts some before what they name: there, and only there,
 * repeats are dropped, those of archived entries too, and lines moved behind what they name. Takes the lock; everything else about the log must hold. The file
 * is replaced as a whole, so it is joined or as it was.
 *
 * @throws {@link TelemetryError} `TELEMETRY_AUDIT_CORRUPT` when the log has a flaw beside the fork.
 * @throws AtomicIoError `ATOMIC_IO_LOCK_HELD` when a writer keeps the lock.
 */
export async function joinAuditLog(
  path: string,
  input: JoinInput,
  options: Omit<OpenAuditLogOptions, "tornTail"> = {},
): Promise<AuditEntry | null> {
  const { fs = nodeFileSystem, checkpoint, base, archiveDirectory } = options;
  const lock = options.lock ?? ((logPath: string) => acquireLock(`${logPath}.lock`, { fs, timeoutMs: 10_000 }));
  const { release } = await lock(path);
  const joined = await orLetGo(release, async () => {
    const bytes = (await readWholeFile(path, fs)) ?? new Uint8Array();
    const archives = await readArchives(path, { fs, archiveDirectory });
    const { lines, heads } = planAuditJoin(bytes, { checkpoint, base, archives, path });
    const [first, ...others] = heads;
    if (first === undefined || others.length === 0) {
      if (Buffer.compare(lines, bytes) !== 0) await replaceFile(path, lines, { fs });
      return null;
    }
    const { kind = "JOIN", payload = null, subject = path.split(/[\\/]/).at(-1) ?? path } = input;
    const joins = others.map(({ hash }) => hash);
    const prepare = createEntryPreparation(options.redactor);
    const { entry, line } = encodeEntry(prepare({ ...input, kind, payload, subject, joins }), { seq: first.seq + 1, prev: first.hash });
    await replaceFile(path, Buffer.concat([lines, Buffer.from(`${line}\n`, "utf8")]), { fs });
    return entry;
  });
  await release();
  return joined;
}
