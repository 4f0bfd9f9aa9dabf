import { readFile, readlink } from "node:fs/promises";
import { createServer } from "node:net";
import { hostname } from "node:os";
import type { KernelLocks, LockHost } from "./lock-host.ts";

// sockaddr_un holds 108 bytes. Node 20 fills an abstract name up with NUL, Node 22 and later do not, so only names of the full
// length are the same for both; shorter ones would let two processes hold one lock.
const fullLength = 107;

/** The machine's locks: abstract Unix sockets on Linux, none elsewhere; the one Node default of the port. */
export const nodeLockHost: LockHost = {
  owner: async () => ({
    pid: process.pid,
    host: hostname(),
    boot: await textOrNull(() => readFile("/proc/sys/kernel/random/boot_id", "utf8")),
    pidNamespace: await textOrNull(() => readlink("/proc/self/ns/pid")),
    started: await textOrNull(async () => startOf(await readFile("/proc/self/stat", "utf8"))),
  }),
  kernel: async () => {
    if (process.platform !== "linux") return null;
    const namespace = await textOrNull(() => readlink("/proc/self/ns/net"));
    return namespace === null ? null : abstractSockets(namespace);
  },
};

function abstractSockets(namespace: string): KernelLocks {
  return {
    mechanism: "abstract-socket",
    namespace,
    tryAcquire: (name) =>
      new Promise((resolve, reject) => {
        const server = createServer((connection) => connection.destroy());
        server.once("error", (error: NodeJS.ErrnoException) => {
          if (error.code === "EADDRINUSE") resolve(null);
          else reject(error);
        });
        // exclusive: in a cluster, workers would otherwise share one handle, and with it the lock.
        server.listen({ path: `\0${name.padEnd(fullLength, "-")}`, exclusive: true }, () => {
          server.unref();
          resolve({ release: () => new Promise((done) => void server.close(() => done())) });
        });
      }),
  };
}

// The 22nd field of /proc/self/stat; the second is the command in parentheses and may hold spaces.
function startOf(stat: string): string {
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}

async function textOrNull(read: () => Promise<string>): Promise<string | null> {
  try {
    const text = (await read()).trim();
    return text === "" ? null : text;
  } catch {
    return null;
  }
}
