import { basename, dirname } from "node:path";
import { mustBePath } from "../internal/resolve-target.ts";
import { DirectoryWatch, watchSettingsOf } from "./directory-watch.ts";
import type { Watch, WatchOptions } from "./file-change.ts";

/**
 * Watches one file, and resolves once its present state is delivered. The last state of the file is always delivered, states between two may not be. It stays
 * on the path whatever writers do to it: it watches the directory, so a file that is replaced, removed or created later is followed, as is a directory that is
 * exchanged for another. A link in the last place is followed, but only the directory it stands in is heard; what changes behind it is found by polling.
 *
 * @throws TypeError, RangeError for options that make no sense. Never rejects later: see `onError`.
 * @example Follow a file that is replaced
 * ```ts
 * import assert from "node:assert/strict";
 * import { replaceFile } from "@gov/atomic-io";
 * import { openFileWatch } from "@gov/atomic-io/watch";
 *
 * const sizes: (number | null)[] = [];
 * const watch = await openFileWatch("plan.yaml", { onChange: ({ stat }) => void sizes.push(stat?.size ?? null) });
 * await replaceFile("plan.yaml", "status: approved\n");
 * await watch.rescan();
 * await watch.close();
 * assert.equal(sizes.at(-1), 17);
 * ```
 */
export async function openFileWatch(path: string, options: WatchOptions): Promise<Watch> {
  mustBePath(path);
  const settings = watchSettingsOf(options);
  return DirectoryWatch.open({ fs: settings.fs, directory: dirname(path), only: basename(path) }, settings);
}

/**
 * Watches the files of a directory, not those below its directories, as `openFileWatch` does one of them; temporaries are never delivered.
 *
 * @throws TypeError, RangeError for options that make no sense. Never rejects later: see `onError`.
 */
export async function openDirectoryWatch(directory: string, options: WatchOptions): Promise<Watch> {
  mustBePath(directory);
  const settings = watchSettingsOf(options);
  return DirectoryWatch.open({ fs: settings.fs, directory, only: null }, settings);
}
