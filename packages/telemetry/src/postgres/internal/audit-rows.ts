import { TelemetryError } from "../../errors.ts";
import type { AuditCheckpoint } from "../../audit/audit-report.ts";
import type { AuditEntry } from "../../audit/entry.ts";
import { decodeEntry } from "../../audit/internal/entry-codec.ts";
import { nodeNextTurn } from "../node-next-turn.ts";
import type { PostgresClient } from "../postgres-client.ts";

/** The rows of one log. */
export interface AuditRows {
  /** Returns the last entry, or null. @throws {@link TelemetryError} `TELEMETRY_AUDIT_CORRUPT` when its row does not hold. */
  readonly last: () => Promise<AuditCheckpoint | null>;
  /** Returns the entry at a place, or null. */
  readonly at: (seq: number) => Promise<AuditEntry | null>;
  /**
   * Inserts lines behind a head, all or none, and returns whether that happened: it does not when the head is no longer the last entry.
   * Resolves once they survive a power cut, also where the session commits asynchronously.
   */
  readonly insert: (
    lines: readonly string[],
    options: { readonly head: AuditCheckpoint | null; readonly base: number },
  ) => Promise<boolean>;
  /** Yields the lines from a place on, some at a time: with a line feed each, and what their rows say of their places. */
  readonly blocks: (fromSeq: number) => AsyncIterable<AuditBlock>;
  /** Returns the first place from this one on that has no row of its own, or one with more than an entry. */
  readonly firstGap: (from: number) => Promise<number>;
}

/** Lines of rows that follow each other. */
interface AuditBlock {
  readonly text: string;
  readonly count: number;
  readonly first: number;
  readonly last: number;
}

/** Rows that one query asks for, and how many of them the server puts into one text: a longer one costs it more for each byte. */
const pageSize = 4_000;
const blockSize = 100;

// Every number comes as a text: clients differ in what they make of one, and by a count the writer tells whether it has written.
const insertSql = `WITH written AS (
  INSERT INTO gov_audit_entries (log, seq, line)
  SELECT $1, $2::bigint + given.place, given.line
  FROM unnest($3::text[]) WITH ORDINALITY AS given (line, place)
  WHERE ($2::bigint = $5::bigint OR EXISTS (SELECT FROM gov_audit_entries WHERE log = $1 AND seq = $2::bigint AND strpos(line, $4) > 0))
    AND (current_setting('synchronous_commit') <> 'off' OR set_config('synchronous_commit', 'on', true) IS NOT NULL)
  RETURNING 1
) SELECT count(*)::text AS count FROM written`;

/** Ranges of numbers, not a limit: whatever the planner knows of the table, each is a scan of the primary key. `next` is where rows go on. */
const pageSql = `SELECT block.*, (SELECT min(seq)::text FROM gov_audit_entries WHERE log = $1 AND seq >= $2::bigint + ${String(pageSize)}) AS next
  FROM generate_series($2::bigint, $2::bigint + ${String(pageSize - 1)}, ${String(blockSize)}) AS range (start),
  LATERAL (
    SELECT string_agg(line, E'\\n' ORDER BY seq) AS text, count(*)::text AS count, min(seq)::text AS first, max(seq)::text AS last
    FROM gov_audit_entries WHERE log = $1 AND seq >= range.start AND seq < range.start + ${String(blockSize)}
  ) AS block
  ORDER BY range.start`;

const gapSql = `SELECT min(place)::text AS place
  FROM (SELECT seq, line, $2::bigint - 1 + row_number() OVER (ORDER BY seq) AS place FROM gov_audit_entries WHERE log = $1) AS row
  WHERE seq <> place OR strpos(line, E'\\n') > 0`;

/** Gives access to the rows of one log. */
export function auditRows(client: PostgresClient, log: string): AuditRows {
  const entryOf = (rows: readonly Readonly<Record<string, unknown>>[]): AuditEntry | null => {
    const [row] = rows;
    if (row === undefined) return null;
    const { entry, intact } = decodeEntry(String(row["line"]));
    if (entry === null || !intact || String(row["seq"]) !== String(entry.seq)) throw corruptRow(log, String(row["seq"]));
    return entry;
  };
  const at = async (seq: number): Promise<AuditEntry | null> =>
    entryOf((await client.query("SELECT seq::text AS seq, line FROM gov_audit_entries WHERE log = $1 AND seq = $2", [log, seq])).rows);
  return {
    at,
    last: async () => {
      const sql = "SELECT seq::text AS seq, line FROM gov_audit_entries WHERE log = $1 ORDER BY gov_audit_entries.seq DESC LIMIT 1";
      const entry = entryOf((await client.query(sql, [log])).rows);
      return entry === null ? null : { seq: entry.seq, hash: entry.hash };
    },
    insert: async (lines, { head, base }) => {
      const seq = head?.seq ?? 0;
      try {
        const { rows } = await client.query(insertSql, [log, seq, lines, `"hash":"${head?.hash ?? ""}"`, base]);
        return Number(rows[0]?.["count"]) === lines.length;
      } catch (error) {
        // unique_violation (SQLSTATE): another writer's entry stands at the first place.
        if ((error as { readonly code?: unknown }).code === "23505") return false;
        throw error;
      }
    },
    blocks: (fromSeq) => blocksOf(client, { log, fromSeq }),
    firstGap: async (from) => {
      const { rows } = await client.query(gapSql, [log, from]);
      return Number(rows[0]?.["place"] ?? from);
    },
  };
}

async function* blocksOf(
  client: PostgresClient,
  { log, fromSeq }: { readonly log: string; readonly fromSeq: number },
): AsyncGenerator<AuditBlock> {
  const { rows } = await client.query("SELECT min(seq)::text AS next FROM gov_audit_entries WHERE log = $1 AND seq >= $2", [log, fromSeq]);
  const ask = (next: unknown): Promise<Page> | null => {
    const asked = typeof next === "string" ? askPage(client, { log, from: next }) : null;
    // It may fail while the page before is used, and whoever stops there is not told: only who goes on is.
    asked?.catch(() => undefined);
    return asked;
  };
  for (let asked = ask(rows[0]?.["next"]); asked !== null;) {
    const { blocks, next } = await asked;
    // Asked for before these are used, so that the server is at work meanwhile.
    asked = ask(next);
    // One turn later the question is on its way.
    if (asked !== null) await nodeNextTurn();
    yield* blocks;
  }
}

interface Page {
  readonly blocks: readonly AuditBlock[];
  /** Number of the first row behind the page, as the same look saw it. */
  readonly next: unknown;
}

async function askPage(client: PostgresClient, { log, from }: { readonly log: string; readonly from: string }): Promise<Page> {
  const { rows } = await client.query(pageSql, [log, from]);
  const blocks = rows.flatMap(({ text, count, first, last }) =>
    typeof text === "string" ? [{ text: `${text}\n`, count: Number(count), first: Number(first), last: Number(last) }] : [],
  );
  return { blocks, next: rows[0]?.["next"] };
}

/** The error for a row that was changed. */
export function corruptRow(log: string, seq: string): TelemetryError {
  return new TelemetryError("TELEMETRY_AUDIT_CORRUPT", `Cannot use the log "${log}": the row of entry ${seq} does not hold`, {
    details: { log, seq },
    hint: "Verify the log, and compare with a backup",
  });
}
