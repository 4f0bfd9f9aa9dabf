import type { Finding } from "@gov/schema";
import { type Digest, digestBytes } from "@gov/schema/canonical";
import { finding } from "./finding-codes.ts";
import { readManifestText } from "./parse-manifest.ts";
import type { ChainLink } from "./verify-chain.ts";

/** The chains that a heap of manifests makes. */
export interface GroupedChains {
  /** Each from its oldest link that is there to its newest, ready for `verifyChain()`. */
  readonly chains: readonly (readonly ChainLink[])[];
  /** One for each manifest that more than one names as its prior: there the history forks. */
  readonly findings: readonly Finding[];
}

/**
 * Puts manifests that lie about into chains, by the digests with which each names its prior. Nothing is verified: a chain that lacks a link begins late, and
 * `verifyChain()` refuses it. What cannot be read is left out, as `verifyManifest()` tells of it. Pure.
 */
export function groupChains(links: readonly ChainLink[]): GroupedChains {
  const known = new Map<Digest, Known>();
  for (const link of links) {
    const parsed = readManifestText(link.manifestBytes, { path: link.path ?? "" });
    if (parsed.ok)
      known.set(digestBytes(link.manifestBytes), { link, id: parsed.value.model.manifestId, prior: parsed.value.model.prior?.digest });
  }
  const followed = new Map<Digest, number>();
  for (const { prior } of known.values()) if (prior !== undefined) followed.set(prior, (followed.get(prior) ?? 0) + 1);
  const heads = [...known].filter(([digest]) => !followed.has(digest)).map(([, one]) => one);
  const chains = heads.map((head) => {
    const chain: ChainLink[] = [];
    for (let at: Known | undefined = head; at !== undefined; at = at.prior === undefined ? undefined : known.get(at.prior))
      chain.unshift(at.link);
    return chain;
  });
  const findings = [...followed].flatMap(([digest, count]) => {
    const forked = known.get(digest);
    if (count === 1 || forked === undefined) return [];
    const { id, link } = forked;
    return [finding("MANIFEST_CHAIN_FORKED", `${String(count)} manifests name "${id}" as their prior`, { path: link.path ?? null })];
  });
  return { chains, findings };
}

interface Known {
  readonly link: ChainLink;
  readonly id: string;
  readonly prior: Digest | undefined;
}
