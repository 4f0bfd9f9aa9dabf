import type { Durability } from "../durability.ts";
import type { FileSystem } from "../file-system.ts";
import { nodeWaitTimers } from "../lock/node-wait-timers.ts";
import { eitherOf } from "../node-file-system.ts";
import type { ReplaceFileResult } from "../replace-file-options.ts";
import type { RandomBytes } from "../temp-name.ts";
import { beginWriting, endWriting } from "./directory-sync.ts";
import { makeNameDurable } from "./publish.ts";
import type { Target } from "./resolve-target.ts";
import { runAsync, type Steps } from "./steps.ts";
import type { Temporary, TemporaryOptions } from "./write-temporary.ts";
import { writeTemporary } from "./write-temporary.ts";

// Above this a write takes longer than the fsync that others would wait for.
const shareBytes = 1024 * 1024;

/** Writes a temporary, publishes it in the given way, and makes the name durable together with those of other writers in the directory. */
export async function publishFile(
  given: FileSystem,
  target: Target,
  options: TemporaryOptions & { readonly publish: (temporary: Temporary) => Steps<Target> },
): Promise<ReplaceFileResult> {
  const fs = eitherOf(given);
  const { content, durability, publish } = options;
  const shares = durability === "power" && content.length !== null && content.length <= shareBytes;
  const { directory } = target;
  const writing = shares ? beginWriting(fs, directory) : null;
  let durable: Promise<Durability>;
  let bytes: number;
  try {
    const temporary = await runAsync(
      writeTemporary(fs, target, { ...options, pause: (attempt) => pauseWithJitter(options.random, attempt) }),
    );
    bytes = temporary.bytes;
    // Asked for before this writer is taken off the list, so that it is the last of those waited for.
    durable = makeNameDurable(fs, await runAsync(publish(temporary)), durability);
  } finally {
    if (writing !== null) endWriting(fs, directory, writing);
  }
  return { path: target.real, bytes, durability: await durable };
}

/** Up to twice as long each time, at most a tenth of a second, and never the same for two who wait together. */
function pauseWithJitter(random: RandomBytes, attempt: number): Promise<void> {
  const share = ((random(1)[0] as number) + 1) / 256;
  return nodeWaitTimers.sleep(Math.min(2 ** attempt, 100) * share);
}
