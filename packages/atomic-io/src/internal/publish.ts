import type { Durability } from "../durability.ts";
import { forget } from "./directory.ts";
import { syncShared, type Writing } from "./directory-sync.ts";
import type { EitherFileSystem } from "./either-file-system.ts";
import { failed } from "./errno.ts";
import { resolveTarget, type Target } from "./resolve-target.ts";
import { isPending, type Steps, step } from "./steps.ts";
import { discard, type Temporary } from "./write-temporary.ts";

/**
 * Gives the content the target's name, over what has it, and returns the target whose directory must now be synced. Where the directory is held open, the names
 * are exchanged within it: if the path has come to lead elsewhere since, the temporary, which was created by path, is not there, and it is done by path.
 */
export function* renameOver(fs: EitherFileSystem, temporary: Temporary, target: Target): Steps<Target> {
  const rename = target.directory.held?.renameWithin;
  if (rename !== undefined) {
    try {
      const renamed = rename(temporary.name, target.name);
      if (isPending(renamed)) yield* step(renamed);
      return target;
    } catch {
      forget(fs, target.directory);
    }
  }
  try {
    yield* step(fs.rename(temporary.path, target.path));
  } catch (error) {
    yield* discard(fs, temporary.path);
    throw failed("ATOMIC_IO_RENAME_FAILED", `Cannot replace "${target.real}"`, { path: target.real, step: "rename", cause: error });
  }
  return rename === undefined ? target : yield* resolveTarget(fs, target.path);
}

/** Makes the published name durable and says what was achieved; `own`: the writing that published it. */
export async function makeNameDurable(fs: EitherFileSystem, target: Target, own: Writing | null): Promise<Durability> {
  try {
    return (await syncShared(fs, target.directory, own)) ? "power" : "process";
  } catch (error) {
    throw uncertain(target, error);
  }
}

/** The error for a name that is visible and perhaps not durable. */
export function uncertain(target: Target, cause: unknown): Error {
  return failed("ATOMIC_IO_COMMIT_UNCERTAIN", `Cannot make "${target.real}" durable`, {
    path: target.real,
    step: "fsync of its directory",
    cause,
    hint: "the new content is visible, but a power cut may bring the old one back; check the disk, then write again",
  });
}
