import { join } from "node:path";
import { isTemporaryName } from "@gov/atomic-io";
import type { Finding } from "@gov/schema";
import { fileFinding } from "../../scan/file-finding.ts";
import { createIgnoreRules, type IgnoreRules } from "./ignore-rules.ts";
import type { Breathe, ScanFileSystem, ScanStat } from "../../scan/scan-file-system.ts";

/** What a walk goes by. */
export interface WalkInput {
  readonly fs: ScanFileSystem;
  /** Real path of the root. */
  readonly root: string;
  readonly matches: (path: string) => boolean;
  readonly skip: ReadonlySet<string>;
  readonly maxDepth: number;
  readonly symlinks: "follow_inside" | "refuse" | "skip";
  readonly gitignore: "respect" | "disregard";
  readonly signal: AbortSignal | undefined;
  readonly breathe: Breathe;
}

/** A file of the tree with what it looked like. */
interface WalkedFile {
  readonly path: string;
  readonly absolute: string;
  readonly stat: ScanStat;
}

/** A walk as far as it has come. */
export interface Walk extends WalkInput {
  /** In the order of the paths by code unit, as long as no name is spelled in another Unicode form than NFC. */
  readonly files: WalkedFile[];
  readonly findings: Finding[];
  /** Topmost entries that a `.gitignore` leaves out; a directory ends with a slash. */
  readonly ignored: string[];
}

interface Directory {
  readonly absolute: string;
  /** Relative to the root with a slash at its end; empty for the root itself. */
  readonly prefix: string;
  readonly depth: number;
  readonly rules: IgnoreRules;
}

const breatheEvery = 2_000;

/** Walks the tree under the root. */
export async function walkTree(input: WalkInput): Promise<Walk> {
  const walk: Walk = { ...input, files: [], findings: [], ignored: [] };
  const rules = input.gitignore === "respect" ? await rulesAbove(input) : createIgnoreRules(null);
  await walkDirectory(walk, { absolute: input.root, prefix: "", depth: 0, rules });
  return walk;
}

/** The rules that hold in the root: those of the repository that it lies in, from its top down. */
async function rulesAbove({ fs, root }: WalkInput): Promise<IgnoreRules> {
  const names: string[] = [];
  let top = root;
  while (!(await exists(fs, `${slashed(top)}.git`))) {
    const cut = top.lastIndexOf("/");
    // No repository: only what lies under the root decides.
    if (top === "/" || cut < 0) return createIgnoreRules(await ignoreText(fs, root));
    names.unshift(top.slice(cut + 1));
    top = cut === 0 ? "/" : top.slice(0, cut);
  }
  let rules = createIgnoreRules(await ignoreText(fs, top));
  for (const name of names) {
    top = slashed(top) + name;
    rules = rules.enter(name, await ignoreText(fs, top));
  }
  return rules;
}

async function walkDirectory(walk: Walk, directory: Directory): Promise<void> {
  walk.signal?.throwIfAborted();
  const { fs, skip } = walk;
  const shown = directory.prefix.slice(0, -1) || ".";
  if (directory.depth > walk.maxDepth) {
    walk.findings.push(fileFinding("INDEX_DEPTH_EXCEEDED", shown, `the directory is more than ${walk.maxDepth} deep`));
    return;
  }
  let names: readonly string[];
  try {
    const listed = fs.readdir(directory.absolute);
    names = listed instanceof Promise ? await listed : listed;
  } catch (error) {
    walk.findings.push(fileFinding("INDEX_DIRECTORY_UNREADABLE", shown, `the directory cannot be read: ${reasonOf(error)}`));
    return;
  }
  const entries = await lookAt(walk, directory, names);
  for (const { name, spelled, stat } of entries) {
    const isDirectory = isStat(stat) && stat.kind === "directory";
    if (isDirectory && (skip.has(name) || skip.has(spelled))) continue;
    const path = directory.prefix + spelled;
    if (directory.rules.ignores(name, isDirectory)) {
      walk.ignored.push(isDirectory ? `${path}/` : path);
      continue;
    }
    const absolute = slashed(directory.absolute) + name;
    if (isDirectory) await enter(walk, directory, { name, absolute, path });
    else if (walk.matches(path)) await takeFile(walk, { path, absolute }, stat);
  }
}

async function enter(
  walk: Walk,
  from: Directory,
  at: { readonly name: string; readonly absolute: string; readonly path: string },
): Promise<void> {
  const { name, absolute, path } = at;
  const text = walk.gitignore === "respect" ? await ignoreText(walk.fs, absolute) : null;
  await walkDirectory(walk, { absolute, prefix: `${path}/`, depth: from.depth + 1, rules: from.rules.enter(name, text) });
}

