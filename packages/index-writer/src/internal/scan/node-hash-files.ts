import { once } from "node:events";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Digest } from "@gov/schema/canonical";
import { nodeBreathe } from "../../node-breathe.ts";
import type { ContentHasher, HashFault, HashInput } from "../../scan/content-hasher.ts";
import { changed, hashAt, hashed, hashLarge, hashSmall, type HashWork } from "./node-hash-work.ts";

/** Starting a thread takes as long as hashing so many small files. */
const worthAThread = 2_000;
const largeBytes = 256 * 1024;
/** Small files that this thread hashes in the time in which a disk that has to fetch them gives a few: then more threads wait for it at once. */
const threadsWhileWaiting = 4;

/** Hashes files of the machine on all its cores: the one Node default of the {@link ContentHasher} port. The event loop keeps turning. */
export const nodeHashFiles: ContentHasher = async (files, { signal }) => {
  if (files.length === 0) return [];
  const places = files.map((_, index) => index);
  const order = [...places.filter((index) => isLarge(files[index])), ...places.filter((index) => !isLarge(files[index]))];
  const work = workOf(order.map((index) => files[index] as HashInput));
  await hashAll(work, signal);
  return resultsOf(work, order);
};

async function hashAll(work: HashWork, signal: AbortSignal | undefined): Promise<void> {
  const running: Promise<unknown>[] = [];
  const workers: Worker[] = [];
  const start = (): void => {
    const worker = startWorker(work);
    workers.push(worker);
    // A thread that cannot run leaves its files to this one.
    running.push(once(worker, "exit").catch(() => undefined));
  };
  const wanted = work.large > 0 || work.paths.length >= worthAThread ? Math.max(1, availableParallelism() - 1) : 0;
  for (let count = 0; count < wanted; count++) start();
  try {
    let claims = 0;
    let since = performance.now();
    while (hashSmall(work)) {
      signal?.throwIfAborted();
      await nodeBreathe();
      claims += 1;
      if (workers.length === 0 || workers.length >= threadsWhileWaiting || claims % 8 !== 0) continue;
      const now = performance.now();
      if (now - since > slowMs) start();
      since = now;
    }
    await Promise.all(running);
    // What no thread took, because none could start.
    while (hashLarge(work)) {
      signal?.throwIfAborted();
      await nodeBreathe();
    }
    // What a thread took and died over.
    for (let at = work.outcomes.indexOf(0); at >= 0; at = work.outcomes.indexOf(0, at)) hashAt(work, at);
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/** Eight claims from the page cache take a fraction of it. */
const slowMs = 8;

function startWorker(work: HashWork): Worker {
  // Beside this module: a source when tests run from the sources, a bundle in the published package.
  const name = import.meta.url.endsWith(".ts") ? "./node-hash-worker.ts" : "./hash-worker.js";
  const worker = new Worker(new URL(name, import.meta.url), { workerData: work });
  worker.on("error", () => undefined);
  return worker;
}

function workOf(files: readonly HashInput[]): HashWork {
  const stats = new BigInt64Array(new SharedArrayBuffer(files.length * 32));
  files.forEach(({ stat }, at) => {
    stats[at * 4] = BigInt(stat.size);
    stats[at * 4 + 1] = stat.inode;
    stats[at * 4 + 2] = stat.modifiedNs;
    stats[at * 4 + 3] = stat.changedNs;
  });
  const large = files.filter(isLarge).length;
  const next = new Int32Array(new SharedArrayBuffer(8));
  next[1] = large;
  return {
    paths: files.map(({ absolute }) => absolute),
    stats,
    digests: new Uint8Array(new SharedArrayBuffer(files.length * 32)),
    outcomes: new Uint8Array(new SharedArrayBuffer(files.length)),
    next,
    large,
  };
}

function resultsOf(work: HashWork, order: readonly number[]): readonly (Digest | HashFault)[] {
  const results = new Array<Digest | HashFault>(order.length);
  const hex = Buffer.from(work.digests).toString("hex");
  order.forEach((index, at) => {
    const outcome = work.outcomes[at];
    results[index] =
      outcome === hashed
        ? `sha256:${hex.slice(at * 64, at * 64 + 64)}`
        : outcome === changed
          ? "INDEX_FILE_CHANGED"
          : "INDEX_FILE_UNREADABLE";
  });
  return results;
}

function isLarge(file: HashInput | undefined): boolean {
  return file !== undefined && file.stat.size >= largeBytes;
}
