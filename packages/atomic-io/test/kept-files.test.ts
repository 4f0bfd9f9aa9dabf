import { execFileSync } from "node:child_process";
import { readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { replaceFile } from "@gov/atomic-io";
import { createMemoryFileSystem, type FileSystemCall, type MemoryFileSystem } from "@gov/atomic-io/testing";
import { describe, expect, it } from "vitest";
import { scratchDirectory } from "./scratch.ts";

interface Recording {
  readonly fs: MemoryFileSystem;
  /** The calls since the last time, as words; temporaries are all alike. */
  readonly words: () => string[];
}

function recording(
  files: Readonly<Record<string, string>>,
  refuse: (call: FileSystemCall) => boolean = () => false,
  errno = "EMFILE",
): Recording {
  let words: string[] = [];
  const fs = createMemoryFileSystem({
    files,
    fault: (call) => {
      words.push(`${call.name} ${call.path.replace(/\.gov-tmp-[0-9a-f-]+/, "TEMPORARY")}`);
      return refuse(call) ? { errno } : undefined;
    },
  });
  return {
    fs,
    words: () => {
      const seen = words;
      words = [];
      return seen;
    },
  };
}

const replacedWith = async ({ fs, words }: Recording, text: string, options: object = {}): Promise<string[]> => {
  words();
  await replaceFile("/d/a", text, { fs, ...options });
  return words();
};

const hot = [
  "lstat /d/a",
  "open /d/TEMPORARY",
  "write /d/TEMPORARY",
  "fstat /d/TEMPORARY",
  "sync /d/TEMPORARY",
  "rename /d/TEMPORARY",
  "sync /d",
];

describe("replaceFile() of one file again and again", () => {
  it("keeps its content open when the name is another's, so that the rename frees nothing, and closes 64 at once while the directory is being synced", async () => {
    const recorded = recording({ "/d/a": "old" });
    for (const text of ["1", "2", "3"]) await replacedWith(recorded, text);
    for (let round = 1; round <= 130; round++) {
      const closed = round % 64 === 0 ? Array.from({ length: 64 }, () => "close /d/TEMPORARY") : [];
      expect(await replacedWith(recorded, `content ${round}`)).toEqual([...hot, ...closed]);
      expect(recorded.fs.text("/d/a")).toBe(`content ${round}`);
      for (const image of recorded.fs.crashImages()) expect(image.text("/d/a")).toBe(`content ${round}`);
    }
  });

  it("closes at once what takes more than 128 KiB, or 256 KiB together", async () => {
    const recorded = recording({ "/d/a": "old" });
    for (const text of ["1", "2", "3"]) await replacedWith(recorded, text);
    const closed = (count: number): string[] => Array.from({ length: count }, () => "close /d/TEMPORARY");
    const large = "x".repeat(100 * 1024);
    for (let round = 0; round < 3; round++) expect(await replacedWith(recorded, large)).toEqual(hot);
    expect(await replacedWith(recorded, "x".repeat(128 * 1024 + 1))).toEqual([...hot, ...closed(4)]);
    expect(await replacedWith(recorded, "small")).toEqual([...hot, ...closed(1)]);
  });

  it("closes it before it goes on with a disk that is full", async () => {
    for (const wanted of ["write", "open"]) {
      const refused = { left: 0 };
      const recorded = recording({ "/d/a": "old" }, ({ name }) => name === wanted && refused.left-- > 0, "ENOSPC");
      for (const text of ["1", "2", "3", "4", "5"]) await replacedWith(recorded, text);
      refused.left = 1;
      const words = await replacedWith(recorded, "6");
      const again = `${wanted} /d/TEMPORARY`;
      expect(words.slice(words.indexOf(again), words.lastIndexOf(again) + 1)).toEqual([
        again,
        "close /d/TEMPORARY",
        "close /d/TEMPORARY",
        again,
      ]);
      expect(recorded.fs.text("/d/a")).toBe("6");
      // With nothing more to give back, the refusal counts.
      refused.left = 2;
      await expect(replacedWith(recorded, "7")).rejects.toMatchObject({ details: { errno: "ENOSPC" } });
      expect(recorded.fs.text("/d/a")).toBe("6");
    }
  });

  it("closes it before it waits for a file to be opened once more, when too many are open", async () => {
    let refusing = false;
    const recorded = recording({ "/d/a": "old" }, (call) => refusing && call.name === "open");
    for (const text of ["1", "2", "3"]) await replacedWith(recorded, text);
    refusing = true;
    recorded.words();
    const written = replaceFile("/d/a", "4", { fs: recorded.fs });
    await sleep(1);
    refusing = false;
    await written;
    expect(recorded.words().slice(0, 3)).toEqual(["lstat /d/a", "open /d/TEMPORARY", "close /d/TEMPORARY"]);
  });

  it("never keeps a program open, which Linux then refuses to run", async () => {
    const recorded = recording({ "/d/a": "old" });
    for (const text of ["1", "2", "3"]) await replacedWith(recorded, text);
    const words = await replacedWith(recorded, "4", { mode: 0o755 });
    expect(words.indexOf("close /d/TEMPORARY")).toBeLessThan(words.indexOf("rename /d/TEMPORARY"));
    const path = join(scratchDirectory(), "program");
    for (const round of [1, 2, 3, 4]) {
      await replaceFile(path, `#!/bin/sh\necho ${round}\n`, { mode: 0o755 });
      expect(execFileSync(path, { encoding: "utf8" })).toBe(`${round}\n`);
    }
  });

  it("keeps 64 of them at most", async () => {
    let open = 0;
    const fs = createMemoryFileSystem({
      files: { "/d/a": "old" },
      fault: ({ name, path }) => {
        if (path.includes(".gov-tmp-") || path === "/d") open += name === "open" ? 1 : name === "close" ? -1 : 0;
        return undefined;
      },
    });
    for (let round = 0; round < 4; round++) {
      await Promise.all(Array.from({ length: 100 }, (_, index) => replaceFile(`/d/${index}`, String(round), { fs })));
      expect(open).toBeLessThanOrEqual(65);
    }
    expect(open).toBe(65);
  });

  it("lets go of every descriptor within a second", async () => {
    const directory = scratchDirectory();
    const open = (): number =>
      readdirSync("/proc/self/fd").filter((name) => {
        try {
          return readlinkSync(`/proc/self/fd/${name}`).startsWith(directory);
        } catch {
          return false;
        }
      }).length;
    for (let round = 0; round < 4; round++) {
      await Promise.all(Array.from({ length: 100 }, (_, index) => replaceFile(join(directory, String(index)), String(round))));
    }
    // At least the directory.
    expect(open()).toBeGreaterThan(0);
    for (let waited = 0; open() > 0 && waited < 40; waited++) await sleep(50);
    expect(open()).toBe(0);
  });
});

describe("replaceFile() of a large file", () => {
  it("holds the old one open meanwhile, so that it is freed beside the calling thread", async () => {
    const recorded = recording({ "/d/a": "x".repeat(128 * 1024 + 1), "/d/b": "" });
    await replaceFile("/d/b", "", { fs: recorded.fs });
    const words = await replacedWith(recorded, "small");
    expect(words).toEqual([...hot.slice(0, 5), "close /d/TEMPORARY", "open /d/a", ...hot.slice(5), "close /d/a"]);
  });

  it("is done without when the old one must not be read", async () => {
    const recorded = recording({ "/d/a": "x".repeat(128 * 1024 + 1), "/d/b": "" }, ({ name, path }) => name === "open" && path === "/d/a");
    await replaceFile("/d/b", "", { fs: recorded.fs });
    await replacedWith(recorded, "small");
    expect(recorded.fs.text("/d/a")).toBe("small");
  });
});
