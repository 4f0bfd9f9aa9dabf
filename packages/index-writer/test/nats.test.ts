import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { connect, headers, type NatsConnection } from "@nats-io/transport-node";
import {
  type CommittedEntry,
  type IndexStore,
  openFileStore,
  openStoreWriter,
  type StoredEntry,
  type StoreWriter,
} from "@gov/index-writer";
import { type NatsConnection as Connection, openNatsClient, serveStore } from "@gov/index-writer/nats";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { available } from "./required.ts";
import { type KillableServer, natsServer } from "./servers.ts";

async function all(store: IndexStore): Promise<readonly StoredEntry[]> {
  const entries: StoredEntry[] = [];
  for await (const entry of store.read()) entries.push(entry);
  return entries;
}

describe.runIf(available("nats", ["nats-server", "--version"]))("serveStore() and openNatsClient()", () => {
  let server: KillableServer;
  let connection: NatsConnection;
  let directory: string;
  let store: IndexStore;
  let writer: StoreWriter;
  let streams = 0;
  let names = { stream: "", subject: "" };
  beforeAll(async () => {
    server = await natsServer();
    connection = await connect({ servers: `127.0.0.1:${server.port}`, maxReconnectAttempts: -1, reconnectTimeWait: 50 });
  }, 120_000);
  afterAll(async () => {
    await connection.close();
    await server.end();
  });
  beforeEach(async () => {
    streams += 1;
    names = { stream: `GOV_${streams}`, subject: `gov.test.${streams}` };
    directory = mkdtempSync(join(tmpdir(), "gov-nats-record-"));
    store = await openFileStore(directory);
    writer = openStoreWriter(store);
  });
  afterEach(async () => {
    await writer.close();
    await store.close();
    rmSync(directory, { recursive: true });
  });

  it("refuses at once what the server of NATS does not take, and takes what just fits, with headers or without (IDX-10)", async () => {
    const service = await serveStore(connection, writer, { ...names, checkMs: 100 });
    const most = connection.info?.max_payload ?? 0;
    expect(most).toBeGreaterThan(0);
    const client = openNatsClient(connection, { ...names, headers });
    const begun = performance.now();
    const refused = { code: "INDEX_TOO_LARGE", details: { id: "large", maxBytes: most } };
    await expect(client.append("large", "x".repeat(most))).rejects.toMatchObject(refused);
    await expect(client.append("large", "\u00e4".repeat(most / 2))).rejects.toMatchObject(refused);
    expect(performance.now() - begun).toBeLessThan(5_000);
    let length = most;
    for (let taken = false; !taken; length -= 16)
      taken = await client.append("fits", "x".repeat(length)).then(
        () => true,
        () => false,
      );
    expect((await all(store)).map(({ id }) => id)).toEqual(["fits"]);
    for (const each of [client, service]) await each.close();
  });

  it("tells at once that the stream takes no message of its size, instead of trying until nothing is certain (IDX-10)", async () => {
    const config = { name: names.stream, subjects: [names.subject], retention: "workqueue", storage: "file", max_msg_size: 1_000 };
    await connection.request(`$JS.API.STREAM.CREATE.${names.stream}`, JSON.stringify(config), { timeout: 2_000 });
    const service = await serveStore(connection, writer, { ...names, checkMs: 100 });
    const client = openNatsClient(connection, names);
    const refused = { code: "INDEX_TOO_LARGE", details: { id: "large" }, hint: expect.stringContaining("max_msg_size") as string };
    await expect(client.append("large", "x".repeat(2_000))).rejects.toMatchObject(refused);
    expect(await client.append("small", "x")).toEqual({ seq: 1, duplicate: false });
    for (const each of [client, service]) await each.close();
  });

  it("refuses times and numbers that are none", async () => {
    for (const attemptMs of [0, -1, NaN]) expect(() => openNatsClient(connection, { ...names, attemptMs })).toThrow(RangeError);
    for (const timeoutMs of [-1, NaN]) expect(() => openNatsClient(connection, { ...names, timeoutMs })).toThrow(RangeError);
    expect(() => openNatsClient(connection, { ...names, backoff: { maxMs: NaN } })).toThrow(RangeError);
    for (const options of [{ checkMs: NaN }, { checkMs: 0 }, { maxInFlight: NaN }, { maxInFlight: 0 }])
      await expect(serveStore(connection, writer, { ...names, ...options })).rejects.toThrow(RangeError);
  });

  it("acknowledges only what the record has, once, also when NATS drops and repeats (IDX-10, NFR-05, B-29)", async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const slow: StoreWriter = { ...methodsOf(writer), append: async (id, payload) => (await held, writer.append(id, payload)) };
    const service = await serveStore(connection, slow, { ...names, checkMs: 100 });
    const client = openNatsClient(connection, { ...names, attemptMs: 100, headers });
    let acknowledged: CommittedEntry | null = null;
    const appending = client.append("a", { text: "é" }).then((placed) => (acknowledged = placed));
    // Several attempts are on their way by now, and NATS has taken each of them.
    await setTimeout(500);
    expect([acknowledged, await store.lastSeq()]).toEqual([null, 0]);
    release();
    expect((await appending).seq).toBe(1);
    expect(await client.append("a", { text: "é" })).toEqual({ seq: 1, duplicate: true });
    await expect(client.append("a", "other")).rejects.toMatchObject({ code: "INDEX_ID_CONFLICT", details: { seq: 1 } });
    await expect(client.append("", "x")).rejects.toThrow(RangeError);
    expect((await all(store)).map(({ id, payload }) => [id, payload])).toEqual([["a", { text: "é" }]]);
    await client.close();
    await expect(client.append("b", 1)).rejects.toMatchObject({ code: "INDEX_CLOSED" });
    await service.close();
  });

  it("shares the stream between services, and survives messages that are no entries", async () => {
    const observed: string[] = [];
    const observer = { event: (name: string) => void observed.push(name) };
    const services = [
      await serveStore(connection, writer, { ...names, observer }),
      await serveStore(connection, writer, { ...names, observer }),
    ];
    for (const text of ["", "{", "[]", '{"id":1}', JSON.stringify({ id: "bad\n", payload: 1, reply: "_INBOX.nobody" })])
      connection.publish(names.subject, text);
    const client = openNatsClient(connection, names);
    const placed = await Promise.all(Array.from({ length: 500 }, (_, number) => client.append(`id-${number}`, number)));
    expect(placed.map(({ seq }) => seq).sort((a, b) => a - b)).toEqual(Array.from({ length: 500 }, (_, at) => at + 1));
    expect(observed.filter((name) => name === "nats.refused")).toHaveLength(5);
    for (const each of [client, ...services]) await each.close();
    expect(services.map((each) => each.inFlight())).toEqual([0, 0]);
  });

  it("refuses once and for all a payload that JSON can write and no record can take (IDX-11)", async () => {
    const reasons: unknown[] = [];
    const observer = { event: (name: string, { reason }: Readonly<Record<string, unknown>>) => void reasons.push([name, reason]) };
    const service = await serveStore(connection, writer, { ...names, observer });
    await connection.request(names.subject, '{"id":"half","payload":"\\ud800","reply":"_INBOX.half"}', { timeout: 2_000 });
    while (reasons.length === 0) await setTimeout(5);
    expect(reasons).toEqual([["nats.refused", expect.stringContaining("lone surrogate")]]);
    await service.close();
  });

  it("answers to an inbox only: who may publish entries cannot have it speak to JetStream or to others", async () => {
    const refused: unknown[] = [];
    const observer = { event: (name: string, detail: unknown) => void refused.push([name, detail]) };
    const service = await serveStore(connection, writer, { ...names, observer });
    const heard: string[] = [];
    const victim = connection.subscribe("gov.victim.>", { callback: (_, message) => void heard.push(message.subject) });
    const replies = [
      "gov.victim.a",
      `$JS.API.STREAM.DELETE.${names.stream}`,
      "_INBOX",
      "_INBOX.>",
      "_INBOX.a b",
      "_INBOX.a\r\nPUB gov.victim.b 0\r\n",
    ];
    for (const reply of replies) connection.publish(names.subject, JSON.stringify({ id: "a", payload: 1, reply }));
    while (refused.length < replies.length) await setTimeout(5);
    const client = openNatsClient(connection, names);
    expect(await client.append("b", 1)).toEqual({ seq: 1, duplicate: false });
    expect([refused.length, heard, await store.lastSeq()]).toEqual([replies.length, [], 1]);
    victim.unsubscribe();
    await client.close();
    await service.close();
  });

  it("gives up a record that nobody serves as uncertain, and hands an entry back to the stream when the record is down", async () => {
    const alone = openNatsClient(connection, { subject: "gov.nobody", timeoutMs: 300, attemptMs: 50, backoff: { maxMs: 20 } });
    await expect(alone.append("a", 1)).rejects.toMatchObject({ code: "INDEX_COMMIT_UNCERTAIN" });
    await alone.close();
    let failures = 2;
    const failing: StoreWriter = {
      ...methodsOf(writer),
      append: async (id, payload) => {
        if (failures-- > 0) throw new Error("the record is down");
        return writer.append(id, payload);
      },
    };
    const service = await serveStore(connection, failing, names);
    const client = openNatsClient(connection, { ...names, attemptMs: 20_000 });
    expect(await client.append("a", 1)).toEqual({ seq: 1, duplicate: false });
    await client.close();
    await service.close();
  });

  it("loses nothing acknowledged when NATS is killed and its store deleted (NFR-03, NFR-06)", async () => {
    const service = await serveStore(connection, writer, { ...names, checkMs: 100 });
    const client = openNatsClient(connection, { ...names, attemptMs: 300, timeoutMs: 100_000, backoff: { initialMs: 20, maxMs: 200 } });
    const placed = new Map<string, number>();
    let next = 0;
    const total = 2_000;
    const producer = async (): Promise<void> => {
      while (next < total) {
        const id = `id-${next++}`;
        placed.set(id, (await client.append(id, { id })).seq);
      }
    };
    const running = Promise.all(Array.from({ length: 32 }, producer));
    for (const at of [500, 1_200]) {
      while (placed.size < at) await setTimeout(5);
      await server.kill();
      await server.restart({ fresh: true });
    }
    await running;
    await client.close();
    await service.close();
    await writer.close();
    const entries = await all(store);
    expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: total }, (_, at) => at + 1));
    expect(new Map(entries.map(({ id, seq }) => [id, seq]))).toEqual(new Map([...placed].sort(([, a], [, b]) => a - b)));
  });

  it("takes a connection of the client library as it is", () => {
    const structural: Connection = connection;
    expect(structural).toBe(connection);
  });
});

