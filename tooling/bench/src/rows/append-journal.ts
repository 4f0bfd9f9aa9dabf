import { mkdir } from "node:fs/promises";
import { closeSync, fdatasync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { openJournal } from "@gov/atomic-io/journal";
import { acquireLease } from "@gov/atomic-io/lock";
import type { Contender } from "../interleave.ts";
import type { PreparedRow, Row, RowContext } from "../row.ts";
import { below } from "../seeded-random.ts";

const recordBytes = 300;

/** Records of 300 bytes in a journal, one after the other and sixty-four at once. */
export const appendJournalRows: readonly Row[] = [
  { id: "append-journal-single", title: "append one record of 300 bytes, one call at a time", prepare: prepareSingle },
  { id: "append-journal-64", title: "append 64 records of 300 bytes at once, per record", prepare: prepareMany },
  {
    id: "append-journal-commit",
    title: "one commit: what checksums, chain, fence and lease add to write and fdatasync",
    prepare: prepareCommit,
  },
];

const subject = "@gov/atomic-io journal";
const sqliteNote =
  "SQLite is the one that Node brings (node:sqlite), in WAL mode with synchronous=FULL: the engine that better-sqlite3 embeds, called as directly, without its native build.";

async function prepareSingle(context: RowContext): Promise<PreparedRow> {
  const calls = 20;
  const record = recordOf(context);
  const journal = await openJournal(join(context.scratch, "journal"));
  const sqlite = await openSqlite(context);
  const each = async (append: () => unknown): Promise<void> => {
    for (let call = 0; call < calls; call++) await append();
  };
  return {
    subject,
    contenders: [
      { name: subject, run: () => each(() => journal.append([record])), operations: calls },
      await floor(context, calls),
      { name: "SQLite insert", run: () => each(() => sqlite.insert([record])), operations: calls },
      { name: "SQLite upsert of a random key", run: () => each(() => sqlite.upsert([record])), operations: calls },
    ],
    rounds: context.quick ? 5 : 40,
    warmups: 3,
    notes: [
      sqliteNote,
      "The line by hand writes the same bytes into space taken before and syncs them with fdatasync: the floor of any log.",
    ],
  };
}

async function prepareMany(context: RowContext): Promise<PreparedRow> {
  const width = 64;
  const record = recordOf(context);
  const records = Array.from({ length: width }, () => record);
  const journal = await openJournal(join(context.scratch, "journal"));
  const one = await openJournal(join(context.scratch, "one"));
  const sqlite = await openSqlite(context);
  const few = 8;
  // A burst is over in a third of a millisecond: one alone would measure what V8 has not compiled yet.
  const bursts = 20;
  const eachBurst = (append: () => void | Promise<unknown>) => async (): Promise<void> => {
    for (let burst = 0; burst < bursts; burst++) await append();
  };
  return {
    subject,
    contenders: [
      {
        name: subject,
        run: eachBurst(() => Promise.all(records.map((each) => journal.append([each])))),
        operations: width * bursts,
      },
      {
        name: `${subject}, one by one`,
        run: async () => {
          for (let call = 0; call < few; call++) await one.append([record]);
        },
        operations: few,
      },
      { name: "SQLite, 64 inserts in one transaction", run: eachBurst(() => sqlite.insert(records)), operations: width * bursts },
      {
        name: "SQLite, 64 upserts of random keys in one transaction",
        run: eachBurst(() => sqlite.upsert(records)),
        operations: width * bursts,
      },
    ],
    rounds: context.quick ? 5 : 60,
    warmups: 3,
    notes: [
      sqliteNote,
      `Each run is ${bursts} bursts, one after the other; a burst waits until all of it is on the disk.`,
      "Ours are 64 callers who do not know of each other and share a commit; the transactions of SQLite are made by one who knows all rows.",
    ],
  };
}

async function prepareCommit(context: RowContext): Promise<PreparedRow> {
  const calls = 20;
  const record = recordOf(context);
  const journal = await openJournal(join(context.scratch, "journal"), { preallocateBytes: 1_048_576 });
  const lease = await acquireLease(join(context.scratch, "lease"));
  const leased = await openJournal(join(context.scratch, "leased"), { lease, preallocateBytes: 1_048_576 });
  const appendTo = (one: typeof journal) => async (): Promise<void> => {
    for (let call = 0; call < calls; call++) await one.append([record]);
  };
  return {
    subject,
    contenders: [
      { name: subject, run: appendTo(journal), operations: calls },
      { name: `${subject} under a lease`, run: appendTo(leased), operations: calls },
      await floor(context, calls),
    ],
    rounds: context.quick ? 5 : 60,
    warmups: 3,
    notes: ["All take their space in steps of 1 MiB, so that what differs is the work of a commit."],
  };
}

/** Writes a frame's bytes by hand into space taken before, and syncs them. */
async function floor({ scratch }: RowContext, calls: number): Promise<Contender> {
  await mkdir(scratch, { recursive: true });
  const file = openSync(join(scratch, "by-hand"), "w");
  const bytes = Buffer.alloc(368, 1);
  const room = 64 * 1024 * 1024;
  const step = 1_048_576;
  let offset = 0;
  const sync = (): Promise<void> =>
    new Promise((resolve, reject) => fdatasync(file, (error) => (error === null ? resolve() : reject(error))));
  process.once("exit", () => closeSync(file));
  return {
    name: "write and fdatasync by hand, space taken before",
    operations: calls,
    run: async () => {
      for (let call = 0; call < calls; call++) {
        if (offset % step < bytes.byteLength)
          writeSync(file, Buffer.alloc(step), 0, step, Math.floor(offset / step) * step + bytes.byteLength);
        writeSync(file, bytes, 0, bytes.byteLength, offset);
        await sync();
        offset = (offset + bytes.byteLength) % room;
      }
    },
  };
}

interface Sqlite {
  readonly insert: (records: readonly Buffer[]) => void;
  readonly upsert: (records: readonly Buffer[]) => void;
}

/** What is used of Node's own SQLite, whose types those of the oldest supported Node do not have. */
interface NodeSqlite {
  readonly DatabaseSync: new (path: string) => {
    readonly exec: (sql: string) => void;
    readonly prepare: (sql: string) => { readonly run: (...values: readonly unknown[]) => unknown };
  };
}

async function openSqlite({ scratch, random, quick }: RowContext): Promise<Sqlite> {
  const name: string = "node:sqlite";
  const { DatabaseSync } = (await import(name)) as NodeSqlite;
  const database = new DatabaseSync(join(scratch, "records.sqlite"));
  database.exec("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL");
  database.exec("CREATE TABLE log (seq INTEGER PRIMARY KEY, data BLOB); CREATE TABLE entries (id TEXT PRIMARY KEY, data BLOB)");
  const insert = database.prepare("INSERT INTO log (data) VALUES (?)");
  const upsert = database.prepare("INSERT INTO entries VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET data = excluded.data");
  const keys = quick ? 1_000 : 100_000;
  const within = (work: () => void): void => {
    database.exec("BEGIN");
    work();
    database.exec("COMMIT");
  };
  within(() => {
    for (let key = 0; key < keys; key++) upsert.run(`artifact-${key}`, Buffer.alloc(recordBytes));
  });
  return {
    insert: (records) => within(() => records.forEach((record) => void insert.run(record))),
    upsert: (records) => within(() => records.forEach((record) => void upsert.run(`artifact-${below(random, keys)}`, record))),
  };
}

function recordOf({ random }: RowContext): Buffer {
  return Buffer.from(Array.from({ length: recordBytes }, () => below(random, 256)));
}
