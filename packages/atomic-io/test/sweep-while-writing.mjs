// Writes a file part by part, sweeps its directory between two parts, beside a temporary of a process that is gone, and says what the sweep did.
import { readdirSync, writeFileSync } from "node:fs";
import process from "node:process";
import { replaceFileFromStream, sweepTemporaries } from "@gov/atomic-io";

const directory = process.argv[2];

async function* parts() {
  yield "half";
  const [own] = readdirSync(directory);
  const dead = own.replace(new RegExp(`-${process.pid}-(\\d+-[0-9a-f]{24})$`), "-4000000-$1");
  writeFileSync(`${directory}/${dead}`, "half");
  process.stdout.write(`${JSON.stringify({ own, dead, ...(await sweepTemporaries(directory)) })}\n`);
  yield "half";
}

await replaceFileFromStream(`${directory}/a`, parts());
