import { basename, dirname, join, relative, sep } from "node:path";
import {
  type ExtendedRulebook,
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
import { type Call, InputError } from "../command.ts";
import type { Context } from "../context.ts";
import { isThere } from "./is-there.ts";
import { configName, locateRoot, type RootPlace } from "./locate-root.ts";
import { readExtended } from "./read-extended.ts";

/** A governed root: the folder whose documents are governed, and what its configuration says of them. */
export interface GovernedRoot extends RootPlace {
  readonly config: GovConfig;
  /** Absolute paths of the configuration and the files that it names. */
  readonly configFiles: readonly string[];
  readonly registry: KindRegistry;
  /** The rulebooks that the configuration extends, the weakest first. */
  readonly extended: readonly ExtendedRulebook[];
}

export { rootFlags } from "./locate-root.ts";

const maxConfigBytes = 1 << 20;

/** Finds the governed root that a call means and reads its configuration. */
export async function openRoot(context: Context, call: Call, positional?: string): Promise<GovernedRoot> {
  const { directory, configPath } = await locateRoot(context, call, positional);
  const read = await readConfig(context, configPath);
  context.keepsLogIn(directory, read.config.log);
  return { directory, configPath, ...read };
}

async function readConfig(context: Context, path: string): Promise<Omit<GovernedRoot, keyof RootPlace>> {
  const shown = relative(context.cwd, path).split(sep).join("/");
  const bytes = await readInput(context, path, shown);
  const config = parseGovConfig({ path: shown, bytes });
  if (!config.ok) throw new InputError("CLI_CONFIGURATION_INVALID", `Cannot use "${shown}"`, { findings: config.findings });
  const files = new Map<string, JsonObject>();
  for (const file of govConfigFiles(config.value)) files.set(file, await readSchema(context, join(dirname(path), file), file));
  const registry = registryFromConfig(config.value, files);
  if (!registry.ok) throw new InputError("CLI_CONFIGURATION_INVALID", `Cannot use "${shown}"`, { findings: registry.findings });
  const extended = await readExtended(context, config.value, dirname(path));
  const configFiles = [path, ...[...files.keys()].map((file) => join(dirname(path), file)), ...extended.map(({ file }) => file)];
  return { config: config.value, configFiles, registry: registry.value, extended: extended.map(({ rulebook }) => rulebook) };
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
