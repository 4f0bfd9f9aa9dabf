import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { connect } from "@nats-io/transport-node";
import { type IndexStore, openFileStore, openStoreWriter } from "@gov/index-writer";
import { openNatsClient, serveStore } from "@gov/index-writer/nats";
import { openPostgresStore } from "@gov/index-writer/postgres";
import { embeddedDatabase, serverDatabase } from "./databases.ts";
import { natsServer } from "./servers.ts";

/** How a backend did at a steady rate. */
export interface Throughput {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

type Append = (id: string, payload: { readonly number: number }) => Promise<unknown>;

/** Sends so many messages a second for some seconds, without waiting for earlier ones, and looks how long each takes. */
export async function measureThroughput(
  backend: "files" | "pglite" | "postgres" | "nats",
  load: { readonly rate: number; readonly seconds: number },
): Promise<Throughput> {
  const cleanUps: (() => Promise<unknown> | void)[] = [];
  try {
    const append = await open(backend, cleanUps);
    for (let number = 0; number < load.rate / 2; number++) if (number % 50 === 0) await append(`warm-${number}`, { number });
    const times: number[] = [];
    const waiting: Promise<void>[] = [];
    const total = load.rate * load.seconds;
    const began = performance.now();
    for (let sent = 0; sent < total;) {
      const due = Math.min(total, Math.floor(((performance.now() - began) * load.rate) / 1_000));
      for (; sent < due; sent++) {
        const started = performance.now();
        waiting.push(append(`id-${sent}`, { number: sent }).then(() => void times.push(performance.now() - started)));
      }
      await setTimeout(1);
    }
    await Promise.all(waiting);
    const elapsed = (performance.now() - began) / 1_000;
    times.sort((a, b) => a - b);
    const at = (share: number): number => times[Math.floor((times.length - 1) * share)] as number;
    return { perSecond: total / elapsed, p50Ms: at(0.5), p99Ms: at(0.99) };
  } finally {
    for (const cleanUp of cleanUps.reverse()) await cleanUp();
  }
}

async function open(backend: "files" | "pglite" | "postgres" | "nats", cleanUps: (() => Promise<unknown> | void)[]): Promise<Append> {
  let store: IndexStore;
  if (backend === "files" || backend === "nats") {
    const directory = mkdtempSync(join(tmpdir(), "gov-throughput-"));
    cleanUps.push(() => rmSync(directory, { recursive: true }));
    store = await openFileStore(directory);
  } else {
    const database = backend === "pglite" ? await embeddedDatabase() : await serverDatabase();
    cleanUps.push(database.end);
    store = await openPostgresStore(database.client, { stream: "throughput", durability: backend === "pglite" ? "process" : "power" });
  }
  cleanUps.push(() => store.close());
  const writer = openStoreWriter(store, { commitsPerLease: 1_000_000 });
  cleanUps.push(() => writer.close());
  if (backend !== "nats") return (id, payload) => writer.append(id, payload);
  const server = await natsServer();
  cleanUps.push(server.end);
  const connection = await connect({ servers: `127.0.0.1:${server.port}` });
  cleanUps.push(() => connection.close());
  const service = await serveStore(connection, writer);
  cleanUps.push(() => service.close());
  const client = openNatsClient(connection);
  cleanUps.push(() => client.close());
  return (id, payload) => client.append(id, payload);
}
