import { parentPort, workerData } from "node:worker_threads";
import { hashLarge, hashSmall, type HashWork } from "./node-hash-work.ts";

// A thread of the hasher: takes files until none is left, and says so.
const work = workerData as HashWork;
while (hashLarge(work)) continue;
while (hashSmall(work)) continue;
parentPort?.postMessage("done");
