// A process that takes the lock named by its argument, says so, and holds it until it is killed or told to let go.
import process from "node:process";
import { acquireLock } from "@gov/atomic-io/lock";

try {
  const lock = await acquireLock(process.argv[2], { timeoutMs: Number(process.argv[3] ?? 0) });
  process.stdout.write("held\n");
  process.stdin.once("data", () => void lock.release().then(() => process.exit(0)));
} catch (error) {
  process.stdout.write(`${error.code}\n`);
  process.exit(0);
}
