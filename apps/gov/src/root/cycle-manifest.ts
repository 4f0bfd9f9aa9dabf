import { join } from "node:path";
import type { Collected, ManifestEvidence } from "@gov/gates";
import { readFileBounded } from "@gov/index-writer";
import { isManifestError, type ManifestModel, parseManifest, verifyManifest } from "@gov/manifest";
import type { Artifact } from "@gov/schema";
import { digestBytes } from "@gov/schema/canonical";
import type { Context } from "../context.ts";
import type { Governed } from "./load-governed.ts";
import { ruleDocuments } from "./load-documents.ts";
import { manifestPath } from "./manifest-path.ts";
import { sealedAt } from "./sealed-at.ts";
import { readTrustPolicy } from "./trust-policy.ts";

const maxBytes = 1 << 28;

/** The sealed manifest at a path of the root, with its files as they stand now; it is published where it stands. */
export async function cycleManifest(context: Context, governed: Governed, path: string): Promise<Collected<ManifestEvidence>> {
  const read = readerOf(context, governed);
  const bytes = await read(path);
  if (bytes === null) throw new Error(`Cannot read the manifest "${path}"`);
  const parsed = parseManifest(bytes, { path });
  if (!parsed.ok) throw new Error(parsed.findings[0]?.message ?? `Cannot read the manifest "${path}"`);
  const model: ManifestModel = parsed.value;
  const entries = await Promise.all(
    model.artifacts.map(async (artifact) => {
      const now = await read(artifact.path);
      return { path: artifact.path, expected: artifact.digest, actual: now === null ? null : digestBytes(now) };
    }),
  );
  const isVerified = await verifies(context, governed.root.directory, { path, bytes, read });
  return {
    value: { id: model.manifestId, path, kind: "sealed", publishedAt: path, isVerified, entries },
    sources: [{ path, digest: digestBytes(bytes) }],
  };
}

/**
 * The manifest that sealing a cycle now would make, as a dry run: it names the documents as they stand, and nothing is written or signed (GAT-25).
 */
export function dryRunManifest(governed: Governed, cycle: string, own: readonly Artifact[]): Collected<ManifestEvidence> {
  const entries = sealedArtifacts(governed, own).map(({ path, digest }) => ({ path, expected: digest, actual: digest }));
  return {
    value: { id: cycle, path: manifestPath(governed, cycle), kind: "dry_run", publishedAt: null, isVerified: false, entries },
    sources: entries.map(({ path, expected }) => ({ path, digest: expected })),
  };
}

/** What is sealed: the documents of the cycle and the rule documents, never a manifest or a digest, which are written later. */
export function sealedArtifacts({ root, documents }: Governed, own: readonly Artifact[]): readonly Artifact[] {
  const later = new Set(["handoff_manifest", "digest"]);
  return [...own.filter(({ kind }) => !later.has(kind)), ...ruleDocuments(root, documents.artifacts)];
}

type Read = (path: string) => Promise<Uint8Array | null>;

function readerOf(context: Context, { root }: Governed): Read {
  return async (path) => {
    const found = await readFileBounded(join(root.directory, path), { maxBytes, fs: context.fs, path });
    return found.ok ? found.value : null;
  };
}

/** Without a trust policy in the root nobody's signature is enough. */
async function verifies(
  context: Context,
  directory: string,
  { path, bytes, read }: { readonly path: string; readonly bytes: Uint8Array; readonly read: Read },
): Promise<boolean> {
  const trusted = await readTrustPolicy(context, directory);
  if (trusted === null) return false;
  const envelopeBytes = await read(`${path}.dsse.json`);
  const at = (await sealedAt(context, directory))(path, bytes);
  try {
    await verifyManifest({ manifestBytes: bytes, envelopeBytes, policy: trusted.policy, at, readArtifact: read, path });
    return true;
  } catch (error) {
    if (isManifestError(error) && error.code === "MANIFEST_VERIFICATION_FAILED") return false;
    throw error;
  }
}
