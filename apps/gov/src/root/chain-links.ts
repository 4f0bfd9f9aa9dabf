import { type ChainLink, groupChains, type ManifestModel, renderManifest } from "@gov/manifest";
import type { Finding } from "@gov/schema";
import type { Context } from "../context.ts";
import type { Governed } from "./load-governed.ts";
import { readManifestAt } from "./sealed-manifest.ts";

/** The sealed manifests of a root, as links of chains; one that cannot be read is left out. */
export async function chainLinks(context: Context, governed: Governed): Promise<readonly ChainLink[]> {
  const paths = governed.documents.artifacts.filter(({ kind }) => kind === "handoff_manifest").map(({ path }) => path);
  const standing = await Promise.all(paths.map((path) => readManifestAt(context, governed, path).catch(() => null)));
  return standing.filter((one) => one !== null).map(({ path, source }) => ({ path, ...source }));
}

/** What is wrong about a manifest that would follow one which another follows already: history would fork there. */
export async function forksBy(
  context: Context,
  governed: Governed,
  planned: { readonly path: string; readonly model: ManifestModel },
): Promise<readonly Finding[]> {
  const others = (await chainLinks(context, governed)).filter(({ path }) => path !== planned.path);
  const next = { path: planned.path, manifestBytes: new TextEncoder().encode(renderManifest(planned.model)), envelopeBytes: null };
  const known = new Set(groupChains(others).findings.map(({ message }) => message));
  return groupChains([...others, next])
    .findings.filter(({ message }) => !known.has(message))
    .map((finding) => ({ ...finding, hint: "--supersedes, or --after, names the newest manifest of the chain" }));
}
