import { dirname, join } from "node:path";
import { readFileBounded } from "@gov/index-writer";
import type { Finding } from "@gov/schema";
import { InputError, type Outcome } from "../command.ts";
import type { Context } from "../context.ts";
import { isThere } from "./is-there.ts";
import { type SeedOutput, seedOutputs } from "./seed-outputs.ts";

const maxBytes = 1 << 24;

/** Lists every output that the seeds name, what it is here and where; one that is missing is an error. Works in a clone of the repository of gov. */
export async function listOutputs(context: Context, from: string): Promise<Outcome> {
  const workspace = await workspaceOf(context, from);
  const looked = await Promise.all(seedOutputs.map(async (output) => ({ output, isFound: await holds(context, workspace, output) })));
  const missing = looked.filter(({ isFound }) => !isFound).map(({ output }) => output);
  return {
    data: { workspace, outputs: looked.map(({ output: { holds: _text, ...output }, isFound }) => ({ ...output, isFound })) },
    findings: missing.map(finding),
    view: [
      {
        type: "table",
        head: ["seed", "task", "named", "here", "where"],
        rows: looked.map(({ output: { seed, task, name, here, path } }) => [String(seed), task, name, here, path]),
      },
      {
        type: "line",
        mark: missing.length === 0 ? "pass" : "fail",
        text: `${looked.length - missing.length} of ${looked.length} outputs are there`,
      },
    ],
  };
}

async function workspaceOf(context: Context, from: string): Promise<string> {
  for (let directory = from; ; directory = dirname(directory)) {
    if (await isThere(context, join(directory, "packages/schema/package.json"))) return directory;
    if (dirname(directory) === directory) break;
  }
  throw new InputError("CLI_NO_WORKSPACE", `"${from}" is no clone of the repository of gov`, {
    hint: "the outputs are what that repository has to hold; gov doctor without --outputs looks at a governed root",
  });
}

async function holds(context: Context, workspace: string, { path, holds: text }: SeedOutput): Promise<boolean> {
  const read = await readFileBounded(join(workspace, path), { maxBytes, fs: context.fs, path });
  return read.ok && new TextDecoder().decode(read.value).includes(text);
}

function finding({ seed, task, name, path }: SeedOutput): Finding {
  const message = `Seed ${seed} ${task} names "${name}", and "${path}" is not there or not what it should be`;
  return { code: "CLI_OUTPUT_MISSING", severity: "error", message, path, line: null, column: null };
}
