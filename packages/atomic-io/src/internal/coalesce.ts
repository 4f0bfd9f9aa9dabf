import type { FileSystem } from "../file-system.ts";
import type { ReplaceFileResult } from "../replace-file-options.ts";
import type { Content } from "./content.ts";
import { heldDirectory } from "./directory.ts";
import { inTurn, tailOf } from "./path-queue.ts";
import { type ReplaceSettings, replaceTarget } from "./replace-target.ts";
import type { Target } from "./resolve-target.ts";

/** A write that waits for its turn and takes the latest content until then. */
interface Waiting {
  content: Content;
  readonly settings: ReplaceSettings;
  readonly written: Promise<ReplaceFileResult>;
  /** The end of the path's queue when it was put there; another end means that something else was asked for since. */
  readonly tail: Promise<void> | undefined;
}

const waiting = new WeakMap<FileSystem, Map<string, Waiting>>();

/** Writes the content, or lets the write that waits for this path already take it instead of its own. */
export function writeCoalesced(settings: ReplaceSettings, path: string, content: Content): Promise<ReplaceFileResult> {
  const { fs } = settings;
  let byPath = waiting.get(fs);
  if (byPath === undefined) waiting.set(fs, (byPath = new Map<string, Waiting>()));
  const earlier = byPath.get(path);
  if (earlier !== undefined && sameWay(earlier.settings, settings) && earlier.tail === tailOf(fs, path)) {
    earlier.content = content;
    return earlier.written;
  }
  const slot: { own?: Waiting } = {};
  const task = async (target: Target): Promise<ReplaceFileResult> => {
    // Those who call at the same time can still give their content; from then on it is being written, and whoever comes needs a write of their own.
    await Promise.resolve();
    const taken = slot.own?.content ?? content;
    if (byPath.get(path) === slot.own) byPath.delete(path);
    return replaceTarget(settings, { target, content: taken, given: path });
  };
  const written = inTurn(fs, path, { known: heldDirectory, task });
  slot.own = { content, settings, written, tail: tailOf(fs, path) };
  byPath.set(path, slot.own);
  const clear = (): void => void (byPath.get(path) === slot.own && byPath.delete(path));
  written.then(clear, clear);
  return written;
}

function sameWay(one: ReplaceSettings, other: ReplaceSettings): boolean {
  return one.mode === other.mode && one.durability === other.durability && one.random === other.random;
}
