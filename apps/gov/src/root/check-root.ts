import { dirname, join } from "node:path";
import { compareFindings } from "@gov/schema";
import { applySeverities } from "@gov/schema/findings";
import type { Call } from "../command.ts";
import type { Context } from "../context.ts";
import { countBy } from "../count-by.ts";
import { type CheckResult, writeCheckCache } from "./check-cache.ts";
import { loadDocuments, type LoadOptions } from "./load-documents.ts";
import { resolveRules, withoutEchoes } from "./load-rules.ts";
import { openRoot } from "./open-root.ts";

/** Reads and checks everything in a root: documents by themselves and against each other, and the rules. */
export async function checkRoot(
  context: Context,
  call: Call,
  options: LoadOptions & { readonly positional: string | undefined },
): Promise<CheckResult> {
  const startedMs = context.clock.now();
  const root = await openRoot(context, call, options.positional);
  const { looked, listed, inputs, artifacts, findings: documentFindings } = await loadDocuments(context, root, options);
  const { rules, findings: ruleFindings } = resolveRules(root, { artifacts, inputs });
  const sync = rules?.rulebook.sync;
  const plain =
    sync?.protected_paths === undefined
      ? { files: [], findings: [] }
      : await (await import("./plain-writes.ts")).plainWrites(context, listed, { sync, instead: options.instead });
  const all = [...documentFindings, ...withoutEchoes(documentFindings, ruleFindings), ...plain.findings].sort(compareFindings);
  const severities = rules?.rulebook.severities;
  const result: CheckResult = {
    files: inputs.length,
    artifacts: artifacts.length,
    kinds: Object.fromEntries(countBy(artifacts.map(({ kind }) => kind))),
    findings: severities === undefined ? all : applySeverities(all, severities),
  };
  if (options.instead === undefined || options.instead.size === 0) {
    const { directory, configPath, configFiles } = root;
    const ignores = [...looked.directories, ...ancestors(directory)].map((folder) => join(folder, ".gitignore"));
    await writeCheckCache(
      context,
      { directory, configPath },
      { looked: [...new Set([...looked.directories, ...looked.files, ...plain.files, ...ignores, ...configFiles])], result, startedMs },
    );
  }
  return result;
}

function ancestors(directory: string): readonly string[] {
  const parent = dirname(directory);
  return parent === directory ? [] : [parent, ...ancestors(parent)];
}
