import { dirname, join } from "node:path";
import { ensureDirectory, type FileSystem, type RandomBytes, replaceFile, syncDirectory } from "@gov/atomic-io";
import { isJsonObject } from "@gov/schema";
import { digestBytes } from "@gov/schema/canonical";
import { onDisk } from "../disk-failure.ts";
import { readReport } from "./read-report.ts";
import { damagedReport, newerReport } from "./report-errors.ts";
import { isReportPath, mustStayInside } from "./report-paths.ts";

/** Files that change together, in the order in which they are written. */
export type FileSet = readonly { readonly path: string; readonly text: string }[];

/** What writing files together takes. */
export interface IntentPlace {
  readonly fs: FileSystem;
  readonly random: RandomBytes | undefined;
  readonly root: string;
  /** Where the intent stands while the files are written. */
  readonly intent: string;
  /** File by which a later reader knows whether the intent still belongs to what stands there. */
  readonly anchor: string;
  readonly write: (path: string, text: string) => Promise<unknown>;
}

const format = "gov.verification_intent";

/** Writes files one after the other, after having said so durably: a crash in between is finished by {@link finishIntent}. */
export async function writeTogether(place: IntentPlace, files: FileSet): Promise<void> {
  const { fs, random, intent, anchor, root } = place;
  await mustStayInside(fs, root, pathsOf(files));
  const before = await digestOf(fs, join(root, anchor));
  await ensureDirectory(dirname(intent), { fs });
  await replaceFile(intent, `${JSON.stringify({ format, version: 1, before, files })}\n`, { fs, random });
  await writeAll(place, files);
}

/**
 * Finishes what a crash cut short; false when there is nothing to finish, or the files have been exchanged meanwhile, as by a checkout. The intent is a file that anybody
 * may have written: it reaches no file but those of the reports, and none outside the root.
 */
export async function finishIntent(place: IntentPlace): Promise<boolean> {
  const { fs, root, intent, anchor } = place;
  const text = await readReport(fs, intent);
  if (text === null) return false;
  const { before, files } = parseIntent(text, intent);
  const now = await digestOf(fs, join(root, anchor));
  const after = files.find(({ path }) => path === anchor)?.text;
  const belongs = now === before || (after !== undefined && now === digestBytes(after));
  if (belongs) {
    await mustStayInside(fs, root, pathsOf(files));
    await writeAll(place, files);
  } else await remove(fs, intent);
  return belongs;
}

function parseIntent(text: string, path: string): { readonly before: unknown; readonly files: FileSet } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw damagedReport(path, error);
  }
  if (!isJsonObject(value) || value["format"] !== format) throw damagedReport(path);
  if (value["version"] !== 1) throw newerReport(path, value["version"]);
  const { before, files } = value;
  if (!Array.isArray(files) || !files.every(isFile)) throw damagedReport(path);
  return { before, files };
}

function isFile(value: unknown): value is FileSet[number] {
  return isJsonObject(value) && typeof value["path"] === "string" && isReportPath(value["path"]) && typeof value["text"] === "string";
}

function pathsOf(files: FileSet): readonly string[] {
  return files.map(({ path }) => path);
}

async function writeAll(place: IntentPlace, files: FileSet): Promise<void> {
  const { fs, root, intent, write } = place;
  for (const { path, text } of files) {
    await ensureDirectory(dirname(join(root, path)), { fs });
    await write(join(root, path), text);
  }
  await remove(fs, intent);
}

async function remove(fs: FileSystem, path: string): Promise<void> {
  await onDisk(path, "removing it", async () => {
    await fs.unlink(path);
    await syncDirectory(dirname(path), { fs });
  });
}

async function digestOf(fs: FileSystem, path: string): Promise<string | null> {
  const text = await readReport(fs, path);
  return text === null ? null : digestBytes(text);
}
