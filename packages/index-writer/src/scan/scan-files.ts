import { compareFindings, type Finding } from "@gov/schema";
import { byPath } from "../index-record.ts";
import { nodeBreathe } from "../node-breathe.ts";
import { fileFinding } from "./file-finding.ts";
import { nodeScanFileSystem } from "./node-scan-file-system.ts";
import type { Breathe, ScanFileSystem } from "./scan-file-system.ts";
import { atLeast } from "../internal/option-range.ts";
import { type NodeTreeOptions, openNodeTree } from "../internal/scan/node-tree.ts";
import { openTreeThrough, type SeenFile } from "../internal/scan/tree-reader.ts";
import { walkTree } from "../internal/scan/walk-tree.ts";
import { wantedPaths } from "../internal/scan/wanted-paths.ts";

/** Options of {@link scanFiles}. */
export interface ScanFilesOptions {
  /** Globs of the files wanted, in the dialect of `compileGlobs` of `@gov/schema`. @default every file */
  readonly include?: readonly string[] | undefined;
  /** Globs of files that are not wanted though `include` names them. @default none */
  readonly exclude?: readonly string[] | undefined;
  /** Decides beside the globs, by the path relative to the root, POSIX and NFC, whether a file is wanted. @default every file */
  readonly matches?: ((path: string) => boolean) | undefined;
  /**
   * Whether what a `.gitignore` of the repository names is left out. Only files that are committed decide, so that every clone gives the same list: neither
   * `.git/info/exclude` nor the user's own settings are read, and a tracked file that a line matches is left out too. @default "respect"
   */
  readonly gitignore?: "respect" | "disregard" | undefined;
  /**
   * What a symbolic link to a wanted file is: the file it leads to, if that lies inside the root; a finding; or nothing. A link to a directory is never
   * entered. @default "follow_inside"
   */
  readonly symlinks?: "follow_inside" | "refuse" | "skip" | undefined;
  /** Names of directories that are not entered, at any depth. @default [".git", ".gov", "node_modules"] */
  readonly skipDirectories?: readonly string[] | undefined;
  /** How many directories deep the walk goes. @default 64 */
  readonly maxDepth?: number | undefined;
  /** Ends the walk; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** @default the machine's, answering at once */
  readonly fs?: ScanFileSystem | undefined;
  /** Lets other work run in between. @default a turn of the event loop */
  readonly breathe?: Breathe | undefined;
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
  /** Paths that a `.gitignore` left out, sorted; a directory stands for all below it and ends with a slash. */
  readonly ignored: readonly string[];
}

/**
 * Lists the wanted files under a root, in an order that follows from their paths alone. Never leaves the root: a symbolic link to a file is followed only when
 * the file lies inside it, one to a directory never. What cannot be listed becomes a finding, not an exception; temporaries of `@gov/atomic-io` are passed over.
 *
 * @throws the Node error when the root itself cannot be resolved; RangeError when `maxDepth` is out of range.
 * @example List documents
 * ```ts
 * import assert from "node:assert/strict";
 * import { mkdir, writeFile } from "node:fs/promises";
 * import { scanFiles } from "@gov/index-writer";
 *
 * await mkdir("docs");
 * await writeFile("docs/plan.md", "# Plan\n");
 * await writeFile("docs/notes.txt", "");
 * await writeFile("docs/.gitignore", "draft-*\n");
 * await writeFile("docs/draft-plan.md", "");
 * const { files, findings, ignored } = await scanFiles(".", { include: ["**" + "/*.md"] });
 * assert.deepEqual(files.map((file) => [file.path, file.size]), [["docs/plan.md", 7]]);
 * assert.deepEqual([findings, ignored], [[], ["docs/draft-plan.md"]]);
 * ```
 */
export async function scanFiles(root: string, options: ScanFilesOptions = {}): Promise<ScanFilesResult> {
  const { files, findings, ignored } = await scanTree(root, options, { task: "examine", expected: null });
  return { files: files.map(({ path, absolute, stat }) => ({ path, size: stat.size, absolute })), findings, ignored };
}

/** A file of {@link scanTree}. */
export interface TreeFile {
  readonly path: string;
  readonly absolute: string;
  readonly stat: SeenFile;
}

/** Does the work of {@link scanFiles} and keeps what each file looked like; on the machine files may be read in the same go, unless they are large. */
export async function scanTree(
  root: string,
  options: ScanFilesOptions,
  on: Pick<NodeTreeOptions, "task" | "expected">,
): Promise<ScanFilesResultOf<TreeFile>> {
  const { fs, breathe = nodeBreathe, skipDirectories = [".git", ".gov", "node_modules"], maxDepth = 64 } = options;
  const { symlinks = "follow_inside", gitignore = "respect", signal } = options;
  atLeast(0, maxDepth, "Cannot scan: maxDepth");
  const wanted = wantedPaths(options);
  if (!wanted.ok) return { files: [], findings: wanted.findings, ignored: [] };
  const real = await (fs ?? nodeScanFileSystem).realpath(root);
  const tree = fs === undefined ? openNodeTree({ ...on, root: real }) : openTreeThrough(fs, breathe);
  const walked = await walkTree({
    tree,
    breathe,
    maxDepth,
    symlinks,
    gitignore,
    signal,
    root: real,
    matches: wanted.value,
    skip: new Set(skipDirectories),
  });
  const { findings, ignored } = walked;
  const files = walked.respelled ? sortedOnce(walked.files, findings) : walked.files;
  return { files, findings: findings.sort(compareFindings), ignored: ignored.sort() };
}

function sortedOnce(files: TreeFile[], findings: Finding[]): readonly TreeFile[] {
  files.sort(byPath);
  return files.filter(({ path }, index) => {
    if (index === 0 || files[index - 1]?.path !== path) return true;
    findings.push(fileFinding("INDEX_PATH_AMBIGUOUS", path, "two files have this name in different Unicode spellings"));
    return false;
  });
}

interface ScanFilesResultOf<File> extends Pick<ScanFilesResult, "findings" | "ignored"> {
  readonly files: readonly File[];
}
