import { type Durability, durabilityOf } from "../durability.ts";
import type { FileSystem } from "../file-system.ts";
import { nodeFileSystem } from "../node-file-system.ts";
import { nodeRandomBytes } from "../node-random.ts";
import type { ReplaceFileOptions, ReplaceFileResult } from "../replace-file-options.ts";
import type { RandomBytes } from "../temp-name.ts";
import type { Content } from "./content.ts";
import { exchange } from "./exchange.ts";
import { modeOf } from "./mode.ts";
import { pauseWithJitter, publishFile } from "./publish-file.ts";
import type { Target } from "./resolve-target.ts";

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
export function replaceTarget(
  settings: ReplaceSettings,
  write: { readonly target: Target; readonly content: Content; readonly given: string },
): Promise<ReplaceFileResult> {
  const { target, content, given } = write;
  const { fs, mode, signal, durability, random } = settings;
  const { existing, directory, name } = target;
  const hot = directory.held !== null && directory.kept.isHot(name);
  return publishFile(fs, target, {
    given,
    content,
    durability,
    random,
    existing,
    mode,
    signal,
    keepOpen: hot && !isProgram(mode ?? existing?.mode),
    pause: pauseWithJitter,
    publish: exchange,
  });
}

// Linux refuses to run what is open for writing.
function isProgram(mode: number | undefined): boolean {
  return mode !== undefined && (mode & 0o111) !== 0;
}
