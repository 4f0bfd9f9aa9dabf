import type { FileSystem } from "@gov/atomic-io";
import { readText } from "../read-text.ts";
import { damagedReport } from "./report-errors.ts";

/** Reads a file of the reports, null when it does not stand there; one that is no text was not written by this package. */
export async function readReport(fs: FileSystem, path: string): Promise<string | null> {
  try {
    return await readText(fs, path);
  } catch (error) {
    throw error instanceof TypeError ? damagedReport(path, error) : error;
  }
}
