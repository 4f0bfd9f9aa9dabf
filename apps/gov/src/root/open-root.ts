import { basename, dirname, join, relative, resolve, sep } from "node:path";
import {
  type GovConfig,
  govConfigFiles,
  isJsonObject,
  type JsonObject,
  type KindRegistry,
  parseDocument,
  parseGovConfig,
  registryFromConfig,
} from "@gov/schema";
import { readFileBounded } from "@gov/index-writer";
import { type Call, type Flag, InputError, stringFlag } from "../command.ts";
import type { Context } from "../context.ts";
import { isThere } from "./is-there.ts";

/** A governed root: the folder whose documents are governed, and what its configuration says of them. */
export interface GovernedRoot {
  /** Absolute path. */
  readonly directory: string;
  readonly config: GovConfig;
  readonly registry: KindRegistry;
}

/** Flags of every command that works on a governed root. */
export const rootFlags: Readonly<Record<string, Flag>> = {
  root: { type: "string", value: "<folder>", description: "the governed root (default: the folder of the nearest gov.yaml)" },
  config: { type: "string", value: "<path>", description: "the configuration (default: gov.yaml in the root)" },
};

const configName = "gov.yaml";
const maxConfigBytes = 1 << 20;

/** Finds the governed root that a call means and reads its configuration. */
export async function openRoot(context: Context, call: Call, positional?: string): Promise<GovernedRoot> {
  const given = positional ?? stringFlag(call, "root");
  const configGiven = stringFlag(call, "config");
  const directory = given === undefined ? await nearestRoot(context, configGiven) : resolve(context.cwd, given);
  await requireDirectory(context, directory, given ?? directory);
  context.opened(directory);
  const configPath = configGiven === undefined ? join(directory, configName) : resolve(context.cwd, configGiven);
  return { directory, ...(await readConfig(context, configPath)) };
}

async function nearestRoot(context: Context, configGiven: string | undefined): Promise<string> {
  if (configGiven !== undefined) return dirname(resolve(context.cwd, configGiven));
  for (let directory = context.cwd; ; directory = dirname(directory)) {
    if (await isKind(context, join(directory, configName), "file")) return directory;
    if (dirname(directory) === directory) break;
  }
  const below = await rootsBelow(context);
  const hint = below === undefined ? "gov init writes one" : `there is one in "${below}": name that folder`;
  throw new InputError("CLI_NO_CONFIGURATION", `No ${configName} in "${context.cwd}" or above it`, { hint });
}

async function rootsBelow(context: Context): Promise<string | undefined> {
  for (const name of await context.fs.readdir(context.cwd)) {
    if (await isKind(context, join(context.cwd, name, configName), "file")) return name;
  }
  return undefined;
}

async function requireDirectory(context: Context, directory: string, shown: string): Promise<void> {
  if (await isKind(context, directory, "directory")) return;
  throw new InputError("CLI_ROOT_UNUSABLE", `Cannot use "${shown}" as governed root: it is not a folder that can be read`);
}

async function readConfig(context: Context, path: string): Promise<Omit<GovernedRoot, "directory">> {
  const shown = relative(context.cwd, path).split(sep).join("/");
  const bytes = await readInput(context, path, shown);
  const config = parseGovConfig({ path: shown, bytes });
  if (!config.ok) throw new InputError("CLI_CONFIGURATION_INVALID", `Cannot use "${shown}"`, { findings: config.findings });
  const files = new Map<string, JsonObject>();
  for (const file of govConfigFiles(config.value)) files.set(file, await readSchema(context, join(dirname(path), file), file));
  const registry = registryFromConfig(config.value, files);
  if (!registry.ok) throw new InputError("CLI_CONFIGURATION_INVALID", `Cannot use "${shown}"`, { findings: registry.findings });
  return { config: config.value, registry: registry.value };
}

async function readSchema(context: Context, path: string, shown: string): Promise<JsonObject> {
  const parsed = parseDocument({ path: shown, bytes: await readInput(context, path, shown) });
  if (!parsed.ok) throw new InputError("CLI_SCHEMA_UNUSABLE", `Cannot use schema "${shown}"`, { findings: parsed.findings });
  if (!isJsonObject(parsed.value.data)) throw new InputError("CLI_SCHEMA_UNUSABLE", `Cannot use schema "${shown}": it is not an object`);
  return parsed.value.data;
}

async function readInput(context: Context, path: string, shown: string): Promise<Uint8Array> {
  const hint = basename(path) === configName ? "gov init writes one; --config names another" : undefined;
  if (!(await isThere(context, path))) throw new InputError("CLI_CONFIGURATION_UNREADABLE", `There is no file "${shown}"`, { hint });
  const read = await readFileBounded(path, { maxBytes: maxConfigBytes, fs: context.fs, path: shown });
  if (read.ok) return read.value;
  throw new InputError("CLI_CONFIGURATION_UNREADABLE", read.findings[0]?.message ?? `Cannot read "${shown}"`, { hint });
}

async function isKind(context: Context, path: string, kind: "file" | "directory"): Promise<boolean> {
  try {
    return (await context.fs.stat(path)).kind === kind;
  } catch {
    return false;
  }
}
