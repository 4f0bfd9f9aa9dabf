import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { createServer, connect as connectSocket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout } from "node:timers/promises";
import pg from "pg";

/** A server that a test may kill. */
export interface KillableServer {
  readonly port: number;
  /** Ends it with SIGKILL. */
  readonly kill: () => Promise<void>;
  /** Starts it again on the same port; with `fresh`, without anything that it had stored. */
  readonly restart: (options?: { readonly fresh?: boolean }) => Promise<void>;
  /** Ends it and removes its files. */
  readonly end: () => Promise<void>;
}

/** Starts a NATS server with JetStream on a free port. */
export async function natsServer(): Promise<KillableServer> {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), "gov-nats-")));
  const port = await freePort();
  const store = join(directory, "store");
  return killable({
    port,
    directory,
    forget: () => rmSync(store, { recursive: true, force: true }),
    start: () => spawn("nats-server", ["-a", "127.0.0.1", "-p", String(port), "-js", "-sd", store], { stdio: "ignore" }),
    isUp: () => isListening(port),
  });
}

/** Starts a PostgreSQL server on a free port, under a user that it accepts. */
export async function postgresServer(): Promise<KillableServer & { readonly url: string }> {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), "gov-postgres-")));
  const port = await freePort();
  const data = join(directory, "data");
  const binaries = process.env["GOV_TEST_POSTGRES_BIN"] ?? newestBinaries();
  // PostgreSQL refuses to run as root.
  const isRoot = process.getuid?.() === 0;
  const [uid, gid] = isRoot ? idsOf("postgres") : [undefined, undefined];
  if (isRoot) {
    chmodSync(directory, 0o777);
  }
  const as = { ...(uid === undefined ? {} : { uid, gid }), cwd: directory };
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  execFileSync(join(binaries, "initdb"), ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale"], {
    ...as,
    stdio: "ignore",
  });
  const server = await killable({
    port,
    directory,
    forget: () => undefined,
    // Left as it fell: the server itself waits until no process of the one before is left.
    start: () =>
      spawn(
        join(binaries, "postgres"),
        ["-D", data, "-p", String(port), "-k", directory, "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=50"],
        { ...as, stdio: "ignore" },
      ),
    isUp: async () => {
      const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
      client.on("error", () => undefined);
      try {
        await client.connect();
        await client.query("SELECT 1");
        return true;
      } catch {
        return false;
      } finally {
        await client.end().catch(() => undefined);
      }
    },
  });
  return { ...server, url };
}

async function killable(options: {
  readonly port: number;
  readonly directory: string;
  readonly start: () => ChildProcess;
  readonly forget: () => void;
  readonly isUp: () => Promise<boolean>;
}): Promise<KillableServer> {
  let child: ChildProcess | null = null;
  const kill = async (): Promise<void> => {
    if (child === null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
    child = null;
    // Processes of a server that share its port end a moment later.
    while (await isListening(options.port)) await setTimeout(20);
  };
  const start = async (): Promise<void> => {
    for (let attempt = 0; attempt < 20; attempt++) {
      const started = options.start();
      const failed = new Promise<void>((resolve) => started.once("exit", () => resolve()));
      for (let wait = 0; wait < 600 && started.exitCode === null && started.signalCode === null; wait++) {
        if (await options.isUp()) {
          child = started;
          return;
        }
        await Promise.race([failed, setTimeout(50)]);
      }
      await setTimeout(200);
    }
    throw new Error("Cannot test: the server does not start");
  };
  await start();
  return {
    port: options.port,
    kill,
    restart: async ({ fresh = false } = {}) => {
      if (fresh) options.forget();
      await start();
    },
    end: async () => {
      await kill();
      rmSync(options.directory, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { readonly port: number };
  server.close();
  await once(server, "close");
  return port;
}

async function isListening(port: number): Promise<boolean> {
  const socket = connectSocket({ port, host: "127.0.0.1" });
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

function idsOf(user: string): readonly [uid: number, gid: number] {
  const number = (flag: string): number => Number(execFileSync("id", [flag, user], { encoding: "utf8" }));
  return [number("-u"), number("-g")];
}

function newestBinaries(): string {
  const found = execFileSync("sh", ["-c", "ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1"], { encoding: "utf8" }).trim();
  if (found === "") throw new Error("Cannot test: there is no PostgreSQL under /usr/lib/postgresql");
  return found;
}
