import { basename, join } from "node:path";
import { type FileSystem, nodeFileSystem } from "@gov/atomic-io";

/**
 * Returns the paths of a log's archives in a directory, in their order: `index-0000000001-0000000100.jsonl` of the log `index.jsonl` holds its entries 1 to 100.
 * A directory that is not there holds none; other files in it are nobody's archives.
 */
export async function listAuditArchives(
  path: string,
  directory: string,
  { fs = nodeFileSystem }: { readonly fs?: FileSystem | undefined } = {},
): Promise<readonly string[]> {
  const names = await namesIn(directory, fs);
  return names.filter((name) => lastArchived(path, name) !== null).map((name) => join(directory, name));
}

/** Name of the archive of a log that holds the entries from one to another; names sort as their entries do. */
export function archiveName(path: string, { first, last }: { readonly first: number; readonly last: number }): string {
  const [stem, extension] = partsOf(path);
  return `${stem}-${padded(first)}-${padded(last)}${extension}`;
}

/** Number of the last entry in an archive, as its name says; null for what is no archive of this log. */
export function lastArchived(path: string, archive: string): number | null {
  const [stem, extension] = partsOf(path);
  const name = basename(archive);
  if (!name.startsWith(`${stem}-`) || !name.endsWith(extension)) return null;
  const numbers = /^\d{10,15}-(\d{10,15})$/.exec(name.slice(stem.length + 1, name.length - extension.length));
  return numbers === null ? null : Number(numbers[1]);
}

function partsOf(path: string): readonly [stem: string, extension: string] {
  const name = basename(path);
  const dot = name.lastIndexOf(".");
  return dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
}

function padded(seq: number): string {
  return String(seq).padStart(10, "0");
}

async function namesIn(directory: string, fs: FileSystem): Promise<readonly string[]> {
  try {
    return await fs.readdir(directory);
  } catch (error) {
    if ((error as { code?: unknown }).code === "ENOENT") return [];
    throw error;
  }
}
