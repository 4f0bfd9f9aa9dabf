import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { type IndexStore, openFileStore, openStoreWriter } from "@gov/index-writer";
import { openPostgresStore } from "@gov/index-writer/postgres";
import { bundled } from "./bundle.ts";
import { serverDatabase } from "./databases.ts";
import { postgresServer } from "./servers.ts";

/** What a run shows. */
export interface SharedRun {
  readonly kills: number;
  /** Times at which a kill was due. */
  readonly due: number;
  /** Entries by id, in the order of the record. */
  readonly ids: readonly string[];
  /** True when sequence numbers are 1, 2, 3 and so on. */
  readonly gapFree: boolean;
  /** Acknowledged entries that the record does not have where it was said. */
  readonly lost: readonly string[];
  /** Ids that stand more than once. */
  readonly twice: readonly string[];
}

// Shorter than the time between two kills: whoever comes after a killed holder waits for its lease, and is to get to work before it is killed as well.
const leaseMs = "300";

/** Lets processes write to one record in files and kills one after the other; a killed one begins again with what was not acknowledged to it. */
export async function runKilledProcesses(options: {
  readonly processes: number;
  readonly entries: number;
  /** Time between two kills, where a run lasts long: whoever has opened the record by then is killed, whether it writes or waits. */
  readonly killEveryMs?: number | undefined;
  /** Entries of a commit. @default 500 */
  readonly maxBatch?: number | undefined;
  /** Acknowledgements between two kills, where it may be over in a moment. */
  readonly killEveryEntries?: number | undefined;
  readonly maxKills: number;
  readonly random: () => number;
}): Promise<SharedRun> {
  const { processes, entries, killEveryMs, killEveryEntries = Number.POSITIVE_INFINITY, maxBatch = 500, maxKills, random } = options;
  const directory = mkdtempSync(join(tmpdir(), "gov-shared-"));
  // Kills are to meet work and not starts.
  const program = await bundled("record-client.mjs", directory);
  const each = entries / processes;
  const acknowledged = new Map<string, number>();
  const running = new Map<number, ChildProcess>();
  /** Those that have opened the record, and those that have had something acknowledged: killing one that only starts would show nothing. */
  const opened = new Set<ChildProcess>();
  const working = new Set<ChildProcess>();
  let [kills, due] = [0, 0];
  const killOneOf = (candidates: ReadonlySet<ChildProcess>): void => {
    due += 1;
    const alive = [...candidates].filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
    if (kills < maxKills && alive[Math.floor(random() * alive.length)]?.kill("SIGKILL") === true) kills += 1;
  };
  const runClient = async (client: number): Promise<void> => {
    const mine = new Set<number>();
    for (;;) {
      let from = 0;
      while (mine.has(from)) from += 1;
      const child = spawn(
        process.execPath,
        [program, join(directory, "record"), `c${client}`, String(from), String(each), leaseMs, String(maxBatch)],
        { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, NODE_NO_WARNINGS: "1" } },
      );
      running.set(client, child);
      const ended = once(child, "close");
      let done = false;
      for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
        if (line === "open") opened.add(child);
        if (line === "done") done = true;
        const [number, seq] = line.split(" ").map(Number);
        if (number === undefined || seq === undefined) continue;
        mine.add(number);
        acknowledged.set(`c${client}-${number}`, seq);
        working.add(child);
        if (acknowledged.size >= (kills + 1) * killEveryEntries) killOneOf(working);
      }
      await ended;
      running.delete(client);
      opened.delete(child);
      working.delete(child);
      if (done) return;
      if (child.signalCode !== "SIGKILL") throw new Error(`Process ${client} ended with ${String(child.exitCode)}`);
    }
  };
  try {
    const clients = Promise.all(Array.from({ length: processes }, (_, client) => runClient(client)));
    const finished = clients.then(() => true);
    while (killEveryMs !== undefined && kills < maxKills && !(await Promise.race([finished, setTimeout(killEveryMs, false)])))
      // The last one alone is killed once it has come to work: killed each second before that, it would never come to the end.
      if (running.size > 1) killOneOf(opened);
      else if (working.size > 0) killOneOf(working);
    await clients;
    const store = await openFileStore(join(directory, "record"));
    const run = await examine(store, acknowledged);
    await store.close();
    return { ...run, kills, due };
  } finally {
    for (const child of running.values()) child.kill("SIGKILL");
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Lets several writers write to one record in PostgreSQL and kills the server in between. */
export async function runKilledPostgres(options: {
  readonly writers: number;
  readonly entries: number;
  readonly kills: number;
}): Promise<SharedRun> {
  const { writers, entries, kills } = options;
  const server = await postgresServer();
  const database = await serverDatabase(server.url);
  const acknowledged = new Map<string, number>();
  try {
    const opened = await Promise.all(
      Array.from({ length: writers }, async () => {
        const store = await openPostgresStore(database.client, { stream: "shared", leaseMs: 1_000 });
        return {
          store,
          writer: openStoreWriter(store, {
            maxBatch: 100,
            commitsPerLease: 10,
            lingerMs: 5,
            timeoutMs: 300_000,
            backoff: { initialMs: 20, maxMs: 200 },
          }),
        };
      }),
    );
    let next = 0;
    const produce = async (at: number): Promise<void> => {
      while (next < entries) {
        const id = `id-${next++}`;
        acknowledged.set(id, (await (opened[at % writers] as (typeof opened)[number]).writer.append(id, { id })).seq);
      }
    };
    const running = Promise.all(Array.from({ length: writers * 100 }, (_, at) => produce(at)));
    for (let kill = 1; kill <= kills; kill++) {
      while (acknowledged.size < (entries * kill) / (kills + 1)) await setTimeout(5);
      await server.kill();
      await server.restart();
    }
    await running;
    for (const { writer } of opened) await writer.close();
    const run = await examine((opened[0] as (typeof opened)[number]).store, acknowledged);
    for (const { store } of opened) await store.close();
    return { ...run, kills, due: kills };
  } finally {
    await database.end().catch(() => undefined);
    await server.end();
  }
}

async function examine(store: IndexStore, acknowledged: ReadonlyMap<string, number>): Promise<Omit<SharedRun, "kills" | "due">> {
  const ids: string[] = [];
  let gapFree = true;
  const places = new Map<string, number>();
  const twice: string[] = [];
  for await (const { seq, id } of store.read()) {
    ids.push(id);
    if (seq !== ids.length) gapFree = false;
    if (places.has(id)) twice.push(id);
    places.set(id, seq);
  }
  return { ids, gapFree, twice, lost: [...acknowledged].filter(([id, seq]) => places.get(id) !== seq).map(([id]) => id) };
}
