import { parentPort } from "node:worker_threads";
import { loadOf, takeLarge, takeSmall, type ScanWork } from "./node-scan-work.ts";

// A thread that helps scans: takes from each piece of work until nothing is left of it, and says so.
parentPort?.on("message", (work: ScanWork) => {
  const load = loadOf(work);
  while (takeLarge(load)) continue;
  while (takeSmall(load)) continue;
  parentPort?.postMessage("done");
});
