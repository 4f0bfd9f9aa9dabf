import type { RuleRollback, RuleVersion } from "@gov/hydration/routing";
import { type Artifact, editFrontMatter, editYaml, type Finding, type JsonValue, type YamlEdit } from "@gov/schema";
import { digestJson } from "@gov/schema/canonical";
import type { CommittedRules } from "./rule-versions.ts";

/** One rule document to write, in the order of the playbook. */
export interface RuleFile {
  readonly step: "revert" | "reapply";
  /** POSIX path relative to the governed root. */
  readonly path: string;
  readonly text: string;
}

/** What applying a rollback writes; with a finding, nothing may be written. */
export interface RuleFilesPlan {
  readonly files: readonly RuleFile[];
  readonly findings: readonly Finding[];
}

const kinds = ["artifact_routing", "artifact_schema", "hydration_rules"] as const;

/** Plans which rule documents a rollback writes: those of the good commit, then the same with the changes that can be kept. */
export function planRuleFiles(
  rollback: RuleRollback,
  options: { readonly good: CommittedRules; readonly current: readonly Artifact[] },
): RuleFilesPlan {
  const { good, current } = options;
  const reverted = kinds.flatMap(
    (kind): readonly (RuleFile & { readonly kind: string; readonly format: string; readonly isChanged: boolean })[] => {
      const document = good.documents.find((one) => one.kind === kind && one.status === "approved");
      if (document === undefined) return [];
      const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(good.files.get(document.path));
      const here = current.find((one) => one.kind === kind && one.status === "approved");
      const path = here?.path ?? document.path;
      return [{ step: "revert", kind, format: document.format, path, text, isChanged: here?.digest !== document.digest }];
    },
  );
  const kept = rollback.steps.flatMap((step) => (step.step === "reapply" ? [step.plan.rules] : []))[0];
  const edited = reverted.map((file) => {
    const edits = kept === undefined ? [] : editsOf(file.kind, { from: good.version, to: kept });
    const edit = file.format === "markdown" ? editFrontMatter : editYaml;
    return { file, result: edits.length === 0 ? null : edit(file.text, edits, { path: file.path }) };
  });
  const findings = edited.flatMap(({ result }) => (result === null || result.ok ? [] : result.findings));
  return {
    files: [
      ...reverted.filter(({ isChanged }) => isChanged).map(({ step, path, text }) => ({ step, path, text })),
      ...edited.flatMap(({ file, result }) =>
        result?.ok === true ? [{ step: "reapply" as const, path: file.path, text: result.value }] : [],
      ),
    ],
    findings,
  };
}

/** The edits that lead from the rules of the good commit to those that are kept. */
function editsOf(kind: string, { from, to }: { readonly from: RuleVersion; readonly to: RuleVersion }): readonly YamlEdit[] {
  const parts: readonly (readonly [pointer: string, before: unknown, after: unknown])[] =
    kind === "artifact_routing"
      ? [
          ["/spec/routes", from.routing.routes, to.routing.routes],
          ["/spec/overrides", from.routing.overrides, to.routing.overrides],
        ]
      : kind === "hydration_rules"
        ? [["/spec", from.hydration, to.hydration]]
        : [];
  return parts.flatMap(([pointer, before, after]): readonly YamlEdit[] =>
    digestJson(before as JsonValue) === digestJson(after as JsonValue) ? [] : [{ op: "set", pointer, value: after as JsonValue }],
  );
}
