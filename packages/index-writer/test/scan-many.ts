import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

/** What a scan in a process of its own found. */
export interface ManyScanned {
  readonly files: number;
  readonly findings: number;
  readonly hashed: number;
  readonly reused: number;
  readonly rssBytes: number;
}

/** Scans a tree of many small files and a few large ones twice, each time in a process whose heap is bounded. */
export function scanMany(count: number, heapMegabytes: number): readonly [first: ManyScanned, second: ManyScanned] {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "gov-many-")));
  try {
    for (let number = 0; number < count; number++) {
      const folder = join(root, `d${Math.floor(number / 500)}`);
      if (number % 500 === 0) mkdirSync(folder);
      writeFileSync(join(folder, `file-${number}.md`), `text ${number}`);
    }
    for (let number = 0; number < 4; number++) {
      writeFileSync(join(root, `large-${number}.bin`), "");
      truncateSync(join(root, `large-${number}.bin`), 40_000_000);
    }
    const scan = (): ManyScanned => {
      const options = [`--max-old-space-size=${heapMegabytes}`, "--conditions=@gov/source", "--experimental-strip-types"];
      const env = { ...process.env, NODE_NO_WARNINGS: "1" };
      return JSON.parse(
        execFileSync(process.execPath, [...options, join(import.meta.dirname, "scan-many.mjs"), root], { encoding: "utf8", env }),
      ) as ManyScanned;
    };
    return [scan(), scan()];
  } finally {
    rmSync(root, { recursive: true });
  }
}
