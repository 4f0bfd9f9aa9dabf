import { createHash } from "node:crypto";
import { join, relative, sep } from "node:path";
import { readFileBounded } from "@gov/index-writer";
import { type Context, stampLength } from "../context.ts";
import { cachePlace } from "./cache-place.ts";
import { settleMs } from "./check-cache.ts";
import { type ListedFile, sidecarSuffix } from "./load-documents.ts";
import type { GovernedRoot } from "./open-root.ts";
import { storageFolder } from "./storage-folder.ts";

/** Which documents look as they did when the index was last written from them. */
export interface IndexCache {
  /** The paths among those given, sidecars included, whose record, or lack of one, in the index is what reading them again would give. */
  readonly unchanged: (files: readonly ListedFile[]) => ReadonlySet<string>;
  /** Whether the index is still the one that was written then. */
  readonly isOf: (digest: string | null) => boolean;
}

interface CacheFile {
  readonly key: string;
  /** Of the bytes of `artifacts_index.json`. */
  readonly index: string;
  readonly paths: readonly string[];
  /** What each of them looked like, one after the other, as the numbers stand in memory; in Base64. */
  readonly stamps: string;
}

const cachePath = "cache/index-v1.json";
const maxCacheBytes = 1 << 27;
const maxIndexBytes = 1 << 30;

/** What the last writing of the index left, if the same configuration and version decide now. Anything odd about the file counts as no cache. */
export async function readIndexCache(context: Context, root: GovernedRoot): Promise<IndexCache | null> {
  const read = await readFileBounded(join(storageFolder(context, root.directory), cachePath), { maxBytes: maxCacheBytes, fs: context.fs });
  if (!read.ok) return null;
  try {
    const { key, index, paths, stamps } = JSON.parse(Buffer.from(read.value).toString("utf8")) as CacheFile;
    if (key !== keyOf(context, root)) return null;
    const known = new Map(paths.map((path, at) => [path, at * stampLength]));
    // Copied, since the numbers must begin where numbers may.
    const then = new Float64Array(new Uint8Array(Buffer.from(stamps, "base64")).buffer);
    if (then.length !== paths.length * stampLength) return null;
    return { isOf: (digest) => digest === index, unchanged: (files) => unchangedOf(context, { files, known, then }) };
  } catch {
    return null;
  }
}

/**
 * Keeps what the documents looked like from which the index was written. One that changed so shortly before it was read that it may change again without looking
 * different is left out, and read next time. A failure to keep it is none of the command.
 */
export async function writeIndexCache(
  context: Context,
  root: GovernedRoot,
  { files, digest, startedMs }: { readonly files: readonly ListedFile[]; readonly digest: string; readonly startedMs: number },
): Promise<void> {
  const path = await cachePlace(context, storageFolder(context, root.directory), cachePath);
  if (path === null) return;
  const isSettled = (stamps: Float64Array, at: number): boolean => (stamps[(at + 1) * stampLength - 1] as number) < startedMs - settleMs;
  const configured = context.stamps(root.configFiles);
  if (!root.configFiles.every((_, at) => isSettled(configured, at))) return;
  const stamps = context.stamps(files.map(({ absolute }) => absolute));
  // With a sidecar that may change unseen its document may, too.
  const restless = new Set(files.flatMap(({ path }, at) => (isSettled(stamps, at) ? [] : path)));
  const settled = files.flatMap(({ path }, at) =>
    restless.has(path) || restless.has(path + sidecarSuffix) ? [] : [{ path, at: at * stampLength }],
  );
  const kept = new Float64Array(settled.length * stampLength);
  settled.forEach(({ at }, to) => kept.set(stamps.subarray(at, at + stampLength), to * stampLength));
  const file: CacheFile = {
    key: keyOf(context, root),
    index: digest,
    paths: settled.map((each) => each.path),
    stamps: Buffer.from(kept.buffer).toString("base64"),
  };
  const { replaceFile } = await import("@gov/atomic-io");
  try {
    await replaceFile(path, JSON.stringify(file), { fs: context.cacheFs, durability: "process" });
  } catch {
    // Without a cache the next index is slower, and right all the same.
  }
}

/** Digest of the index as it stands; null where there is none that can be read. */
export async function indexFileDigest({ fs }: Context, directory: string): Promise<string | null> {
  const read = await readFileBounded(join(directory, "artifacts_index.json"), { maxBytes: maxIndexBytes, fs });
  return read.ok ? createHash("sha256").update(read.value).digest("hex") : null;
}

/** A document is what it and its sidecar make it: it is unchanged only when both are, or when there was no sidecar and there is none. */
function unchangedOf(
  { stamps }: Context,
  {
    files,
    known,
    then,
  }: { readonly files: readonly ListedFile[]; readonly known: ReadonlyMap<string, number>; readonly then: Float64Array },
): ReadonlySet<string> {
  const now = stamps(files.map(({ absolute }) => absolute));
  const places = new Map(files.map(({ path }, at) => [path, at * stampLength]));
  const isSame = (path: string): boolean => {
    const [from, to] = [known.get(path), places.get(path)];
    if (from === undefined || to === undefined) return from === to;
    for (let at = 0; at < stampLength; at++) if (then[from + at] !== now[to + at]) return false;
    return true;
  };
  return new Set(
    files.flatMap(({ path }) => {
      const owner = path.endsWith(sidecarSuffix) ? path.slice(0, -sidecarSuffix.length) : path;
      return isSame(owner) && isSame(owner + sidecarSuffix) ? path : [];
    }),
  );
}

/** Whatever else decides what the record of a document is. */
function keyOf({ stamps, version }: Context, { directory, configPath, configFiles }: GovernedRoot): string {
  const inside = configFiles.map((file) => relative(directory, file).split(sep).join("/"));
  return JSON.stringify([1, version, directory, configPath, inside, [...stamps(configFiles)]]);
}
