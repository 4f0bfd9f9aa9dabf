import { createHash } from "node:crypto";
import { type FileSystem, nodeFileSystem, replaceFile } from "@gov/atomic-io";
import { isJsonObject } from "@gov/schema";
import type { History } from "./history.ts";
import { readFileBounded } from "./scan/read-file-bounded.ts";

/** Options of {@link openCachedHistory}. */
export interface OpenCachedHistoryOptions {
  /** What is asked when nothing is remembered. */
  readonly history: History;
  /** Names the state of the history, such as the commit that is checked out; with null nothing is remembered. What it names must never change. */
  readonly revision: () => Promise<string | null>;
  /** The file; its directory must exist, or nothing is remembered. */
  readonly path: string;
  /** @default nodeFileSystem */
  readonly fs?: FileSystem | undefined;
}

const format = "gov.commit_times";
const version = 1;
const maxBytes = 256 * 1024 * 1024;

/**
 * Remembers the commit times of every path in a file, for as long as the revision stays the same: a long history is read once for each. Losing the file costs
 * time and nothing else; one that does not prove itself whole, is of another version or of another revision counts as lost.
 *
 * @throws whatever `history` and `revision` throw.
 * @example Ask twice
 * ```ts
 * import assert from "node:assert/strict";
 * import { openCachedHistory } from "@gov/index-writer";
 *
 * let asked = 0;
 * const history = { commitTimes: async () => (asked++, new Map([["plan.md", 1_700_000_000]])) };
 * const cached = openCachedHistory({ history, revision: async () => "c0ffee", path: "commit-times-v1" });
 * assert.equal((await cached.commitTimes(["plan.md"])).get("plan.md"), 1_700_000_000);
 * assert.deepEqual([...(await cached.commitTimes(["other.md"]))], []);
 * assert.equal(asked, 1);
 * ```
 */
export function openCachedHistory({ history, revision, path, fs = nodeFileSystem }: OpenCachedHistoryOptions): History {
  return {
    commitTimes: async (paths) => {
      const at = await revision();
      if (at === null) return history.commitTimes(paths);
      const known = await load(fs, { path, revision: at });
      const times = known ?? (await history.commitTimes());
      if (known === null) await save(fs, { path, revision: at, times });
      return paths === undefined ? times : only(times, paths);
    },
  };
}

interface Kept {
  readonly path: string;
  readonly revision: string;
}

function only(times: ReadonlyMap<string, number>, paths: readonly string[]): ReadonlyMap<string, number> {
  return new Map(
    paths.flatMap((path) => {
      const time = times.get(path);
      return time === undefined ? [] : [[path, time] as const];
    }),
  );
}

async function load(fs: FileSystem, { path, revision }: Kept): Promise<ReadonlyMap<string, number> | null> {
  const read = await readFileBounded(path, { fs, maxBytes });
  if (!read.ok) return null;
  const text = Buffer.from(read.value).toString("utf8");
  const end = text.indexOf("\n");
  const head = parsed(text.slice(0, end));
  if (!isJsonObject(head) || head["format"] !== format || head["version"] !== version || head["revision"] !== revision) return null;
  const body = text.slice(end + 1);
  if (head["checksum"] !== checksumOf(body)) return null;
  return new Map(
    body
      .split("\0")
      .slice(0, -1)
      .map((row) => {
        const space = row.indexOf(" ");
        return [row.slice(space + 1), Number(row.slice(0, space))];
      }),
  );
}

async function save(fs: FileSystem, { path, revision, times }: Kept & { readonly times: ReadonlyMap<string, number> }): Promise<void> {
  const body = [...times].map(([name, time]) => `${time} ${name}\0`).join("");
  const head = JSON.stringify({ format, version, revision, checksum: checksumOf(body) });
  try {
    // It proves itself whole when it is read: a power cut may take it.
    await replaceFile(path, `${head}\n${body}`, { fs, durability: "none" });
  } catch {
    // Then the next one has to ask again.
  }
}

function checksumOf(body: string): string {
  return createHash("sha256").update(body).digest("hex");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
