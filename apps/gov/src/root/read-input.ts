import { resolve } from "node:path";
import { readFileBounded } from "@gov/index-writer";
import { InputError } from "../command.ts";
import type { Context } from "../context.ts";

/** The bytes of a file that a call names, or of standard input for `-`; more than the limit is refused, and not kept. */
export async function readInput(context: Context, path: string, { maxBytes }: { readonly maxBytes: number }): Promise<Uint8Array> {
  if (path === "-") {
    const bytes = await context.stdin(maxBytes);
    if (bytes.length <= maxBytes) return bytes;
    throw new InputError("CLI_FILE_UNREADABLE", `Cannot read standard input: it has more than ${maxBytes} bytes`);
  }
  const read = await readFileBounded(resolve(context.cwd, path), { maxBytes, fs: context.fs, path });
  if (read.ok) return read.value;
  throw new InputError("CLI_FILE_UNREADABLE", `Cannot read "${path}"`, { findings: read.findings });
}
