import { type GovernedSubject, governedSubjectOf } from "@gov/gates/governance";
import { type Artifact, type ChangeFreeze, type FeatureFlag, isJsonObject, type JsonValue } from "@gov/schema";
import type { Context } from "../context.ts";
import { approvalsOf } from "./approvals.ts";
import type { Governed } from "./load-governed.ts";
import { readLog } from "./root-log.ts";

/** Documents as governance rules look at them, with the approvals of the log and the freezes of the calendar. */
export async function governedSubjects(
  context: Context,
  governed: Governed,
  artifacts: readonly Artifact[],
): Promise<readonly GovernedSubject[]> {
  const { directory } = governed.root;
  const approvals = await approvalsOf(context, directory, await readLog(context, directory));
  const freezes = approvedData(governed, "freeze_calendar").flatMap(
    (data) => (data["freezes"] ?? []) as unknown as readonly ChangeFreeze[],
  );
  return Promise.all(
    artifacts.map(async (artifact) => {
      const own = approvals.filter(({ digest }) => digest === artifact.digest);
      // Only where somebody approved it does it matter who wrote it.
      const authors = own.length === 0 ? [] : await context.git.authors(directory, artifact.path);
      return governedSubjectOf(artifact, { authors, approvals: own, freezes });
    }),
  );
}

/** The flags by which rules are rolled out: those of the approved feature flags. */
export function rolloutFlags(governed: Governed): Readonly<Record<string, FeatureFlag>> {
  const found = approvedData(governed, "feature_flags").map((data) => data["flags"] as unknown as Readonly<Record<string, FeatureFlag>>);
  return Object.fromEntries(found.flatMap((flags) => Object.entries(flags)));
}

function approvedData({ documents }: Governed, kind: string): readonly Readonly<Record<string, JsonValue>>[] {
  return documents.artifacts
    .filter((artifact) => artifact.kind === kind && artifact.status === "approved")
    .flatMap(({ data }) => (isJsonObject(data) ? [data] : []));
}
