import { type Durability, durabilityOf } from "../durability.ts";
import type { FileSystem } from "../file-system.ts";
import { eitherOf, nodeFileSystem } from "../node-file-system.ts";
import { nodeRandomBytes } from "../node-random.ts";
import type { ReplaceFileOptions, ReplaceFileResult } from "../replace-file-options.ts";
import type { RandomBytes } from "../temp-name.ts";
import type { Content } from "./content.ts";
import { exchange } from "./exchange.ts";
import { modeOf } from "./mode.ts";
import { publishFile } from "./publish-file.ts";
import { notAFile, type Target } from "./resolve-target.ts";
import { sweepOnce } from "./sweep-once.ts";

/** Options with their defaults, checked. */
export interface ReplaceSettings {
  readonly fs: FileSystem;
  readonly random: RandomBytes;
  readonly durability: Durability;
  readonly mode: number | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Checks options and fills in the defaults. */
export function settingsOf(options: ReplaceFileOptions): ReplaceSettings {
  const { fs = nodeFileSystem, signal, random = nodeRandomBytes } = options;
  return { fs, random, signal, durability: durabilityOf(options.durability), mode: modeOf(options.mode) };
}

/** Replaces one file when its turn has come. */
export async function replaceTarget(
  settings: ReplaceSettings,
  write: { readonly target: Target; readonly content: Content; readonly given: string },
): Promise<ReplaceFileResult> {
  const { target, content, given } = write;
  const { existing } = target;
  if (existing !== null && existing.kind !== "file") throw notAFile(given, existing.kind);
  const { directory, name } = target;
  const hot = directory.held !== null && directory.kept.isHot(name);
  try {
    const result = await publishFile(settings.fs, target, {
      ...settings,
      content,
      existing,
      keepOpen: hot && !isProgram(settings.mode ?? existing?.mode),
      publish: (temporary) => exchange(eitherOf(settings.fs), target, temporary),
    });
    sweepOnce(settings.fs, directory);
    return result;
  } finally {
    // The directory's fsync has done so, where there was one.
    directory.kept.closeRetired();
  }
}

// Linux refuses to run what is open for writing.
function isProgram(mode: number | undefined): boolean {
  return mode !== undefined && (mode & 0o111) !== 0;
}
