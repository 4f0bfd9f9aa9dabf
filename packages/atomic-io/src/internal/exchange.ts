import type { EitherFileSystem, EitherHandle } from "./either-file-system.ts";
import { quicklyFreedBytes } from "./kept-files.ts";
import { renameOver } from "./publish.ts";
import type { Target } from "./resolve-target.ts";
import { type Steps, step } from "./steps.ts";
import type { Temporary } from "./write-temporary.ts";

/** Gives the temporary the target's name, and keeps it open in the place of the file before when the temporary is still open. */
export function* exchange(fs: EitherFileSystem, target: Target, temporary: Temporary): Steps<Target> {
  const { directory, name, existing } = target;
  const isLarge = existing !== null && existing.size > quicklyFreedBytes;
  // Only there: where no rename within an open directory is possible, an open file may not be replaced either.
  const large = isLarge && directory.held !== null && !directory.kept.has(name) ? yield* openToHold(fs, target.path) : null;
  let published: Target;
  try {
    published = yield* renameOver(fs, temporary, target);
  } catch (error) {
    yield* close(temporary);
    throw error;
  } finally {
    if (large !== null) directory.kept.retire(large, existing?.size ?? 0);
  }
  if (published !== target || directory.held === null) {
    yield* close(temporary);
    return published;
  }
  const { handle, bytes } = temporary;
  directory.kept.exchange(name, handle === null ? null : { handle, bytes });
  return published;
}

/** Null for a file that must not be read: then it is freed within the rename. */
function* openToHold(fs: EitherFileSystem, path: string): Steps<EitherHandle | null> {
  try {
    return yield* step(fs.open(path, "read"));
  } catch {
    return null;
  }
}

function* close({ handle }: Temporary): Steps<void> {
  if (handle !== null) yield* step(handle.close());
}
