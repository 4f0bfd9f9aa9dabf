import { join } from "node:path";
import { readFileBounded } from "@gov/index-writer";
import { type ChainedManifest, type ManifestModel, parseManifest, type VerifiedManifest, verifyManifest } from "@gov/manifest";
import type { PromotedManifest, PromotionSource } from "@gov/manifest/promotion";
import { digestBytes } from "@gov/schema/canonical";
import { formatUtc } from "@gov/telemetry";
import { type Call, InputError, UsageError } from "../command.ts";
import type { Context } from "../context.ts";
import type { Governed } from "./load-governed.ts";
import { pathInRoot } from "./path-in-root.ts";
import { sealedAt } from "./sealed-at.ts";
import { requireTrustPolicy } from "./trust-policy.ts";

const maxBytes = 1 << 28;

/** A manifest of a root as it stands there: what it says is not to be believed before {@link proveManifest}, only used to ask who may do something with it. */
export interface StandingManifest {
  /** Below the root. */
  readonly path: string;
  readonly directory: string;
  readonly model: ManifestModel;
  readonly source: PromotionSource;
}

/** Reads the manifest that a call names first. */
export async function readManifest(context: Context, call: Call, governed: Governed): Promise<StandingManifest> {
  const [word] = call.positionals;
  if (word === undefined) throw new UsageError("Missing the manifest: its path");
  return readManifestAt(context, governed, pathInRoot(context, governed, word));
}

/** Reads the manifest at a path below the root. */
export async function readManifestAt(context: Context, governed: Governed, path: string): Promise<StandingManifest> {
  const { directory } = governed.root;
  const readArtifact = async (file: string): Promise<Uint8Array | null> => {
    const read = await readFileBounded(join(directory, file), { maxBytes, fs: context.fs, path: file });
    return read.ok ? read.value : null;
  };
  const manifestBytes = await readArtifact(path);
  const parsed = manifestBytes === null ? null : parseManifest(manifestBytes, { path });
  if (manifestBytes === null || parsed?.ok !== true)
    throw new InputError("CLI_MANIFEST_UNREADABLE", `Cannot read the manifest "${path}"`, {
      findings: parsed?.findings ?? [],
      hint: "gov manifest seal makes one",
    });
  const envelopeBytes = await readArtifact(`${path}.dsse.json`);
  return { path, directory, model: parsed.value, source: { manifestBytes, envelopeBytes, readArtifact } };
}

/** A standing manifest as the link of a chain; what it says is believed when its chain is verified. */
export function chainedManifest({ model, source }: StandingManifest): ChainedManifest {
  return { model, digest: digestBytes(source.manifestBytes) };
}

/** When a standing manifest was sealed: the time at which the keys of those who signed it have to be valid. */
export async function sealedTime(context: Context, { path, directory, source }: StandingManifest): Promise<string> {
  return (await sealedAt(context, directory))(path, source.manifestBytes);
}

/**
 * Proves a manifest and every file it seals by the trust policy of the root, with keys that are valid now unless told otherwise; `required` signatures are enough
 * where fewer are than the policy asks.
 *
 * @throws what `verifyManifest()` throws.
 */
export async function proveManifest(
  context: Context,
  { path, directory, source }: StandingManifest,
  { required, at = formatUtc(context.clock.now()) }: { readonly required?: number | undefined; readonly at?: string | undefined } = {},
): Promise<{ readonly verified: VerifiedManifest; readonly promoted: PromotedManifest }> {
  const trusted = await requireTrustPolicy(context, directory);
  const policy = required === undefined ? trusted : { version: 1 as const, keys: trusted.keys, required };
  const verified = await verifyManifest({ ...source, policy, at, path });
  const { manifestId, sequence } = verified.model;
  return { verified, promoted: { manifestId, sequence, digest: verified.digest } };
}
