// Its clock jumps by up to an hour in either direction whenever it is read, so that it takes living holders for dead ones and dead ones for living.
// Takes the lease again and again and writes numbered lines under it, one log per epoch; says what it acknowledges. With "careless" it never confirms.
import { Buffer } from "node:buffer";
import { readFileSync, rmSync, writeSync } from "node:fs";
import { performance } from "node:perf_hooks";
import process from "node:process";
import { setTimeout as wait } from "node:timers/promises";
import { appendLine } from "@gov/atomic-io";
import { acquireLease } from "@gov/atomic-io/lock";

const [, , directory, leaseMs, careless] = process.argv;

// The last log that somebody began says where to go on: its first line is what its holder found acknowledged. What stands in an older one behind that was
// written by a holder that had been superseded.
const nextNumber = (epoch) => {
  for (let before = epoch - 1; before > 0; before--) {
    const [start, ...numbers] = linesOf(logOf(before));
    if (start !== undefined) return Math.max(Number(start), ...numbers.map((number) => Number(number) + 1));
  }
  return 1;
};

const logOf = (epoch) => `${directory}/log-${String(epoch).padStart(10, "0")}`;

const linesOf = (log) => {
  try {
    return readFileSync(log, "utf8").split("\n").slice(0, -1);
  } catch (error) {
    if (error.code === "ENOENT") return [];
    throw error;
  }
};

const say = async (line) => {
  for (let rest = Buffer.from(line); rest.byteLength > 0;) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      // The listener is behind.
      if (error.code !== "EAGAIN") throw error;
      await wait(1);
    }
  }
};

// One reading in fifty is an hour off; the rest tell the time.
const timers = {
  monotonicMs: () => performance.now() + (Math.random() < 0.02 ? (Math.random() - 0.5) * 7_200_000 : 0),
  sleep: async (ms) => void (await wait(ms)),
};

for (;;) {
  let lease;
  try {
    lease = await acquireLease(`${directory}/lease`, { leaseMs: Number(leaseMs), timeoutMs: 1e9, timers });
  } catch (error) {
    if (error.code !== "ATOMIC_IO_LOCK_HELD") throw error;
    continue;
  }
  const log = logOf(lease.epoch);
  try {
    let number = nextNumber(lease.epoch);
    await appendLine(log, String(number), { durability: "none" });
    for (let line = 0; line < 25; line++, number++) {
      await appendLine(log, String(number), { durability: "none" });
      if (careless !== "careless") await lease.confirm();
      await say(`${number} ${lease.epoch}\n`);
    }
    await lease.release();
    // Nobody looks that far back any more.
    rmSync(logOf(lease.epoch - 100), { force: true });
  } catch (error) {
    if (error.code !== "ATOMIC_IO_LEASE_LOST") throw error;
  }
}
