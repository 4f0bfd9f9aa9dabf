import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isIndexError, type StoredEntry } from "@gov/index-writer";
import { openPostgresStore } from "@gov/index-writer/postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseAnswer, parseRequest, renderPlaced, renderRefused } from "../src/internal/nats/wire.ts";
import { embeddedDatabase, type TestDatabase } from "./databases.ts";
import { writeEntries } from "./golden-formats.ts";

// Written once by the release that introduced version 1, and never again: what was written then is read for ever.
const fixtures = join(import.meta.dirname, "fixtures");

interface Rows {
  readonly stream: { readonly epoch: number; readonly seq: number };
  readonly entries: readonly {
    readonly seq: number;
    readonly epoch: number;
    readonly id: string;
    readonly digest: string;
    readonly payload: string;
  }[];
}

describe("the record in PostgreSQL, version 1 (docs/formats/index-store-postgres-v1.md)", () => {
  const rows = JSON.parse(readFileSync(join(fixtures, "record-postgres-v1/rows.json"), "utf8")) as Rows;
  let database: TestDatabase;
  beforeAll(async () => void (database = await embeddedDatabase()), 120_000);
  afterAll(() => database.end());

  const insert = async (stream: string, { stream: head, entries }: Rows): Promise<void> => {
    await database.client.query("INSERT INTO gov_index_streams (stream, epoch, seq) VALUES ($1, $2, $3)", [stream, head.epoch, head.seq]);
    for (const { seq, epoch, id, digest, payload } of entries)
      await database.client.query(
        "INSERT INTO gov_index_entries (stream, seq, epoch, id, digest, payload) VALUES ($1, $2, $3, $4, $5, $6)",
        [stream, seq, epoch, id, digest, payload],
      );
  };
  const open = (stream: string) => openPostgresStore(database.client, { stream, durability: "process" });
  const entriesOf = async (stream: string): Promise<readonly StoredEntry[]> => {
    const store = await open(stream);
    const entries: StoredEntry[] = [];
    for await (const entry of store.read()) entries.push(entry);
    await store.close();
    return entries;
  };

  const commit = async (stream: string): Promise<void> => writeEntries(await open(stream));

  it("has the rows that it had (NFR-08)", async () => {
    await commit("written");
    const [head] = (await database.client.query("SELECT epoch, seq FROM gov_index_streams WHERE stream = $1", ["written"])).rows;
    const { rows: entries } = await database.client.query(
      "SELECT seq, epoch, id, digest, payload FROM gov_index_entries WHERE stream = $1 ORDER BY seq",
      ["written"],
    );
    expect({ stream: head, entries }).toEqual(rows);
  });

  it("is read as it was written once and for all, and goes on with the next epoch (NFR-08, NFR-06)", async () => {
    await insert("golden", rows);
    expect((await entriesOf("golden")).map(({ seq, epoch, id, payload }) => ({ seq, epoch, id, payload }))).toEqual([
      { seq: 1, epoch: 1, id: "report-1", payload: { verdict: "PASS" } },
      { seq: 2, epoch: 2, id: "Größe", payload: [null, 1.5, "\u2028"] },
      { seq: 3, epoch: 2, id: "report-2", payload: { op: "index_change", put: [], remove: ["a.md"] } },
    ]);
    const store = await open("golden");
    const { epoch, seq } = await store.acquire();
    expect([epoch, seq]).toEqual([3, 3]);
    const known = { id: "report-1", payload: { verdict: "PASS" } };
    expect(await store.commit({ epoch, expectedSeq: seq, entries: [known] })).toEqual([{ seq: 1, duplicate: true }]);
    await store.close();
  });

  it("is refused with a payload or a digest altered, or an entry missing", async () => {
    const [first, ...others] = rows.entries;
    if (first === undefined) throw new Error("No golden row");
    const altered = {
      payload: [{ ...first, payload: first.payload.replace("PASS", "FAIL") }, ...others],
      digest: [{ ...first, digest: first.digest.replace(/.$/, (digit) => (digit === "0" ? "1" : "0")) }, ...others],
      missing: others,
    };
    for (const [name, entries] of Object.entries(altered)) {
      await insert(name, { ...rows, entries });
      await expect(entriesOf(name), name).rejects.toMatchObject({ code: "INDEX_CORRUPT" });
    }
  });
});

describe("entries over NATS, version 1 (docs/formats/index-store-nats-v1.md)", () => {
  const bytesOf = (name: string): Uint8Array => new Uint8Array(readFileSync(join(fixtures, "nats-v1", name)));
  const textOf = (name: string): string => Buffer.from(bytesOf(name)).toString("utf8");

  it("reads a request and both answers as they were written once and for all (NFR-08)", () => {
    expect(parseRequest(bytesOf("request.json"))).toEqual({
      id: "report-1",
      payload: { verdict: "PASS", größe: [null, 1.5] },
      reply: "_INBOX.gov.k3x9q1.1",
    });
    expect(parseAnswer(bytesOf("placed.json"))).toEqual({ seq: 7, duplicate: false });
    const refused = parseAnswer(bytesOf("refused.json"));
    expect(isIndexError(refused) && [refused.code, refused.details]).toEqual(["INDEX_ID_CONFLICT", { id: "report-1", seq: 1 }]);
    expect(renderPlaced({ seq: 7, duplicate: false })).toBe(textOf("placed.json"));
    const message = 'Cannot commit "report-1": it stands as entry 1 with other content';
    expect(renderRefused("INDEX_ID_CONFLICT", message, { id: "report-1", seq: 1 })).toBe(textOf("refused.json"));
  });

  it("takes nothing for a request or an answer that is none any more", () => {
    const request = textOf("request.json");
    const broken = [
      request.slice(1),
      request.replace('"id"', '"ie"'),
      request.replace('"payload"', '"paylo`d"'),
      request.replace('"reply"', '"reply "'),
      request.replace("_INBOX", "$JS"),
    ];
    for (const text of broken) expect([text, parseRequest(Buffer.from(text))]).toEqual([text, null]);
    const placed = textOf("placed.json");
    for (const text of [placed.slice(1), placed.replace('"seq"', '"sep"'), placed.replace("false", "0")])
      expect([text, parseAnswer(Buffer.from(text))]).toEqual([text, null]);
  });
});
