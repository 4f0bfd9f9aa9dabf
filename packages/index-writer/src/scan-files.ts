import { join } from "node:path";
import { type FileStat, type FileSystem, isTemporaryName, nodeFileSystem } from "@gov/atomic-io";
import { compareFindings, type Finding } from "@gov/schema";
import { fileFinding } from "./file-finding.ts";
import { byPath } from "./index-record.ts";

/** Options of {@link scanFiles}. */
export interface ScanFilesOptions {
  /** Decides by the path relative to the root, POSIX and NFC, whether a file is wanted. @default every file */
  readonly matches?: ((path: string) => boolean) | undefined;
  /** @default nodeFileSystem */
  readonly fs?: FileSystem | undefined;
  /** Names of directories that are not entered, at any depth. @default [".git", ".gov", "node_modules"] */
  readonly skipDirectories?: readonly string[] | undefined;
  /** How many directories deep the walk goes. @default 64 */
  readonly maxDepth?: number | undefined;
  /** Ends the walk; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** A file that was found. */
export interface ScannedFile {
  /** POSIX path relative to the root, NFC. */
  readonly path: string;
  /** Length in bytes when it was seen. */
  readonly size: number;
  /** Where it stands, as the file system spells it. */
  readonly absolute: string;
}

/** What a walk found. */
export interface ScanFilesResult {
  /** Sorted by path. */
  readonly files: readonly ScannedFile[];
  /** Everything wanted that is not in `files`, with the reason. */
  readonly findings: readonly Finding[];
}

/**
 * Lists the wanted files under a root, in an order that follows from their paths alone. Never leaves the root: a symbolic link to a file is followed only when
 * the file lies inside it, one to a directory never. What cannot be listed becomes a finding, not an exception; temporaries of `@gov/atomic-io` are passed over.
 *
 * @throws the Node error when the root itself cannot be resolved.
 * @example List documents
 * ```ts
 * import assert from "node:assert/strict";
 * import { mkdir, writeFile } from "node:fs/promises";
 * import { scanFiles } from "@gov/index-writer";
 *
 * await mkdir("docs");
 * await writeFile("docs/plan.md", "# Plan\n");
 * await writeFile("docs/notes.txt", "");
 * const { files, findings } = await scanFiles(".", { matches: (path) => path.endsWith(".md") });
 * assert.deepEqual(files.map((file) => [file.path, file.size]), [["docs/plan.md", 7]]);
 * assert.deepEqual(findings, []);
 * ```
 */
export async function scanFiles(root: string, options: ScanFilesOptions = {}): Promise<ScanFilesResult> {
  const { fs = nodeFileSystem, matches = () => true, skipDirectories = [".git", ".gov", "node_modules"], maxDepth = 64, signal } = options;
  const walk: Walk = {
    fs,
    matches,
    skip: new Set(skipDirectories),
    maxDepth,
    signal,
    root: await fs.realpath(root),
    files: new Map(),
    findings: [],
  };
  await walkDirectory(walk, { absolute: walk.root, path: "", depth: 0 });
  return { files: [...walk.files.values()].sort(byPath), findings: walk.findings.sort(compareFindings) };
}

interface Walk {
  readonly fs: FileSystem;
  readonly matches: (path: string) => boolean;
  readonly skip: ReadonlySet<string>;
  readonly maxDepth: number;
  readonly signal: AbortSignal | undefined;
  readonly root: string;
  readonly files: Map<string, ScannedFile>;
  readonly findings: Finding[];
}

interface Place {
  readonly absolute: string;
  /** Relative to the root; empty for the root itself. */
  readonly path: string;
  readonly depth: number;
}

async function walkDirectory(walk: Walk, directory: Place): Promise<void> {
  walk.signal?.throwIfAborted();
  if (directory.depth > walk.maxDepth) {
    walk.findings.push(fileFinding("INDEX_DEPTH_EXCEEDED", directory.path, `the directory is more than ${walk.maxDepth} deep`));
    return;
  }
  let names: readonly string[];
  try {
    names = await walk.fs.readdir(directory.absolute);
  } catch (error) {
    walk.findings.push(
      fileFinding("INDEX_DIRECTORY_UNREADABLE", directory.path || ".", `the directory cannot be read: ${reasonOf(error)}`),
    );
    return;
  }
  const places = names.filter((name) => !isTemporaryName(name)).map((name) => placeIn(directory, name));
  // One round for all names: a call at a time would spend most of a walk waiting.
  const stats = await Promise.all(places.map((place) => walk.fs.lstat(place.absolute).catch((error: unknown) => error)));
  for (const [index, place] of places.entries()) {
    const stat = stats[index];
    if (isStat(stat) && stat.kind === "directory") {
      if (!walk.skip.has(names[index] as string) && !walk.skip.has(nameOf(place))) await walkDirectory(walk, place);
    } else if (walk.matches(place.path)) {
      await takeFile(walk, place, stat);
    }
  }
}

async function takeFile(walk: Walk, place: Place, stat: unknown): Promise<void> {
  if (!isStat(stat)) {
    walk.findings.push(fileFinding("INDEX_FILE_UNREADABLE", place.path, `the file cannot be examined: ${reasonOf(stat)}`));
  } else if (stat.kind === "file") {
    add(walk, { path: place.path, size: stat.size, absolute: place.absolute });
  } else if (stat.kind === "symlink") {
    await takeLinked(walk, place);
  } else {
    walk.findings.push(fileFinding("INDEX_FILE_SPECIAL", place.path, "the file is a pipe, a socket or a device"));
  }
}

async function takeLinked(walk: Walk, place: Place): Promise<void> {
  try {
    const real = await walk.fs.realpath(place.absolute);
    const stat = await walk.fs.stat(real);
    if (stat.kind === "directory") return;
    if (stat.kind === "other")
      walk.findings.push(fileFinding("INDEX_FILE_SPECIAL", place.path, "the link leads to a pipe, a socket or a device"));
    else if (!isInside(walk.root, real))
      walk.findings.push(fileFinding("INDEX_LINK_OUTSIDE", place.path, "the link leads out of the root"));
    else add(walk, { path: place.path, size: stat.size, absolute: real });
  } catch (error) {
    walk.findings.push(fileFinding("INDEX_FILE_UNREADABLE", place.path, `the link cannot be followed: ${reasonOf(error)}`));
  }
}

function add(walk: Walk, file: ScannedFile): void {
  if (walk.files.has(file.path)) {
    walk.findings.push(fileFinding("INDEX_PATH_AMBIGUOUS", file.path, "two files have this name in different Unicode spellings"));
    return;
  }
  walk.files.set(file.path, file);
}

function placeIn(directory: Place, name: string): Place {
  const spelled = name.normalize("NFC");
  return {
    absolute: join(directory.absolute, name),
    path: directory.path === "" ? spelled : `${directory.path}/${spelled}`,
    depth: directory.depth + 1,
  };
}

function nameOf(place: Place): string {
  return place.path.slice(place.path.lastIndexOf("/") + 1);
}

function isInside(root: string, real: string): boolean {
  return real.startsWith(root.endsWith("/") ? root : join(root, "/"));
}

function isStat(value: unknown): value is FileStat {
  return typeof value === "object" && value !== null && "kind" in value;
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  return typeof code === "string" ? code : "an unknown error";
}
