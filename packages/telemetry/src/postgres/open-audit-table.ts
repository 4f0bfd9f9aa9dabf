import type { AuditLog } from "../audit/audit-log.ts";
import type { AuditCheckpoint } from "../audit/audit-report.ts";
import type { AuditEntry } from "../audit/entry.ts";
import { decodeEntry } from "../audit/internal/entry-codec.ts";
import { refusal } from "../audit/internal/refusal.ts";
import { createEntryPreparation } from "../audit/internal/redact-entry.ts";
import { TelemetryError } from "../errors.ts";
import type { Redactor } from "../redact/create-redactor.ts";
import { auditRows, type AuditRows, corruptRow } from "./internal/audit-rows.ts";
import { createSharedLog } from "./internal/shared-log.ts";
import type { PostgresClient } from "./postgres-client.ts";
import { verifyAuditTable } from "./verify-audit-table.ts";

/** Options of {@link openAuditTable}. */
export interface OpenAuditTableOptions {
  /** Which log of the table; one table holds many. */
  readonly log: string;
  /** What the log must at least hold; a log that does not is refused. */
  readonly checkpoint?: AuditCheckpoint | undefined;
  /** The entry before the first one here, where earlier ones were archived. */
  readonly base?: AuditCheckpoint | undefined;
  /** What an acknowledgement must survive: a power cut, which a server that runs with `fsync` off cannot promise, or the end of the server's process. @default "power" */
  readonly durability?: "power" | "process" | undefined;
  /** Goes over every payload before it is chained; secrets leave `actor` and `subject` too. @default `createRedactor()`, every detector */
  readonly redactor?: Redactor | undefined;
}

/**
 * Opens a chained log in PostgreSQL, in the table of `auditTableSql`. Other than in files, any number of writers may append to one log: each append is one
 * statement that stands only behind the entry it names, so entries of all writers are one chain, and who loses a race is told or chained anew. The line is
 * stored as text, byte for byte what is hashed (docs/formats/audit-postgres-v1.md). The client stays the caller's: closing the log does not end it.
 *
 * @throws {@link TelemetryError} `TELEMETRY_AUDIT_CORRUPT` when the log does not hold; `details.report` says what. `TELEMETRY_STORE_UNSUITABLE` when the server
 * cannot keep what is promised.
 */
export async function openAuditTable(client: PostgresClient, options: OpenAuditTableOptions): Promise<AuditLog> {
  const { log, checkpoint, base, durability = "power" } = options;
  if (log === "") throw new RangeError("Cannot open a log without a name: it tells the logs of a table apart");
  await checkServer(client, durability);
  const report = await verifyAuditTable(client, { log, checkpoint, base });
  if (!report.ok) throw refusal(log, { report, isTorn: false });
  const rows = auditRows(client, log);
  return createSharedLog(log, rows, {
    start: report.head ?? base ?? null,
    base: base?.seq ?? 0,
    prepare: createEntryPreparation(options.redactor),
    read: (fromSeq, knownSeq) => readFrom(rows, { log, fromSeq: Math.max(fromSeq, (base?.seq ?? 0) + 1), knownSeq }),
  });
}

async function checkServer(client: PostgresClient, durability: "power" | "process"): Promise<void> {
  const { rows } = await client.query("SELECT current_setting('server_encoding') AS encoding, current_setting('fsync') AS fsync", []);
  const { encoding, fsync } = rows[0] ?? {};
  if (encoding !== "UTF8") throw unsuitable(`its encoding is ${String(encoding)}`, "Create a database with the encoding UTF8");
  if (durability !== "process" && fsync !== "on")
    throw unsuitable("it runs with fsync off", `Turn fsync on, or say durability "process" where a power cut may lose entries`);
}

function unsuitable(reason: string, hint: string): TelemetryError {
  return new TelemetryError("TELEMETRY_STORE_UNSUITABLE", `Cannot keep a log in this database: ${reason}`, { hint });
}

async function* readFrom(
  rows: AuditRows,
  { log, fromSeq, knownSeq }: { readonly log: string; readonly fromSeq: number; readonly knownSeq: number },
): AsyncGenerator<AuditEntry> {
  let next = fromSeq;
  let prev: AuditEntry["prev"] | undefined;
  for await (const { text } of rows.blocks(fromSeq)) {
    for (const line of text.split("\n").slice(0, -1)) {
      const { entry, intact } = decodeEntry(line);
      // Verified when opened; what was changed since is never handed out, and what is missing never passed over.
      if (entry === null || !intact || entry.seq !== next || (prev !== undefined && entry.prev !== prev))
        throw corruptRow(log, String(next));
      next++;
      prev = entry.hash;
      yield entry;
    }
  }
  if (next <= knownSeq) throw corruptRow(log, String(next));
}
