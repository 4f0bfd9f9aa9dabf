// Takes the lock again and again, counts one up in a file under it, says the number, and then lets go as a dead process does: the kernel's lock is free, the
// lock's file stays. With "careless" the kernel is not asked.
import { Buffer } from "node:buffer";
import { readFileSync, writeFileSync, writeSync } from "node:fs";
import process from "node:process";
import { setImmediate } from "node:timers";
import { acquireLock } from "@gov/atomic-io/lock";
import { nodeLockHost } from "@gov/atomic-io/lock/host";

const [, , directory, careless] = process.argv;
const counter = `${directory}/counter`;

const say = async (line) => {
  for (let rest = Buffer.from(line); rest.byteLength > 0;) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      // The listener is behind.
      if (error.code !== "EAGAIN") throw error;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
};

let held = null;
const kernel = async () => {
  const locks = await nodeLockHost.kernel();
  return {
    ...locks,
    tryAcquire: async (name) => {
      held = careless === "careless" ? { release: async () => undefined } : await locks.tryAcquire(name);
      return held;
    },
  };
};

for (;;) {
  let lock;
  try {
    lock = await acquireLock(`${directory}/lock`, { timeoutMs: 60_000, host: { owner: nodeLockHost.owner, kernel } });
  } catch (error) {
    // Without the kernel two write the lock's file at once, which some of them notice.
    if (careless !== "careless") throw error;
    continue;
  }
  const number = Number(readFileSync(counter, "utf8")) + 1;
  // Time for another holder to do harm.
  await new Promise((resolve) => setImmediate(resolve));
  writeFileSync(counter, String(number));
  await say(`${number} ${lock.stale === null ? "fresh" : "stale"} ${process.version}\n`);
  await held.release();
}
