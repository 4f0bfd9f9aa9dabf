import { relative, resolve, sep } from "node:path";
import type { Artifact } from "@gov/schema";
import { InputError } from "../command.ts";
import type { Context } from "../context.ts";
import type { Governed } from "./load-governed.ts";

/** The path below the root that a person means: as they see it from where they are, or as findings write it, from the root. */
export function pathInRoot(context: Context, { documents, root }: Governed, word: string): string {
  const paths = [context.cwd, root.directory].flatMap((base) => below(root.directory, resolve(base, word)));
  const known = paths.find((candidate) => documents.inputs.some(({ path }) => path === candidate));
  const path = known ?? paths[0];
  if (path === undefined) throw new InputError("CLI_OUTSIDE_ROOT", `Cannot use "${word}": it is outside the governed root`);
  return path;
}

/** The one document that an id or a path means, or null. */
export function findArtifact(context: Context, governed: Governed, word: string): Artifact | null {
  const { artifacts } = governed.documents;
  const byId = artifacts.find(({ id, path }) => id === word || path === word);
  if (byId !== undefined) return byId;
  const paths = below(governed.root.directory, resolve(context.cwd, word));
  return artifacts.find(({ path }) => paths.includes(path)) ?? null;
}

function below(directory: string, path: string): readonly string[] {
  const inside = relative(directory, path).split(sep).join("/");
  return inside === "" || inside === ".." || inside.startsWith("../") ? [] : [inside];
}