interface Entry {
  readonly name: string;
  readonly spelled: string;
  readonly stat: unknown;
}

/** All entries of a directory in the order of the paths they lead to: a directory stands where its name and a slash would. */
async function lookAt(walk: Walk, { absolute }: Directory, names: readonly string[]): Promise<readonly Entry[]> {
  const { fs } = walk;
  const wanted = names.filter((name) => !isTemporaryName(name));
  const stats: unknown[] = [];
  for (const [index, name] of wanted.entries()) {
    stats.push(lookAtOne(fs, slashed(absolute) + name));
    if (index % breatheEvery === breatheEvery - 1) await walk.breathe();
  }
  // One round for all that answer later: a call at a time would spend most of a walk waiting.
  const settled = stats.some((stat) => stat instanceof Promise) ? await Promise.all(stats) : stats;
  await walk.breathe();
  return wanted
    .map((name, index) => ({ name, spelled: name.normalize("NFC"), stat: settled[index] }))
    .sort((a, b) => byCodeUnit(orderOf(a), orderOf(b)));
}

function lookAtOne(fs: ScanFileSystem, path: string): unknown {
  try {
    const stat = fs.lstat(path);
    return stat instanceof Promise ? stat.catch((error: unknown) => error) : stat;
  } catch (error) {
    return error;
  }
}

function orderOf({ spelled, stat }: Entry): string {
  return isStat(stat) && stat.kind === "directory" ? `${spelled}/` : spelled;
}

async function takeFile(walk: Walk, at: { readonly path: string; readonly absolute: string }, stat: unknown): Promise<void> {
  if (!isStat(stat)) {
    walk.findings.push(fileFinding("INDEX_FILE_UNREADABLE", at.path, `the file cannot be examined: ${reasonOf(stat)}`));
  } else if (stat.kind === "file") {
    walk.files.push({ ...at, stat });
  } else if (stat.kind === "symlink") {
    await takeLinked(walk, at);
  } else {
    walk.findings.push(fileFinding("INDEX_FILE_SPECIAL", at.path, "the file is a pipe, a socket or a device"));
  }
}

async function takeLinked(walk: Walk, { path, absolute }: { readonly path: string; readonly absolute: string }): Promise<void> {
  if (walk.symlinks === "skip") return;
  if (walk.symlinks === "refuse") {
    walk.findings.push(fileFinding("INDEX_LINK_REFUSED", path, "it is a symbolic link, and links are refused here"));
    return;
  }
  try {
    const real = await walk.fs.realpath(absolute);
    const stat = await walk.fs.stat(real);
    if (stat.kind === "directory") return;
    if (stat.kind !== "file") walk.findings.push(fileFinding("INDEX_FILE_SPECIAL", path, "the link leads to a pipe, a socket or a device"));
    else if (!real.startsWith(join(walk.root, "/")))
      walk.findings.push(fileFinding("INDEX_LINK_OUTSIDE", path, "the link leads out of the root"));
    else walk.files.push({ path, absolute: real, stat });
  } catch (error) {
    walk.findings.push(fileFinding("INDEX_FILE_UNREADABLE", path, `the link cannot be followed: ${reasonOf(error)}`));
  }
}

async function exists(fs: ScanFileSystem, path: string): Promise<boolean> {
  try {
    await fs.lstat(path);
    return true;
  } catch {
    return false;
  }
}

const maxIgnoreBytes = 1 << 20;

/** Text of a directory's `.gitignore`; null when there is none that git would read: it follows no link here. */
async function ignoreText(fs: ScanFileSystem, directory: string): Promise<string | null> {
  const path = `${slashed(directory)}.gitignore`;
  try {
    const stat = await fs.lstat(path);
    if (stat.kind !== "file" || stat.size > maxIgnoreBytes) return null;
    const handle = await fs.open(path, "read");
    try {
      const bytes = new Uint8Array(stat.size);
      const length = await handle.read(bytes, 0);
      return Buffer.from(bytes.buffer, 0, length).toString("utf8");
    } finally {
      await handle.close();
    }
  } catch {
    // What cannot be read hides nothing: more is looked at, not less.
    return null;
  }
}

function slashed(directory: string): string {
  return directory.endsWith("/") ? directory : `${directory}/`;
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isStat(value: unknown): value is ScanStat {
  return typeof value === "object" && value !== null && "kind" in value;
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  return typeof code === "string" ? code : "an unknown error";
}
