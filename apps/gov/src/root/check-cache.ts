import { isAbsolute, join, relative, sep } from "node:path";
import type { Finding } from "@gov/schema";
import { type Context, stampLength } from "../context.ts";
import { cachePlace } from "./cache-place.ts";
import type { RootPlace } from "./locate-root.ts";
import { storageFolder } from "./storage-folder.ts";

/** What checking everything in a root found. */
export interface CheckResult {
  readonly files: number;
  readonly artifacts: number;
  readonly kinds: Readonly<Record<string, number>>;
  readonly findings: readonly Finding[];
}

interface CacheFile {
  readonly key: string;
  /** What was looked at: paths below the root, POSIX and relative to it, and absolute ones. */
  readonly looked: readonly string[];
  /** What each of them looked like, one after the other, as the numbers stand in memory; in Base64. */
  readonly stamps: string;
  readonly result: CheckResult;
}

const cachePath = "cache/check-v2.json";
const maxCacheBytes = 1 << 27;
/** Clocks of file systems tick coarsely: what changed so shortly before it was read may change again without looking different. */
export const settleMs = 50;

/** The result of the last check, if nothing that it looked at looks different now. Anything odd about the file counts as no cache. */
export async function readCheckCache(context: Context, place: RootPlace): Promise<CheckResult | null> {
  try {
    const text = await readText(context, join(storageFolder(context, place.directory), cachePath));
    const { key, looked, stamps, result } = JSON.parse(text) as CacheFile;
    if (key !== keyOf(context, place) || looked.length === 0) return null;
    const below = `${place.directory}${sep}`;
    const now = context.stamps(looked.map((path) => (isAbsolute(path) ? path : below + path)));
    return bytesOf(now).equals(Buffer.from(stamps, "base64")) ? result : null;
  } catch {
    return null;
  }
}

/** Keeps a result with what everything looked like, where a root has a folder to keep it in. A failure to do so is none of the check. */
export async function writeCheckCache(
  context: Context,
  place: RootPlace,
  { looked, result, startedMs }: { readonly looked: readonly string[]; readonly result: CheckResult; readonly startedMs: number },
): Promise<void> {
  const stamps = context.stamps(looked);
  const isSettled = stamps.every((value, at) => at % stampLength !== stampLength - 1 || value < startedMs - settleMs);
  if (!isSettled || stamps.length === 0) return;
  const path = await cachePlace(context, storageFolder(context, place.directory), cachePath);
  if (path === null) return;
  const named = looked.map((each) => {
    const inside = relative(place.directory, each);
    return inside === ".." || inside.startsWith(`..${sep}`) ? each : inside.split(sep).join("/");
  });
  const file: CacheFile = { key: keyOf(context, place), looked: named, stamps: bytesOf(stamps).toString("base64"), result };
  const { replaceFile } = await import("@gov/atomic-io");
  try {
    await replaceFile(path, JSON.stringify(file), { fs: context.cacheFs });
  } catch {
    // Without a cache the next check is slower, and right all the same.
  }
}

/** Whatever else decides on the result; the way of writing in force decides whether protected paths are guarded. */
function keyOf({ env, version }: Context, { configPath, directory }: RootPlace): string {
  return JSON.stringify([2, version, directory, configPath, env["MEMORY_WRITES_MODE"] ?? ""]);
}

function bytesOf({ buffer, byteOffset, byteLength }: Float64Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

async function readText({ fs }: Context, path: string): Promise<string> {
  const handle = await fs.open(path, "read");
  try {
    const { size } = await handle.stat();
    if (size > maxCacheBytes) throw new RangeError(`Cannot read the cache: ${size} bytes are more than ${maxCacheBytes}`);
    const bytes = Buffer.allocUnsafe(size);
    let at = 0;
    while (at < size) {
      const read = await handle.read(bytes.subarray(at), at);
      if (read === 0) break;
      at += read;
    }
    return bytes.toString("utf8", 0, at);
  } finally {
    await handle.close();
  }
}
