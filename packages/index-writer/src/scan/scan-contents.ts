import { join } from "node:path";
import { compareFindings, type Finding } from "@gov/schema";
import type { Digest } from "@gov/schema/canonical";
import { nodeBreathe } from "../node-breathe.ts";
import type { ContentHasher, HashFault } from "./content-hasher.ts";
import { fileFinding } from "./file-finding.ts";
import { hashThrough } from "../internal/scan/hash-through.ts";
import { nodeHashFiles } from "../internal/scan/node-hash-files.ts";
import { type ScannedFile, scanTree, type ScanFilesOptions, type TreeFile } from "./scan-files.ts";
import { openStatCache, type StatCache } from "./stat-cache.ts";
import { isOlder, millisecondsOf } from "../internal/scan/noted-stat.ts";
import { atLeast } from "../internal/option-range.ts";
import { decodeStatTable, encodeStatTable, type StatRow, type StatTable } from "../internal/scan/stat-table.ts";

/** Options of {@link scanContents}. */
export interface ScanContentsOptions extends ScanFilesOptions {
  /** The largest file that is hashed, in bytes; a larger one is a finding. @default 16 MiB */
  readonly maxBytes?: number | undefined;
  /** Where known digests are kept; null for nowhere, so that every file is read. @default `.gov/cache/stat-v2` under the root; null with another `fs` */
  readonly cache?: StatCache | null | undefined;
  /** Digests files. @default threads of the machine, or one file after the other through `fs` */
  readonly hasher?: ContentHasher | undefined;
}

/** A file with the digest of its content. */
export interface HashedFile extends ScannedFile {
  readonly digest: Digest;
}

/** What {@link scanContents} found. */
export interface ScanContentsResult {
  /** Sorted by path. */
  readonly files: readonly HashedFile[];
  /** Everything wanted that is not in `files`, with the reason. */
  readonly findings: readonly Finding[];
  /** Paths that a `.gitignore` left out, sorted; a directory stands for all below it and ends with a slash. */
  readonly ignored: readonly string[];
  /** Files whose content was read. */
  readonly hashed: number;
  /** Files whose digest was known. */
  readonly reused: number;
  /** What became of the cache; `unavailable` when it could not be written, which costs the next scan time. */
  readonly cache: "saved" | "unchanged" | "unavailable" | "none";
}

/**
 * Lists the wanted files under a root with the digests of their contents, reading only what may have changed since the last time. As git's index does, it takes
 * a file for unchanged while size, inode and both times of change are the same. The racy rule closes the gap that this leaves: a digest is remembered only if
 * the file's times lie before the moment at which the scan began, on the clock of the file system, so that no later write can leave the same times.
 *
 * @throws the Node error when the root itself cannot be resolved; the reason of `signal`; RangeError when a limit is out of range.
 * @example Read only what has changed
 * ```ts
 * import assert from "node:assert/strict";
 * import { writeFile } from "node:fs/promises";
 * import { setTimeout } from "node:timers/promises";
 * import { scanContents } from "@gov/index-writer";
 *
 * await writeFile("a.md", "a");
 * await writeFile("b.md", "b");
 * await setTimeout(50); // so that the files are older than the scan
 * assert.equal((await scanContents(".", { include: ["*.md"] })).hashed, 2);
 * await writeFile("b.md", "B");
 * const { hashed, reused } = await scanContents(".", { include: ["*.md"] });
 * assert.deepEqual({ hashed, reused }, { hashed: 1, reused: 1 });
 * ```
 */
