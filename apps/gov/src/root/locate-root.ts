import { basename, dirname, join, resolve } from "node:path";
import { type Call, type Flag, InputError, stringFlag } from "../command.ts";
import type { Context } from "../context.ts";

/** Where a governed root is, and where its configuration. */
export interface RootPlace {
  /** Absolute path. */
  readonly directory: string;
  /** Absolute path. */
  readonly configPath: string;
}

/** Flags of every command that works on a governed root. */
export const rootFlags: Readonly<Record<string, Flag>> = {
  root: { type: "string", value: "<folder>", description: "the governed root (default: the folder of the nearest gov.yaml)" },
  config: { type: "string", value: "<path>", description: "the configuration (default: gov.yaml in the root)" },
};

/** Name of the configuration in a root. */
export const configName = "gov.yaml";

/** Finds the governed root that a call means; nothing is read. */
export async function locateRoot(context: Context, call: Call, positional?: string): Promise<RootPlace> {
  const given = positional ?? stringFlag(call, "root");
  const configGiven = stringFlag(call, "config");
  const directory = given === undefined ? await nearestRoot(context, configGiven) : resolve(context.cwd, given);
  await requireDirectory(context, directory, given ?? directory);
  context.opened(directory);
  return { directory, configPath: configGiven === undefined ? join(directory, configName) : resolve(context.cwd, configGiven) };
}

async function nearestRoot(context: Context, configGiven: string | undefined): Promise<string> {
  if (configGiven !== undefined) return dirname(resolve(context.cwd, configGiven));
  for (let directory = context.cwd; ; directory = dirname(directory)) {
    if (await isKind(context, join(directory, configName), "file")) return directory;
    if (dirname(directory) === directory) break;
  }
  const below = await rootsBelow(context);
  const hint =
    below === undefined
      ? "gov init writes one; where there are documents already, gov migrate does"
      : `there is one in "${below}": name that folder`;
  throw new InputError("CLI_NO_CONFIGURATION", `No ${configName} in "${context.cwd}" or above it`, { hint });
}

async function rootsBelow(context: Context): Promise<string | undefined> {
  for (const name of await context.fs.readdir(context.cwd)) {
    if (await isKind(context, join(context.cwd, name, configName), "file")) return basename(name);
  }
  return undefined;
}

/** Refuses what is no folder that can be read. */
export async function requireDirectory(context: Context, directory: string, shown: string): Promise<void> {
  if (await isKind(context, directory, "directory")) return;
  throw new InputError("CLI_ROOT_UNUSABLE", `Cannot use "${shown}" as governed root: it is not a folder that can be read`);
}

async function isKind(context: Context, path: string, kind: "file" | "directory"): Promise<boolean> {
  try {
    return (await context.fs.stat(path)).kind === kind;
  } catch {
    return false;
  }
}
