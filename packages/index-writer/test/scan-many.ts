import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { bundled } from "./bundle.ts";

/** What a scan in a process of its own found. */
export interface ManyScanned {
  readonly files: number;
  readonly findings: number;
  readonly hashed: number;
  readonly reused: number;
  readonly rssBytes: number;
}

/** Scans a tree of many small files and a few large ones twice, each time in a process whose heap is bounded. */
export async function scanMany(count: number, heapMegabytes: number): Promise<readonly [first: ManyScanned, second: ManyScanned]> {
  const programs = realpathSync(mkdtempSync(join(tmpdir(), "gov-program-")));
  const root = realpathSync(mkdtempSync(join(tmpdir(), "gov-many-")));
  try {
    const program = await bundled("scan-many.mjs", programs);
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
      const args = [`--max-old-space-size=${heapMegabytes}`, program, root];
      return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" })) as ManyScanned;
    };
    return [scan(), scan()];
  } finally {
    for (const each of [root, programs]) rmSync(each, { recursive: true });
  }
}
