import { basename, dirname, isAbsolute, relative, sep } from "node:path";
import { AtomicIoError } from "../errors.ts";
import type { FileSystem } from "../file-system.ts";
import { inDirectory } from "../internal/directory.ts";
import { failed } from "../internal/errno.ts";
import { mustBePath, resolveTarget } from "../internal/resolve-target.ts";
import { runAsync } from "../internal/steps.ts";
import { eitherOf } from "../node-file-system.ts";

/** Refuses a path that a write would follow out of the root, by its segments or by a symbolic link. */
export async function mustLieInside(fs: FileSystem, root: string, path: string): Promise<void> {
  mustBePath(path);
  const real = await realOf(fs, path);
  const way = relative(await realRootOf(fs, root), real ?? "");
  if (real !== null && way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way)) return;
  throw new AtomicIoError("ATOMIC_IO_OUTSIDE_ROOT", `Cannot write "${path}": it does not lie inside "${root}"`, {
    details: { path, root },
    hint: "give a path inside the root, with no symbolic link out of it; one that stands in the intents was written by someone else, or before the root was moved",
  });
}

/** Where a write to the path would go, also where directories on the way are missing; null where nobody can tell. */
async function realOf(fs: FileSystem, path: string): Promise<string | null> {
  const name = basename(path);
  if (name === "" || name === "." || name === "..") return null;
  try {
    return (await runAsync(resolveTarget(eitherOf(fs), path))).real;
  } catch (error) {
    if (!(error instanceof AtomicIoError) || error.details["errno"] !== "ENOENT") throw error;
    const parent = await realOf(fs, dirname(path));
    return parent === null ? null : inDirectory(parent, name);
  }
}

async function realRootOf(fs: FileSystem, root: string): Promise<string> {
  try {
    return await fs.realpath(root);
  } catch (error) {
    throw failed("ATOMIC_IO_READ_FAILED", `Cannot write inside "${root}"`, { path: root, step: "finding it", cause: error });
  }
}
