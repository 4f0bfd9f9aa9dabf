import type { FileSystem } from "@gov/atomic-io";
import type { AuditArchive } from "../audit-report.ts";
import { listAuditArchives } from "../list-audit-archives.ts";
import { readWholeFile } from "./read-whole-file.ts";

/** Reads the archives of a log, in their order; undefined where none are kept. Read the log before: what leaves it meanwhile is in an archive already. */
export async function readArchives(
  path: string,
  { fs, archiveDirectory }: { readonly fs: FileSystem; readonly archiveDirectory: string | undefined },
): Promise<readonly AuditArchive[] | undefined> {
  if (archiveDirectory === undefined) return undefined;
  const archives: AuditArchive[] = [];
  for (const archive of await listAuditArchives(path, archiveDirectory, { fs }))
    archives.push({ path: archive, bytes: (await readWholeFile(archive, fs)) ?? new Uint8Array() });
  return archives;
}
