import type { Durability } from "../durability.ts";
import type { FileSystem } from "../file-system.ts";
import { nodeWaitTimers } from "../lock/node-wait-timers.ts";
import { eitherOf } from "../node-file-system.ts";
import type { ReplaceFileResult } from "../replace-file-options.ts";
import type { RandomBytes } from "../temp-name.ts";
import type { EitherFileSystem } from "./either-file-system.ts";
import { beginWriting, endWriting } from "./directory-sync.ts";
import { makeNameDurable } from "./publish.ts";
import { notAFile, type Target } from "./resolve-target.ts";
import { isPending, run, type Steps } from "./steps.ts";
import { sweepOnce } from "./sweep-once.ts";
import type { Temporary, TemporaryOptions } from "./write-temporary.ts";
import { writeTemporary } from "./write-temporary.ts";

// Above this a write takes longer than the fsync that others would wait for.
const shareBytes = 1024 * 1024;

/** How a file is written and gets its name. */
export interface PublishOptions extends TemporaryOptions {
  /** The path as the caller named it, to name in an error. */
  readonly given: string;
  readonly publish: (fs: EitherFileSystem, target: Target, temporary: Temporary) => Steps<Target>;
}

/** Waits before the temporary is opened once more: up to twice as long each time, at most a tenth of a second, and never the same for two who wait together. */
export function pauseWithJitter(random: RandomBytes, attempt: number): Promise<void> {
  const share = ((random(1)[0] as number) + 1) / 256;
  return nodeWaitTimers.sleep(Math.min(2 ** attempt, 100) * share);
}

/** Writes a temporary, publishes it in the given way, and makes the name durable together with those of other writers in the directory; sweeps it the first time. */
export async function publishFile(fileSystem: FileSystem, target: Target, options: PublishOptions): Promise<ReplaceFileResult> {
  const fs = eitherOf(fileSystem);
  const { content, durability, existing, publish } = options;
  if (existing !== null && existing.kind !== "file") throw notAFile(options.given, existing.kind);
  const shares = durability === "power" && ArrayBuffer.isView(content) && content.byteLength <= shareBytes;
  const { directory } = target;
  const own = shares ? beginWriting(fs, directory) : null;
  let durable: Promise<Durability> | null = null;
  let bytes: number;
  try {
    const writing = run(writeTemporary(fs, target, options));
    const temporary = isPending(writing) ? await writing : writing;
    bytes = temporary.bytes;
    const publishing = run(publish(fs, target, temporary));
    const published = isPending(publishing) ? await publishing : publishing;
    // Asked for before this writer is taken off the list, so that it is the last of those waited for.
    if (durability === "power") durable = makeNameDurable(fs, published, own);
    // Otherwise no fsync comes that it could be done beside.
    else directory.kept.closeRetired();
  } finally {
    if (own !== null) endWriting(fs, directory, own);
  }
  const result = { path: target.real, bytes, durability: durable === null ? durability : await durable };
  sweepOnce(fileSystem, directory);
  return result;
}
