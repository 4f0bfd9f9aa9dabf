import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeDocuments } from "../src/fixtures/documents.ts";
import { generateManifest } from "../src/fixtures/manifest.ts";
import { seededRandom } from "../src/seeded-random.ts";

describe("generateManifest()", () => {
  const generate = (seed: number, sorted: boolean): string => JSON.stringify(generateManifest(50, { random: seededRandom(seed), sorted }));

  it("gives the same manifest for the same seed, and another for another", () => {
    expect(generate(1, true)).toBe(generate(1, true));
    expect(generate(1, true)).not.toBe(generate(2, true));
  });

  it("stands in code unit order when sorted, and in none otherwise", () => {
    const inOrder = (text: string): boolean => {
      const keys = Object.keys((JSON.parse(text) as { artifacts: object[] }).artifacts[0]!);
      return keys.join() === [...keys].sort().join();
    };
    expect(inOrder(generate(1, true))).toBe(true);
    expect(inOrder(generate(1, false))).toBe(false);
  });
});

describe("writeDocuments()", () => {
  let scratch = "";
  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), "gov-bench-fixture-"));
  });
  afterAll(() => rm(scratch, { recursive: true, force: true }));

  it("writes the same bytes for the same seed, and says how many documents are invalid", async () => {
    const [left, right] = [join(scratch, "left"), join(scratch, "right")];
    const first = await writeDocuments(left, { count: 250, random: seededRandom(1) });
    const second = await writeDocuments(right, { count: 250, random: seededRandom(1) });
    expect({ ...second, directory: left }).toEqual(first);
    const files = (await readdir(left, { recursive: true })).filter((path) => path.endsWith(".md"));
    expect(files).toHaveLength(250);
    let [broken, bytes] = [0, 0];
    for (const file of files) {
      const text = await readFile(join(left, file), "utf8");
      expect(text).toBe(await readFile(join(right, file), "utf8"));
      bytes += Buffer.byteLength(text);
      broken += Number(text.includes("\nstatus: finished\n") || text.includes("\nowners: nobody\n"));
    }
    expect([broken, bytes]).toEqual([first.invalid, first.bytes]);
    expect(broken).toBeGreaterThan(0);
  });
});
