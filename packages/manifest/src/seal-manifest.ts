import { compareFindings } from "@gov/schema";
import { type Digest, digestBytes } from "@gov/schema/canonical";
import { ManifestError } from "./errors.ts";
import { checkModel } from "./internal/check-model.ts";
import { createManifestStatement } from "./manifest-statement.ts";
import type { ManifestModel } from "./model.ts";
import { renderManifest } from "./render-manifest.ts";
import { renderEnvelope } from "./sign/envelope.ts";
import { signStatement } from "./sign/sign-statement.ts";
import type { Signer } from "./sign/signer.ts";

/** Options of {@link sealManifest}. */
export interface SealManifestOptions {
  /** Who signs, at least one; each gets the same small statement. */
  readonly signers: readonly Signer[];
  /** File name of the manifest, the name of the first subject. @default "handoff_manifest.yaml" */
  readonly name?: string | undefined;
}

/** A manifest and its envelope, ready to be written. */
export interface SealedManifest {
  readonly name: string;
  readonly manifestText: string;
  /** Content of the file beside it, named `<name>.dsse.json`. */
  readonly envelopeText: string;
  /** Digest of the manifest file's exact bytes: what the next manifest names as its prior. */
  readonly digest: Digest;
}

/**
 * Renders a planned manifest and signs it: an in-toto statement over the file's exact bytes and over the canonical model, in a DSSE envelope with one signature
 * per signer. Writes nothing; `applySeal` does.
 *
 * @throws {@link ManifestError} `MANIFEST_NOT_SEALABLE` with every finding when the model is not one that `planManifest` could have returned.
 * @throws RangeError when there is no signer.
 */
export async function sealManifest(model: ManifestModel, options: SealManifestOptions): Promise<SealedManifest> {
  const { signers, name = "handoff_manifest.yaml" } = options;
  const findings = [...checkModel(model)].sort(compareFindings);
  if (findings.length > 0)
    throw new ManifestError("MANIFEST_NOT_SEALABLE", `Cannot seal manifest "${model.manifestId}": ${findings[0]?.message ?? ""}`, {
      findings,
      hint: "Plan the manifest with planManifest() and mend what it names",
    });
  const manifestText = renderManifest(model);
  const envelope = await signStatement(createManifestStatement(model, { name, text: manifestText }), signers);
  return { name, manifestText, envelopeText: renderEnvelope(envelope), digest: digestBytes(manifestText) };
}
