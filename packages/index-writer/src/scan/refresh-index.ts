import { nodeFileSystem, type FileSystem } from "@gov/atomic-io";
import { compareFindings, type Finding, type Result } from "@gov/schema";
import { type Digest, digestBytes } from "@gov/schema/canonical";
import type { ArtifactIndex } from "../artifact-index.ts";
import { type IndexRecord, recordFault } from "../index-record.ts";
import { fileFinding } from "./file-finding.ts";
import { readFileBounded } from "./read-file-bounded.ts";
import { type HashedFile, scanContents, type ScanContentsOptions } from "./scan-contents.ts";

/** A file whose record is wanted. */
export interface RecordInput {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly digest: Digest;
}

/** Options of {@link refreshIndex}. */
export interface RefreshIndexOptions extends Omit<ScanContentsOptions, "fs"> {
  /** The record of a file, from its path and bytes alone; null when it is not to be indexed. Its findings are passed on. */
  readonly toRecord: (file: RecordInput) => Result<IndexRecord | null>;
  /** Which files are read: those whose content the index does not have yet, or all, as when the rules that records follow from have changed. @default "changed" */
  readonly read?: "changed" | "all" | undefined;
  /** @default nodeFileSystem, and the machine's for the scan */
  readonly fs?: FileSystem | undefined;
}

/** What {@link refreshIndex} did. */
export interface RefreshIndexResult {
  readonly put: number;
  readonly removed: number;
  /** Files whose content was read for their record. */
  readonly read: number;
  readonly findings: readonly Finding[];
}

/**
 * Brings an open index up to date with the files under a root, reading only what changed: the records of new and changed files are put, those of files that are
 * gone or give none are removed, all in one change. A file that cannot be read keeps the record it has, and is a finding; so do all below a directory that cannot
 * be, and all there are when globs cannot be used. So does one whose record the index cannot keep, as for a name with a backslash.
 *
 * @throws {@link IndexError} the codes of `put` and `remove`; nothing is changed then.
 * @example Index a folder
 * ```ts
 * import assert from "node:assert/strict";
 * import { writeFile } from "node:fs/promises";
 * import { openIndex, refreshIndex } from "@gov/index-writer";
 *
 * await writeFile("plan.md", "# Plan\n");
 * const index = await openIndex(".");
 * const toRecord = ({ path, bytes, digest }) => ({
 *   ok: true,
 *   findings: [],
 *   value: { path, id: path, kind: "plan", version: null, status: null, title: null, owners: [], tags: [], digest, size: bytes.byteLength },
 * });
 * const { put } = await refreshIndex(index, ".", { include: ["*.md"], toRecord });
 * await index.close();
 * assert.equal(put, 1);
 * ```
 */
export async function refreshIndex(index: ArtifactIndex, root: string, options: RefreshIndexOptions): Promise<RefreshIndexResult> {
  const { fs, toRecord, read: whichRead = "changed", ...scanOptions } = options;
  const scan = await scanContents(root, { ...scanOptions, fs });
  const findings: Finding[] = [...scan.findings];
  const kept = new Set(scan.findings.map(({ path }) => path));
  const unseen = scan.findings.flatMap((finding) => placeUnseen(finding));
  const put: IndexRecord[] = [];
  let read = 0;
  for (const file of scan.files) {
    if (whichRead === "changed" && index.get(file.path)?.digest === file.digest) {
      kept.add(file.path);
      continue;
    }
    read += 1;
    const bytes = await bytesOf(file, { fs, maxBytes: options.maxBytes });
    const record = bytes.ok ? toRecord({ path: file.path, digest: file.digest, bytes: bytes.value }) : bytes;
    for (const finding of record.findings) findings.push(finding);
    if (!bytes.ok) kept.add(file.path);
    if (!record.ok || record.value === null) continue;
    const fault = recordFault(record.value, file.path);
    if (fault !== null) {
      findings.push(fileFinding("INDEX_RECORD_REFUSED", file.path, fault));
      kept.add(file.path);
      continue;
    }
    put.push(record.value);
    kept.add(record.value.path);
  }
  const gone = index
    .list()
    .map(({ path }) => path)
    .filter((path) => !kept.has(path) && !unseen.some((place) => path.startsWith(place)));
  await index.change({ put, remove: gone });
  return { put: put.length, removed: gone.length, read, findings: findings.sort(compareFindings) };
}

/** What the paths begin with into which a scan has not looked, so that nothing there can be taken for gone. */
function placeUnseen({ code, path }: Finding): string | readonly [] {
  if (path === null) return "";
  if (code !== "INDEX_DIRECTORY_UNREADABLE" && code !== "INDEX_DEPTH_EXCEEDED") return [];
  return path === "." ? "" : `${path}/`;
}

async function bytesOf(
  { absolute, path, digest }: HashedFile,
  options: { readonly fs: FileSystem | undefined; readonly maxBytes: number | undefined },
): Promise<Result<Uint8Array>> {
  const { fs = nodeFileSystem, maxBytes } = options;
  const read = await readFileBounded(absolute, { path, fs, maxBytes });
  if (!read.ok || digestBytes(read.value) === digest) return read;
  return { ok: false, findings: [fileFinding("INDEX_FILE_CHANGED", path, "it changed while it was read")] };
}
