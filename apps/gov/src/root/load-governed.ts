import { type Candidate, selectAll, type Selection } from "@gov/hydration";
import { type HydrationInput, type RouteTable, toRouteSubject } from "@gov/hydration/routing";
import type { Artifact } from "@gov/schema";
import type { Call } from "../command.ts";
import type { Context } from "../context.ts";
import { commitTimes } from "./commit-times.ts";
import { loadDocuments, type LoadedDocuments } from "./load-documents.ts";
import { type LoadedRules, requireRules } from "./load-rules.ts";
import { type GovernedRoot, openRoot } from "./open-root.ts";

/** A governed root with its documents and the rules in force. */
export interface Governed {
  readonly root: GovernedRoot;
  readonly documents: LoadedDocuments;
  readonly rules: LoadedRules;
}

/** Opens a governed root, reads its documents and resolves its rules. */
export async function loadGoverned(context: Context, call: Call, positional?: string): Promise<Governed> {
  const root = await openRoot(context, call, positional);
  const documents = await loadDocuments(context, root);
  return { root, documents, rules: requireRules(root, documents) };
}

/** Selects among the documents that share an id, by the rules in force and the times of their last commits. */
export async function selectArtifacts(context: Context, governed: Governed): Promise<ReadonlyMap<string, Selection>> {
  return selectAll(await candidatesOf(context, governed), governed.rules.rulebook.hydration);
}

/** Every document as a candidate for its id. */
export async function candidatesOf(context: Context, { root, documents }: Governed): Promise<readonly Candidate[]> {
  const times = await commitTimes(context, root.directory);
  return documents.artifacts.map((artifact) => toCandidate(artifact, times));
}

/** Every document as hydration sees it; parameters are read by the given routes. */
export async function hydrationInputs(
  context: Context,
  { root, documents }: Pick<Governed, "root" | "documents">,
  routes: RouteTable,
): Promise<readonly HydrationInput[]> {
  const times = await commitTimes(context, root.directory);
  return documents.artifacts.map((artifact) => ({ ...toCandidate(artifact, times), ...toRouteSubject(routes, artifact) }));
}

function toCandidate({ id, path, version, status, digest }: Artifact, times: ReadonlyMap<string, number>): Candidate {
  return { id, path, version, status, digest, commitTime: times.get(path) ?? null };
}
