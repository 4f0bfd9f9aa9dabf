// A process that appends the entries of one client to a shared record, says which are acknowledged, and goes on until all are or it is killed.
import process from "node:process";
import { openFileStore, openStoreWriter } from "@gov/index-writer";

const [directory, client, fromText, toText, leaseMs, maxBatch] = process.argv.slice(2);
const store = await openFileStore(directory, { leaseMs: Number(leaseMs) });
process.stdout.write("open\n");
const writer = openStoreWriter(store, {
  maxBatch: Number(maxBatch),
  commitsPerLease: 20,
  lingerMs: 5,
  timeoutMs: 600_000,
  backoff: { initialMs: 5, maxMs: 50 },
});
let next = Number(fromText);
const to = Number(toText);
const produce = async () => {
  while (next < to) {
    const number = next++;
    const { seq } = await writer.append(`${client}-${number}`, { client, number, text: "x".repeat(100) });
    process.stdout.write(`${number} ${seq}\n`);
  }
};
await Promise.all(Array.from({ length: 500 }, produce));
await writer.close();
await store.close();
process.stdout.write("done\n");
