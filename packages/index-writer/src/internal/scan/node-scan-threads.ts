import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { nodeBreathe } from "../../node-breathe.ts";
import { endWork, type ScanLoad, type ScanWork, takeLarge, takeSmall, workOn } from "./node-scan-work.ts";

interface Thread {
  readonly worker: Worker;
  /** Pieces of work that it has been given and not answered yet. */
  open: number;
}

/** Threads worth having as long as the disk does not have to be waited for. */
const helpers = Math.min(3, Math.max(1, availableParallelism() - 1));
/** While it has to be, more of them let it fetch more files at once. */
const mostHelpers = 7;
/** Starting a thread takes as long as thousands of files: it is kept for the scan that follows, but not for ever. */
const idleMs = 5_000;
/** So long this thread works before the event loop turns. */
const sliceMs = 4;
/** From the page cache come hundreds of files in a slice. */
const fewClaims = 8;

const threads: Thread[] = [];
const waiting = new Set<() => void>();
let idle: NodeJS.Timeout | undefined;

/** True when a thread runs already, so that little work is worth sharing. */
export function hasScanThread(): boolean {
  return threads.length > 0;
}

/** Gives a piece of work to other threads as well, which take from it from now on. */
export function shareWork(work: ScanWork): void {
  shareWith(work, 0, helpers);
}

/** A piece of work with what this thread needs to take part in it. */
export interface ScanPart {
  readonly work: ScanWork;
  readonly load: ScanLoad;
  /** True when other threads take from it too. */
  readonly shared: boolean;
}

/** Takes part in pieces of work until all of them are done, the last one first, since others come to it last; the event loop keeps turning. */
export async function finishWork(parts: readonly ScanPart[], signal: AbortSignal | undefined): Promise<void> {
  const mine = parts.toReversed();
  let sharing = helpers;
  let slow = 0;
  try {
    let began = performance.now();
    let claims = 0;
    for (const [at, { load }] of mine.entries()) {
      while (takeSmall(load) || (!hasScanThread() && takeLarge(load))) {
        claims += 1;
        if (performance.now() - began < sliceMs) continue;
        signal?.throwIfAborted();
        slow = claims < fewClaims ? slow + 1 : 0;
        // Twice running, since once may be a thread that had to wait for a processor.
        if (slow >= 2 && sharing < mostHelpers) {
          for (const { work, shared } of mine.slice(at)) if (shared) shareWith(work, sharing, mostHelpers);
          sharing = mostHelpers;
        }
        await nodeBreathe();
        claims = 0;
        began = performance.now();
      }
    }
    for (const { load } of mine) {
      await othersDone(load);
      signal?.throwIfAborted();
      // What nobody took because no thread could start, and what one took and died over.
      for (let at = load.outcomes.indexOf(0); at >= 0; at = load.outcomes.indexOf(0, at)) {
        workOn(load, at);
        await nodeBreathe();
        signal?.throwIfAborted();
      }
    }
  } finally {
    for (const { load } of mine) endWork(load);
  }
}

function shareWith(work: ScanWork, from: number, to: number): void {
  clearTimeout(idle);
  while (threads.length < to) threads.push(startThread());
  for (const thread of threads.slice(from, to)) {
    thread.open += 1;
    thread.worker.postMessage(work);
  }
}

function startThread(): Thread {
  // Beside this module: a source when tests run from the sources, a bundle in the published package.
  const name = import.meta.url.endsWith(".ts") ? "./node-scan-worker.ts" : "./scan-worker.js";
  // What a thread makes is garbage a file later: much room for it would be many megabytes a thread and no time.
  const worker = new Worker(new URL(name, import.meta.url), { resourceLimits: { maxYoungGenerationSizeMb: 4 } });
  const thread: Thread = { worker, open: 0 };
  worker.on("message", () => {
    thread.open -= 1;
    if (threads.every(({ open }) => open === 0)) idle = setTimeout(endThreads, idleMs).unref();
    wake();
  });
  // A thread that cannot run leaves its files to whoever shared them.
  worker.on("error", () => undefined);
  worker.on("exit", () => {
    thread.open = 0;
    const at = threads.indexOf(thread);
    if (at >= 0) threads.splice(at, 1);
    wake();
  });
  // Nobody is kept from ending by it, except while it is waited for.
  if (waiting.size === 0) worker.unref();
  return thread;
}

function endThreads(): void {
  for (const { worker } of threads) void worker.terminate();
}

/** Resolves once everything has an outcome, or no thread is left that might give it one. */
async function othersDone(load: ScanLoad): Promise<void> {
  while (load.outcomes.includes(0) && threads.some(({ open }) => open > 0)) {
    if (waiting.size === 0) for (const { worker } of threads) worker.ref();
    await new Promise<void>((resolve) => waiting.add(resolve));
  }
}

function wake(): void {
  for (const resolve of waiting) resolve();
  waiting.clear();
  for (const { worker } of threads) worker.unref();
}
