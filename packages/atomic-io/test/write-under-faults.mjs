// Writes in each of the durable ways under the directory of its argument, says what is begun, acknowledged and refused, and goes on after an error.
import { Buffer } from "node:buffer";
import { writeSync } from "node:fs";
import process from "node:process";
import { appendLine, createFileOnce, replaceFile } from "@gov/atomic-io";
import { openJournal } from "@gov/atomic-io/journal";

const directory = process.argv[2];
const say = (text) => writeSync(1, `${text}\n`);
const attempt = async (what, work) => {
  say(`TRY ${what}`);
  try {
    await work();
    say(`ACK ${what}`);
  } catch (error) {
    say(`ERR ${what} ${error.code}`);
  }
};

for (const version of [1, 2, 3])
  await attempt(`replace ${version}`, () => replaceFile(`${directory}/doc`, `version ${version} `.repeat(400)));
for (const version of [1, 2])
  await attempt(`once ${version}`, () => createFileOnce(`${directory}/once-${version}`, `version ${version} `.repeat(400)));
for (const version of [1, 2, 3])
  await attempt(`line ${version}`, () => appendLine(`${directory}/log`, `line ${version}`, { tornLine: "remove" }));
let journal = null;
for (const version of [1, 2, 3, 4]) {
  await attempt(`record ${version}`, async () => {
    journal ??= await openJournal(`${directory}/journal`);
    try {
      if (version === 3) await journal.rotate(journal.lastSeq);
      await journal.append([Buffer.from(`record ${version} `.repeat(100))]);
    } catch (error) {
      await journal.close();
      journal = null;
      throw error;
    }
  });
}
await journal?.close();
say("END");
