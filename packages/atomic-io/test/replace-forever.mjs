// Replaces files under the directory of its argument without end, several at once, and says so after each acknowledgement.
import { writeSync } from "node:fs";
import process from "node:process";
import { replaceFile } from "@gov/atomic-io";

const directory = process.argv[2];
const loop = async (file) => {
  for (let round = 0; ; round++) {
    await replaceFile(`${directory}/${file}`, `${file} ${round} `.repeat(500), { durability: "process" });
    writeSync(1, "ack\n");
  }
};
await Promise.all(["a", "b", "c", "d"].map(loop));
