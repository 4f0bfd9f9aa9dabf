// A process that opens the index of its argument, puts records one after the other, says which are acknowledged, and goes on until it is killed.
import process from "node:process";
import { openIndex } from "@gov/index-writer";

try {
  const index = await openIndex(process.argv[2]);
  process.stdout.write("open\n");
  for (let number = 1; ; number++) {
    const path = `${String(number).padStart(6, "0")}.md`;
    const digest = `sha256:${String(number).padStart(64, "0")}`;
    await index.put({ path, id: path, kind: "plan", version: null, status: null, title: null, owners: [], tags: [], digest, size: number });
    process.stdout.write(`${number}\n`);
    if (number % 50 === 0) await index.checkpoint();
  }
} catch (error) {
  process.stdout.write(`${error.code}\n`);
}
