import { dirname, relative } from "node:path";
import { ensureDirectory, replaceFile } from "@gov/atomic-io";
import { planRuleRollback, type RuleRollback } from "@gov/hydration/routing";
import type { Finding, Rulebook } from "@gov/schema";
import { type Block, type Command, InputError, isDryRun } from "../command.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { authorize } from "../root/authorize.ts";
import { loadDocuments, type LoadedDocuments, rulePaths } from "../root/load-documents.ts";
import { hydrationInputs } from "../root/load-governed.ts";
import { resolveRules } from "../root/load-rules.ts";
import { type GovernedRoot, openRoot, rootFlags } from "../root/open-root.ts";
import { planRuleFiles, type RuleFile } from "../root/plan-rule-files.ts";
import { type CommittedRules, committedRules, newestTable, rulesOf } from "../root/rule-versions.ts";
import { writtenPath } from "../root/written-path.ts";

/** Leads back from rules that conflict or cannot be used to the last known-good ones, and keeps the changes that were not at fault. */
export const routeRollback: Command = {
  usage: "[root]",
  maxPositionals: 1,
  flags: { ...rootFlags, write: { type: "boolean", description: "write the rule documents as planned" } },
  examples: ["gov route rollback", "gov route rollback --write", "gov route rollback governance --format json"],
  async run(context, call) {
    const root = await openRoot(context, call, call.positionals[0]);
    const documents = await loadDocuments(context, root);
    const history = await committedRules(context, root);
    const { rollback, rulebook } = await plan(context, { root, documents, history });
    const good = history.findLast(({ version }) => rollback.steps.some((step) => step.step === "revert" && step.to === version));
    const { files, findings } =
      good === undefined ? { files: [], findings: [] } : planRuleFiles(rollback, { good, current: documents.artifacts });
    const mayWrite = call.flags["write"] === true;
    if (mayWrite) {
      // Where the rules cannot be used, those that will be in force again say who may.
      const inForce = rulebook ?? good?.rulebook;
      const place = { root, rules: inForce === undefined ? null : { rulebook: inForce } };
      await authorize(context, call, { place, deed: { action: "routing:rollback", subject: { id: "rules" } } });
    }
    const isWritten = mayWrite && !isDryRun(call) && good !== undefined && findings.length === 0;
    if (isWritten) await write(context, { root, documents }, files);
    const steps = rollback.steps.map(describeStep);
    return {
      data: {
        outcome: rollback.outcome,
        to: good === undefined ? null : { commit: good.commit, version: good.version.version, schemaVersion: good.version.schemaVersion },
        cause: rollback.cause,
        steps: rollback.steps,
        files: files.map(({ step, path }) => ({ step, path })),
        written: isWritten,
      },
      findings: isWritten ? rollback.findings : [...rollback.cause, ...rollback.findings, ...findings],
      exitCode: isWritten || rollback.outcome === "not_needed" ? exitCodes.ok : exitCodes.findings,
      view: [
        headline(rollback, isWritten),
        { type: "lines", lines: [...steps.flat(), ...files.map((file) => describeFile(file, isWritten))] },
      ],
    };
  },
};

interface Material {
  readonly root: GovernedRoot;
  readonly documents: LoadedDocuments;
  readonly history: readonly CommittedRules[];
}

interface Planned {
  readonly rollback: RuleRollback;
  /** The rules in force; undefined where they cannot be used. */
  readonly rulebook: Rulebook | undefined;
}

async function plan(context: Context, { root, documents, history }: Material): Promise<Planned> {
  const isRule = rulePaths(root);
  const errors = documents.findings.filter(({ severity }) => severity === "error");
  const onRules = errors.filter(({ path }) => path !== null && isRule(path));
  const resolved = resolveRules(root, documents);
  const unusable = resolved.rules === null ? resolved.findings : onRules;
  const current = unusable.length === 0 ? (rulesOf(root, documents.artifacts, "as it stands")?.version ?? null) : null;
  const versions = history.map(({ version }) => version);
  if (current === null && unusable.length === 0 && versions.length === 0)
    throw new InputError("CLI_NO_ROUTES", "No rule document has ever said where documents belong: there is nothing to roll back", {
      hint: "gov init writes rules/artifact_routing.mdc to start from",
    });
  const table = newestTable(current === null ? versions : [current, ...versions]);
  const inputs = table === null ? [] : await hydrationInputs(context, { root, documents }, table);
  const schemaFindings: readonly Finding[] = unusable.length > 0 ? unusable : errors.filter(({ code }) => code === "SCHEMA_VIOLATION");
  const rollback = planRuleRollback({ current, history: versions, inputs, schemaFindings });
  return { rollback, rulebook: unusable.length === 0 ? resolved.rules?.rulebook : undefined };
}

/** Writes each document as it is to be in the end: reverted first, what is to be kept would be lost if a later write failed. */
async function write(
  context: Context,
  { root, documents }: Pick<Material, "root" | "documents">,
  files: readonly RuleFile[],
): Promise<void> {
  const { directory } = root;
  const named = new Map(documents.listed.map(({ path, absolute }) => [path, relative(directory, absolute)]));
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const targets = new Map<string, string>();
  for (const path of texts.keys()) targets.set(path, await writtenPath(context, directory, named.get(path) ?? path));
  for (const [path, text] of texts) {
    const target = targets.get(path) as string;
    await ensureDirectory(dirname(target), { fs: context.fs });
    await replaceFile(target, text, { fs: context.fs });
  }
}

function headline({ outcome, cause }: RuleRollback, isWritten: boolean): Block {
  const why = `${cause.length} error${cause.length === 1 ? "" : "s"}`;
  if (outcome === "not_needed") return { type: "line", mark: "pass", text: "The rules are sound: nothing to roll back" };
  if (outcome === "impossible") return { type: "line", mark: "fail", text: `${why}, and no earlier version of the rules is sound` };
  return isWritten
    ? { type: "line", mark: "pass", text: "Rolled back; look at the changes, give what was re-applied a version of its own, and commit" }
    : { type: "line", mark: "warn", text: `${why}: this is the way back; --write follows it` };
}

function describeStep(step: RuleRollback["steps"][number]): readonly string[] {
  switch (step.step) {
    case "revert":
      return [`revert: ${step.from ?? "rules that cannot be used"} → ${step.to.version}, schema ${step.to.schemaVersion}`];
    case "dry_run": {
      const { placements, unresolved, findings } = step.report;
      const errors = findings.filter(({ severity }) => severity === "error").length;
      return [`dry run: ${placements.length} documents selected, ${unresolved.length} unresolved, ${errors} errors`];
    }
    case "reapply":
      return step.plan.steps.map(({ change, verdict, findings }) =>
        verdict === "apply"
          ? `re-apply: ${change.part} ${change.name}`
          : `leave out: ${change.part} ${change.name}, ${findings[0]?.message ?? ""}`,
      );
  }
}

function describeFile({ step, path }: RuleFile, isWritten: boolean): string {
  return `${isWritten ? "wrote" : "would write"} ${path} (${step})`;
}
