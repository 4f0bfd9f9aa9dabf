import process from "node:process";
import { openAuditJournal, openAuditLog } from "@gov/telemetry/audit";
import { input } from "./telemetry-fakes.ts";

/** Run as a process of its own, to be killed: appends for ever and says on standard output which entries were acknowledged. */
const [store, path] = process.argv.slice(2);
const log = store === "journal" ? await openAuditJournal(path ?? "") : await openAuditLog(path ?? "", { tornTail: "set-aside" });
process.stdout.write(`open ${String(log.head()?.seq ?? 0)}\n`);
await Promise.all(
  Array.from({ length: 8 }, async () => {
    for (;;) {
      const [entry] = await log.append([input("K")], { expectedSeq: "any" });
      process.stdout.write(`${String(entry?.seq)}\n`);
    }
  }),
);
