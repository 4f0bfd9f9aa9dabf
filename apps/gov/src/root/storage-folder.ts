import { basename, isAbsolute, join } from "node:path";
import type { Context } from "../context.ts";
import type { WalledFileSystem } from "../walled-file-system.ts";

/**
 * Where a root keeps snapshots, their journal and its cache: a folder of its own in `MEMORY_STORAGE_ROOT`, so that roots which share it never meet, else `.gov/`
 * in the root. A value that is no absolute path is told of by every command that changes anything, and nothing is changed; reading goes on with the default.
 */
export function storageFolder({ env }: Pick<Context, "env">, directory: string): string {
  const given = env["MEMORY_STORAGE_ROOT"] ?? "";
  if (!isAbsolute(given)) return join(directory, ".gov");
  // Looked up here, since most calls are without such a folder, and would wait until it is loaded.
  const { createHash } = process.getBuiltinModule("node:crypto");
  const mark = createHash("sha256").update(directory).digest("hex").slice(0, 12);
  return join(given, `${basename(directory)}-${mark}`);
}

/** Lets a root be written, and the folder that the environment gives it elsewhere: whoever sets a variable names a place, whoever commits a link does not. */
export function admitRoot({ admit }: WalledFileSystem, { env }: Pick<Context, "env">, directory: string): void {
  admit(directory);
  admit(storageFolder({ env }, directory));
}
