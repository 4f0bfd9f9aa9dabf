import type { FileSystem } from "../file-system.ts";
import { readWhole } from "../modes/legs.ts";
import { nodeFileSystem } from "../node-file-system.ts";
import { guardedObserver } from "../guarded-observer.ts";
import type { Observer } from "../observer.ts";

/** Options of {@link readDual}. */
export interface ReadDualOptions {
  /** Hears `watch.straggler` with `path`, `reason` and both lengths. */
  readonly observer?: Observer | undefined;
  /** @default nodeFileSystem */
  readonly fs?: FileSystem | undefined;
}

/** Why someone still seems to write the old file: it alone is there, or it holds something else than the new one. */
export type StragglerReason = "only_old" | "differs";

/** What {@link readDual} read. */
export interface DualRead {
  readonly data: Uint8Array;
  readonly from: "new" | "old";
  /** Null when both agree, or the old one is gone. */
  readonly straggler: StragglerReason | null;
}

/**
 * Reads a file that is moving to another place, or from writers in place to writers that replace it: the new one where it is there, else the old one. While both
 * are kept they must agree; whoever still writes the old one alone is reported, so that no straggler is left when the old one is given up (AIO-08).
 *
 * @returns null when neither is there.
 * @throws {@link AtomicIoError} `ATOMIC_IO_READ_FAILED`.
 * @example Notice a writer that has not moved
 * ```ts
 * import assert from "node:assert/strict";
 * import { writeFileSync } from "node:fs";
 * import { replaceFile } from "@gov/atomic-io";
 * import { readDual } from "@gov/atomic-io/watch";
 *
 * writeFileSync("index.json", "[1]");
 * await replaceFile("artifacts_index.json", "[]");
 * const heard: unknown[] = [];
 * const paths = { old: "index.json", new: "artifacts_index.json" };
 * const read = await readDual(paths, { observer: { event: (name, fields) => void heard.push([name, fields["reason"]]) } });
 * assert.equal(read?.from, "new");
 * assert.deepEqual(heard, [["watch.straggler", "differs"]]);
 * ```
 */
export async function readDual(
  paths: { readonly old: string; readonly new: string },
  options: ReadDualOptions = {},
): Promise<DualRead | null> {
  const { fs = nodeFileSystem } = options;
  const first = await readWhole(fs, paths.new);
  const old = await readWhole(fs, paths.old);
  // Neither was there when it was looked for: it may have been moved between the two looks.
  const found = first ?? (old === null ? await readWhole(fs, paths.new) : null);
  const data = found ?? old;
  if (data === null) return null;
  const straggler = stragglerOf(found, old);
  if (straggler !== null) {
    const lengths = { oldBytes: old?.byteLength ?? null, newBytes: found?.byteLength ?? null };
    guardedObserver(options.observer)?.event("watch.straggler", { path: paths.old, reason: straggler, ...lengths });
  }
  return { data, from: found === null ? "old" : "new", straggler };
}

function stragglerOf(found: Uint8Array | null, old: Uint8Array | null): StragglerReason | null {
  if (old === null) return null;
  if (found === null) return "only_old";
  return Buffer.from(old.buffer, old.byteOffset, old.byteLength).equals(found) ? null : "differs";
}
