import { readFileSync } from "node:fs";
import { createMemoryFileSystem } from "@gov/atomic-io/testing";
import { type History, openCachedHistory } from "@gov/index-writer";
import { describe, expect, it } from "vitest";

const path = "/repo/.gov/cache/commit-times-v1";
const times = new Map([
  ["plans/a.md", 1_700_000_000],
  ["plans/line\nbreak 2.md", 1_700_000_100],
  ["__proto__", 5],
]);

function historyOf(answer: ReadonlyMap<string, number>): { readonly history: History; readonly asked: () => number } {
  let asked = 0;
  const commitTimes: History["commitTimes"] = async (paths) => {
    asked += 1;
    return paths === undefined ? answer : new Map([...answer].filter(([each]) => paths.includes(each)));
  };
  return { history: { commitTimes }, asked: () => asked };
}

function disk(files: Readonly<Record<string, string | Uint8Array>> = {}) {
  return createMemoryFileSystem({ files: { "/repo/.gov/cache/.keep": "", ...files } });
}

describe("openCachedHistory()", () => {
  it("asks once for each revision, and answers for any paths (IDX-01)", async () => {
    const fs = disk();
    const { history, asked } = historyOf(times);
    let head: string | null = "one";
    const cached = openCachedHistory({ history, revision: async () => head, path, fs });
    expect(await cached.commitTimes()).toEqual(times);
    expect(await cached.commitTimes(["__proto__", "unknown"])).toEqual(new Map([["__proto__", 5]]));
    expect(await openCachedHistory({ history, revision: async () => "one", path, fs }).commitTimes()).toEqual(times);
    expect(asked()).toBe(1);
    head = "two";
    await cached.commitTimes([]);
    expect(asked()).toBe(2);
    head = null;
    expect(await cached.commitTimes(["plans/a.md"])).toEqual(new Map([["plans/a.md", 1_700_000_000]]));
    expect(asked()).toBe(3);
  });

  it("keeps nothing where the folder is missing, and creates none", async () => {
    const fs = createMemoryFileSystem({ files: { "/repo/a.md": "" } });
    const { history, asked } = historyOf(times);
    const cached = openCachedHistory({ history, revision: async () => "one", path, fs });
    for (let time = 1; time <= 2; time++) expect(await cached.commitTimes()).toEqual(times);
    expect(asked()).toBe(2);
    expect([...fs.files().keys()]).toEqual(["/repo/a.md"]);
  });

  it("reads the file of version 1, and knows nothing of one in which any byte differs or is missing", async () => {
    const golden = readFileSync(new URL("./fixtures/commit-times-v1", import.meta.url));
    const answers = async (bytes: Uint8Array): Promise<number> => {
      const { history, asked } = historyOf(times);
      const cached = openCachedHistory({ history, revision: async () => "c0ffee", path, fs: disk({ [path]: bytes }) });
      expect(await cached.commitTimes()).toEqual(times);
      return asked();
    };
    expect(await answers(golden)).toBe(0);
    for (let at = 0; at < golden.length; at++) {
      const flipped = Uint8Array.from(golden);
      flipped[at] = (flipped[at] as number) ^ 1;
      expect(await answers(flipped), `byte ${at} flipped`).toBe(1);
      expect(await answers(golden.subarray(0, at)), `${at} bytes left`).toBe(1);
    }
  });
});
