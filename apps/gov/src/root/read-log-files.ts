import { basename } from "node:path";
import { readFileBounded } from "@gov/index-writer";
import { type AuditArchive, listAuditArchives } from "@gov/telemetry/audit";
import { InputError } from "../command.ts";
import type { Context } from "../context.ts";
import { maxLogBytes } from "./decision-log.ts";
import { isThere } from "./is-there.ts";

/** Where a log and its archives are, and what a person calls them. */
export interface LogFiles {
  readonly path: string;
  readonly archiveDirectory: string;
  readonly shown: string;
  readonly shownArchives: string;
}

/** The bytes of a log and of its archives. */
export interface LogBytes {
  readonly bytes: Uint8Array;
  readonly archives: readonly AuditArchive[];
}

/** An append takes a moment: whoever meets so many in a row is told. */
const maxTries = 20;

/** Reads a log and then its archives, so that what leaves the log meanwhile is read twice and never missed; null where there is neither. */
export async function readLogFiles(context: Context, files: LogFiles): Promise<LogBytes | null> {
  const { path, archiveDirectory, shown, shownArchives } = files;
  const isLogThere = await isThere(context, path);
  const bytes = isLogThere ? await readSettled(context, { path, shown, maxBytes: maxLogBytes }) : new Uint8Array();
  const archives: AuditArchive[] = [];
  let room = maxLogBytes - bytes.length;
  for (const archive of await listAuditArchives(path, archiveDirectory, { fs: context.fs })) {
    const named = `${shownArchives}/${basename(archive)}`;
    const held = await readSettled(context, { path: archive, shown: named, maxBytes: room });
    archives.push({ path: named, bytes: held });
    room -= held.length;
  }
  return isLogThere || archives.length > 0 ? { bytes, archives } : null;
}

/** Reads a file of a log; where somebody appends in the same moment, again. */
async function readSettled(
  { fs }: Context,
  { path, shown, maxBytes }: { readonly path: string; readonly shown: string; readonly maxBytes: number },
): Promise<Uint8Array> {
  for (let tries = 1; ; tries++) {
    const read = await readFileBounded(path, { maxBytes, fs, path: shown });
    if (read.ok) return read.value;
    const isChanging = read.findings.some(({ code }) => code === "INDEX_FILE_CHANGED");
    if (!isChanging || tries === maxTries)
      throw new InputError("CLI_LOG_UNREADABLE", `Cannot read the log "${shown}"`, { findings: read.findings });
  }
}