describe("serveStore() and openNatsClient() on a connection that takes subscriptions back", () => {
  it("subscribes again, and lets no failure of a subscription out of its hands", async () => {
    const subscribed: string[] = [];
    const failing = (): AsyncIterable<never> => ({
      [Symbol.asyncIterator]: () => ({ next: () => setTimeout(1).then(() => Promise.reject(new Error("permissions violation"))) }),
    });
    const unanswered: Connection = {
      publish: () => undefined,
      request: () => Promise.reject(new Error("no server")),
      subscribe: (subject) => (subscribed.push(subject), Object.assign(failing(), { unsubscribe: () => undefined })),
    };
    const reasons = new Set<unknown>();
    const observer = { event: (_: string, detail: unknown) => void reasons.add((detail as { readonly reason: unknown }).reason) };
    const memory: StoreWriter = {
      append: () => Promise.reject(new Error("never asked")),
      pending: () => 0,
      close: async () => undefined,
      [Symbol.asyncDispose]: async () => undefined,
    };
    const service = await serveStore(unanswered, memory, { checkMs: 5, observer });
    while (subscribed.length < 3) await setTimeout(5);
    await service.close();
    expect(reasons).toEqual(new Set(["no server", "permissions violation"]));
    const before = subscribed.length;
    const client = openNatsClient(unanswered, { timeoutMs: 30, backoff: { maxMs: 5 } });
    for (let time = 1; time <= 2; time++) await expect(client.append("a", 1)).rejects.toMatchObject({ code: "INDEX_COMMIT_UNCERTAIN" });
    expect(subscribed.length - before).toBe(2);
    await client.close();
  });
});

function methodsOf(writer: StoreWriter): StoreWriter {
  return {
    append: (id, payload) => writer.append(id, payload),
    pending: () => writer.pending(),
    close: () => writer.close(),
    [Symbol.asyncDispose]: () => writer.close(),
  };
}
