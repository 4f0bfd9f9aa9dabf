import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openIndex, parseIndex, readIndex, renderIndex } from "@gov/index-writer";
import { afterEach, describe, expect, it } from "vitest";
import { goldenRecords } from "./golden-records.ts";

const golden = join(import.meta.dirname, "fixtures/index-v1");
const [first, second, third] = goldenRecords;
const inFile = goldenRecords.slice(0, 2);
const inAll = [second, third];

const scratch: string[] = [];
afterEach(async () => {
  for (const directory of scratch.splice(0)) await rm(directory, { recursive: true });
});

describe("index format version 1", () => {
  it("is what renderIndex() writes and parseIndex() reads, byte for byte (IDX-16)", async () => {
    const text = await readFile(join(golden, "artifacts_index.json"), "utf8");
    expect(text).toBe(renderIndex(inFile));
    expect(parseIndex(text).records).toEqual(inFile);
  });

  it("is read by readIndex() together with the journal that goes beyond the file", async () => {
    const snapshot = await readIndex(golden);
    expect(snapshot.records).toEqual(inAll);
    expect(snapshot.replayed).toBe(2);
  });

  it("is continued by openIndex() on a copy (IDX-02)", async () => {
    const root = await mkdtemp(join(tmpdir(), "gov-index-"));
    scratch.push(root);
    await cp(golden, root, { recursive: true });
    const index = await openIndex(root);
    expect(index.recovery.replayed).toBe(2);
    expect(index.get(first?.path ?? "")).toBeUndefined();
    await index.checkpoint();
    await index.close();
    expect(parseIndex(await readFile(join(root, "artifacts_index.json"), "utf8")).records).toEqual(inAll);
  });
});