export async function scanContents(root: string, options: ScanContentsOptions = {}): Promise<ScanContentsResult> {
  const { fs, maxBytes = 16 * 1024 * 1024, signal } = options;
  atLeast(0, maxBytes, "Cannot scan: maxBytes");
  const { hasher = fs === undefined ? nodeHashFiles : hashThrough(fs), breathe = nodeBreathe } = options;
  const { cache = fs === undefined ? openStatCache(join(root, ".gov", "cache", "stat-v2")) : null } = options;
  // Before the first look at a file: the racy rule rests on it.
  const [beganNs, table] = await Promise.all([stampOf(cache), tableOf(cache)]);
  const known = beganNs === null ? null : table;
  // With nothing known every file has to be read: then it is opened once, and read as it is found.
  const readsAll = options.hasher === undefined && (known === null || known.count === 0);
  const {
    files,
    findings: walked,
    ignored,
  } = await scanTree(root, options, {
    task: readsAll ? "read" : "examine",
    expected: readsAll ? null : known,
  });
  const findings = [...walked];
  const fitting: TreeFile[] = [];
  const found: PartlyHashed[] = [];
  /** Places of those whose content has to be read now. */
  const open: number[] = [];
  let reused = 0;
  for (const file of files) {
    const { path, absolute, stat } = file;
    const { size } = stat;
    if (size > maxBytes) {
      findings.push(fileFinding("INDEX_FILE_TOO_LARGE", path, `it has ${size} bytes, at most ${maxBytes} are read`));
      continue;
    }
    const digest = known?.digestOf(path, stat) ?? null;
    if (digest !== null) reused += 1;
    else if (stat.digest === undefined) open.push(found.length);
    found.push({ path, size, absolute, digest: digest ?? stat.digest ?? "INDEX_FILE_UNREADABLE" });
    fitting.push(file);
  }
  await breathe();
  const opened =
    open.length === 0
      ? []
      : await hasher(
          open.map((at) => fitting[at] as TreeFile),
          { signal },
        );
  open.forEach((at, index) => ((found[at] as PartlyHashed).digest = opened[index] as Digest | HashFault));
  const isWhole = found.every(isHashed);
  if (!isWhole) for (const { path, digest } of found) if (isFault(digest)) findings.push(fileFinding(digest, path, whyNot[digest]));
  const hashed = isWhole ? found : found.filter(isHashed);
  // Every row is known, and none is left over: what was settled then still is.
  const isSame = known !== null && reused === found.length && reused === known.count;
  return {
    files: hashed,
    findings: findings.sort(compareFindings),
    ignored,
    hashed: found.length - reused,
    reused,
    cache: cache === null ? "none" : isSame ? "unchanged" : await save(cache, beganNs === null ? null : rowsOf(fitting, found, beganNs)),
  };
}

interface PartlyHashed extends ScannedFile {
  digest: Digest | HashFault;
}

function isHashed(file: PartlyHashed): file is HashedFile {
  return !isFault(file.digest);
}

/** What may be remembered, by the racy rule: a write from now on gives the file a time that it does not have yet. */
function rowsOf(files: readonly TreeFile[], found: readonly PartlyHashed[], beganNs: bigint): readonly StatRow[] {
  const beganMs = millisecondsOf(beganNs);
  return files.flatMap(({ path, stat }, at) => {
    const { digest } = found[at] as PartlyHashed;
    return !isFault(digest) && isOlder(stat, beganMs) ? { path, stat, digest } : [];
  });
}

const whyNot: Readonly<Record<HashFault, string>> = {
  INDEX_FILE_CHANGED: "it changed while it was read",
  INDEX_FILE_UNREADABLE: "the file cannot be read",
};

function isFault(digest: Digest | HashFault): digest is HashFault {
  return digest === "INDEX_FILE_CHANGED" || digest === "INDEX_FILE_UNREADABLE";
}

async function stampOf(cache: StatCache | null): Promise<bigint | null> {
  try {
    return cache === null ? null : await cache.stampNs();
  } catch {
    return null;
  }
}

async function tableOf(cache: StatCache | null): Promise<StatTable | null> {
  const bytes = cache === null ? null : await cache.load();
  return bytes === null ? null : decodeStatTable(bytes);
}

async function save(cache: StatCache, rows: readonly StatRow[] | null): Promise<"saved" | "unavailable"> {
  if (rows === null) return "unavailable";
  try {
    await cache.save(encodeStatTable(rows));
    return "saved";
  } catch {
    return "unavailable";
  }
}
