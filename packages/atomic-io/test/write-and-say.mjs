// Writes in each of the durable ways under the directory of its argument, and says so on standard output after each acknowledgement.
import { Buffer } from "node:buffer";
import { writeSync } from "node:fs";
import process from "node:process";
import { appendLine, createFileOnce, replaceFile } from "@gov/atomic-io";
import { openJournal } from "@gov/atomic-io/journal";

const directory = process.argv[2];
await replaceFile(`${directory}/replaced`, "content");
writeSync(1, "ACK replaceFile\n");
await createFileOnce(`${directory}/created`, "content");
writeSync(1, "ACK createFileOnce\n");
await appendLine(`${directory}/lines`, "first");
writeSync(1, "ACK appendLine first\n");
await appendLine(`${directory}/lines`, "second");
writeSync(1, "ACK appendLine second\n");
const journal = await openJournal(`${directory}/journal`);
writeSync(1, "ACK openJournal\n");
await journal.append([Buffer.from("record")]);
writeSync(1, "ACK append\n");
await journal.close();
for (const round of [1, 2, 3]) await replaceFile(`${directory}/counted`, Buffer.alloc(4096, round));
writeSync(1, "ACK counting\n");
await replaceFile(`${directory}/counted`, Buffer.alloc(4096, 4));
writeSync(1, "ACK counted\n");
