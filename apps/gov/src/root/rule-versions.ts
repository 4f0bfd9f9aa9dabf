import { compileRoutes, type RouteTable, type RuleVersion } from "@gov/hydration/routing";
import { type Artifact, checkDocuments, resolveRulebook, type Rulebook } from "@gov/schema";
import { type PresetName, presets } from "@gov/schema/presets";
import type { Context, Revision } from "../context.ts";
import { ruleDocuments, rulePaths } from "./load-documents.ts";
import type { GovernedRoot } from "./open-root.ts";

/** The rules of one commit, with the documents that make them. */
export interface CommittedRules {
  readonly commit: string;
  readonly version: RuleVersion;
  readonly rulebook: Rulebook;
  readonly documents: readonly Artifact[];
  /** The bytes of each document, by its path. */
  readonly files: Revision["files"];
}

/** The rules of every commit that changed a rule document and left rules that can be used, the oldest first. */
export async function committedRules(context: Context, root: GovernedRoot): Promise<readonly CommittedRules[]> {
  const revisions = await context.git.history(root.directory, rulePaths(root));
  return revisions.flatMap(({ commit, files }) => {
    // Documents have the names of files in one Unicode form.
    const inputs = [...files].map(([path, bytes]) => ({ path: path.normalize("NFC"), bytes }));
    const { artifacts } = checkDocuments(inputs, root.registry, { limits: root.config.limits });
    const rules = rulesOf(root, artifacts, commit.slice(0, 12));
    return rules === null
      ? []
      : [{ ...rules, commit, documents: ruleDocuments(root, artifacts), files: new Map(inputs.map(({ path, bytes }) => [path, bytes])) }];
  });
}

/** The rules that documents make, as rollback compares them; null where they cannot be used, or route nothing. */
export function rulesOf(
  root: GovernedRoot,
  artifacts: readonly Artifact[],
  label: string,
): { readonly version: RuleVersion; readonly rulebook: Rulebook } | null {
  const documents = ruleDocuments(root, artifacts);
  const resolved = resolveRulebook(documents, presets[root.config.preset as PresetName], { extended: root.extended });
  if (!resolved.ok || resolved.value.routing === null) return null;
  const { routing, hydration } = resolved.value;
  const version = `${versionOf(documents, "artifact_routing")} (${label})`;
  return { version: { version, schemaVersion: versionOf(documents, "artifact_schema"), routing, hydration }, rulebook: resolved.value };
}

/** The routes that parameters of documents are best read by: those of the newest rules that can be compiled. */
export function newestTable(versions: readonly RuleVersion[]): RouteTable | null {
  for (const { routing } of versions.toReversed()) {
    const compiled = compileRoutes(routing);
    if (compiled.ok) return compiled.value;
  }
  return null;
}

/** Version and digest of the document in force, so that a change without a new version is one all the same. */
function versionOf(documents: readonly Artifact[], kind: string): string {
  const document = documents.find((one) => one.kind === kind && one.status === "approved");
  return document === undefined
    ? "none"
    : kind === "artifact_schema"
      ? `${document.version ?? "none"} ${document.digest}`
      : (document.version ?? "none");
}
