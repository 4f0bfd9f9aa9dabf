import { type Candidate, selectAll, type Selection } from "@gov/hydration";
import type { Artifact } from "@gov/schema";
import type { Call } from "../command.ts";
import type { Context } from "../context.ts";
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
  return { root, documents, rules: requireRules(root, documents.artifacts) };
}

/** Selects among the documents that share an id, by the rules in force and the times of their last commits. */
export async function selectArtifacts(context: Context, governed: Governed): Promise<ReadonlyMap<string, Selection>> {
  const times = await context.git.commitTimes(governed.root.directory);
  const candidates = governed.documents.artifacts.map((artifact) => toCandidate(artifact, times));
  return selectAll(candidates, governed.rules.rulebook.hydration);
}

function toCandidate({ id, path, version, status, digest }: Artifact, times: ReadonlyMap<string, number>): Candidate {
  return { id, path, version, status, digest, commitTime: times.get(path) ?? null };
}
