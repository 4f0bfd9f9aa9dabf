import { dirname, join, resolve } from "node:path";
import { readFileBounded } from "@gov/index-writer";
import { type ExtendedRulebook, type GovConfig, parseDocument, type RulebookSource } from "@gov/schema";
import { digestBytes } from "@gov/schema/canonical";
import { InputError } from "../command.ts";
import type { Context } from "../context.ts";
import { isThere } from "./is-there.ts";

const maxRulebookBytes = 1 << 22;

/** A rulebook that a configuration extends, and the file it was read from. */
interface ReadRulebook {
  /** Absolute path. */
  readonly file: string;
  readonly rulebook: ExtendedRulebook;
}

/** Reads what a configuration extends; nothing of a package is run, and one that is not installed is refused. */
export async function readExtended(context: Context, config: GovConfig, folder: string): Promise<readonly ReadRulebook[]> {
  return Promise.all(config.extends.map((source) => readRulebook(context, source, folder)));
}

async function readRulebook(context: Context, from: RulebookSource, folder: string): Promise<ReadRulebook> {
  const { source } = from;
  const file = from.type === "file" ? resolve(folder, source) : await installed(context, from, folder);
  if (file === null || !(await isThere(context, file)))
    throw new InputError(
      "CLI_EXTENDS_MISSING",
      `Cannot extend "${source}": there is no such ${from.type === "file" ? "file" : "package installed"}`,
      {
        hint:
          from.type === "file"
            ? "the path is relative to the folder of gov.yaml"
            : "install it here or in a folder above, with your package manager",
      },
    );
  const read = await readFileBounded(await context.fs.realpath(file), { maxBytes: maxRulebookBytes, fs: context.fs, path: source });
  const parsed = read.ok ? parseDocument({ path: source, bytes: read.value }, { format: file.endsWith(".json") ? "json" : "yaml" }) : read;
  if (!read.ok || !parsed.ok) throw new InputError("CLI_EXTENDS_UNUSABLE", `Cannot extend "${source}"`, { findings: parsed.findings });
  return { file, rulebook: { source, data: parsed.value.data, digest: digestBytes(read.value) } };
}

/** The file of a package as Node finds packages: in the nearest `node_modules` that has it. */
async function installed(
  context: Context,
  { name, path }: RulebookSource & { readonly type: "package" },
  folder: string,
): Promise<string | null> {
  for (let directory = folder; ; directory = dirname(directory)) {
    const home = join(directory, "node_modules", name);
    if (await isThere(context, join(home, "package.json"))) return join(home, path);
    if (dirname(directory) === directory) return null;
  }
}
