import { resolve } from "node:path";
import { readFileBounded } from "@gov/index-writer";
import { InputError } from "../command.ts";
import type { Context } from "../context.ts";

const maxBytes = 1 << 23;

/** The text of a file that a call names, relative to where it was called. */
export async function readTextFile(context: Context, path: string): Promise<string> {
  const read = await readFileBounded(resolve(context.cwd, path), { maxBytes, fs: context.fs, path });
  if (read.ok) return new TextDecoder().decode(read.value);
  throw new InputError("CLI_FILE_UNREADABLE", `Cannot read "${path}"`, { findings: read.findings });
}
