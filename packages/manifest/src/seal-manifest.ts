import { compareFindings, type ManifestShape } from "@gov/schema";
import { type Digest, digestBytes } from "@gov/schema/canonical";
import { ManifestError } from "./errors.ts";
import { createInlineSeal } from "./inline-seal.ts";
import { checkModel } from "./internal/check-model.ts";
import { renderShapeYaml } from "./internal/shape-yaml.ts";
import { emitManifestShape, type EmitShapeOptions, readManifestShape } from "./manifest-shape.ts";
import { createManifestStatement } from "./manifest-statement.ts";
import { digestManifest, type ManifestModel } from "./model.ts";
import { renderManifest } from "./render-manifest.ts";
import { renderEnvelope } from "./sign/envelope.ts";
import { signStatement } from "./sign/sign-statement.ts";
import type { SignatureAlgorithm } from "./sign/signature-algorithm.ts";
import type { Signer } from "./sign/signer.ts";

/** Options of {@link sealManifest}. */
export interface SealManifestOptions {
  /** Who signs, at least one; each gets the same small statement. */
  readonly signers: readonly Signer[];
  /** Writes the manifest in one of the shapes of the field, with a signature of its own inside where the shape has a place for one. @default the shape of this package, c33 and more */
  readonly shape?: SealShape | undefined;
  /** File name of the manifest, the name of the first subject. @default "handoff_manifest.yaml" */
  readonly name?: string | undefined;
}

/** In which shape a manifest is sealed. */
export interface SealShape extends Omit<EmitShapeOptions, "seal"> {
  readonly shape: ManifestShape;
  /** Who signs inside; the c22 shapes need it. @default nobody */
  readonly inline?: { readonly signer: Signer; readonly algorithm: SignatureAlgorithm } | undefined;
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
 * A shape that cannot hold the model is refused with that code, too.
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
  const manifestText = options.shape === undefined ? renderManifest(model) : await renderShape(model, options.shape);
  const envelope = await signStatement(createManifestStatement(model, { name, text: manifestText }), signers);
  return { name, manifestText, envelopeText: renderEnvelope(envelope), digest: digestBytes(manifestText) };
}

async function renderShape(model: ManifestModel, { shape, names, inline }: SealShape): Promise<string> {
  const seal = inline === undefined ? undefined : await createInlineSeal(model, inline);
  const data = emitManifestShape(model, shape, { names, seal });
  const again = data.ok ? readManifestShape(data.value) : data;
  if (data.ok && again.ok && digestManifest(again.value.model) === digestManifest(model)) return renderShapeYaml(data.value);
  throw new ManifestError(
    "MANIFEST_NOT_SEALABLE",
    `Cannot seal manifest "${model.manifestId}" as ${shape}: ${again.findings[0]?.message ?? "it would not be read as the same"}`,
    {
      findings: again.findings,
      hint: "Give what the shape needs, such as an inline signature or a cycle id of its form, or seal in another shape",
    },
  );
}
