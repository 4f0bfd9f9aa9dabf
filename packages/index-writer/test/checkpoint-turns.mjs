// A process that fills an index, writes checkpoints of it, and says how long the event loop stood still at most while it did.
import { Buffer } from "node:buffer";
import { closeSync, mkdtempSync, openSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import process from "node:process";
import { setImmediate } from "node:timers";
import { openIndex } from "@gov/index-writer";

const count = Number(process.argv[2]);
const recordOf = (number, title) => ({
  path: `frameworks/part-${number % 1000}/plan-${String(number).padStart(7, "0")}.md`,
  id: `PLN-${number}`,
  kind: "plan",
  version: "1.0.0",
  status: "draft",
  title,
  owners: ["team"],
  tags: ["Risk:Low"],
  digest: `sha256:${number.toString(16).padStart(64, "0")}`,
  size: number,
});
const records = (from, to) => Array.from({ length: to - from }, (_, at) => recordOf(from + at, `Plan of part ${from + at}`));

const schedule = openSync("/proc/thread-self/schedstat", "r");
const text = Buffer.alloc(100);
// Time for which another thread had the processor: it says something of the machine and nothing of the checkpoint.
const preemptedMs = () => Number(text.toString("latin1", 0, readSync(schedule, text, 0, 100, 0)).split(" ")[1]) / 1e6;

async function longestTurnOf(work) {
  // What the filling has left behind is not the checkpoint's.
  globalThis.gc();
  let longest = 0;
  let turns = 0;
  let running = true;
  let [began, waited] = [performance.now(), preemptedMs()];
  const turn = () => {
    const [now, preempted] = [performance.now(), preemptedMs()];
    longest = Math.max(longest, now - began - (preempted - waited));
    [began, waited] = [now, preempted];
    turns += 1;
    if (running) setImmediate(turn);
  };
  setImmediate(turn);
  const started = performance.now();
  await work();
  running = false;
  return { longestMs: longest, turns, ms: performance.now() - started };
}

const root = mkdtempSync(join(tmpdir(), "gov-turns-"));
try {
  const index = await openIndex(root);
  for (let from = 0; from < count; from += 10_000) await index.put(...records(from, Math.min(count, from + 10_000)));
  const first = await longestTurnOf(() => index.checkpoint());
  await index.put(...records(count, count + 1_000));
  await index.remove(recordOf(7, "").path);
  const second = await longestTurnOf(() => index.checkpoint());
  await index.close();
  const again = await openIndex(root);
  await again.put(recordOf(5, "changed"));
  const reopened = await longestTurnOf(() => again.checkpoint());
  await again.close();
  process.stdout.write(JSON.stringify({ first, second, reopened }));
} finally {
  closeSync(schedule);
  rmSync(root, { recursive: true });
}
