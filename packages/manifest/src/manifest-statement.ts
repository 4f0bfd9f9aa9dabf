import type { JsonObject } from "@gov/schema";
import { type Digest, digestBytes } from "@gov/schema/canonical";
import { digestManifest, type ManifestModel } from "./model.ts";
import { createStatement, type Statement } from "./sign/statement.ts";

/** Predicate type of a sealed manifest; its own domain, so that a signature for anything else never seals a manifest. */
export const sealedManifestPredicate = "urn:gov:predicate:sealed-manifest:1";

/** Name of the subject that is the canonical model, beside the one that is the file. */
export const manifestModelSubject = "urn:gov:manifest-model:1";

/** Creates what is signed for a manifest: the digest of the file's exact bytes, the digest of its canonical model, and what a reader wants to know first. */
export function createManifestStatement(
  model: ManifestModel,
  file: { readonly name: string; readonly text: string | Uint8Array },
): Statement {
  const subjects: readonly { readonly name: string; readonly digest: Digest }[] = [
    { name: file.name, digest: digestBytes(file.text) },
    { name: manifestModelSubject, digest: digestManifest(model) },
  ];
  const predicate: JsonObject = {
    manifestId: model.manifestId,
    cycleId: model.cycleId,
    sequence: model.sequence,
    createdAt: model.createdAt,
    snapshotRev: model.snapshotRev,
    rulebookHash: model.rulebookHash,
    priorManifestDigest: model.prior?.digest ?? null,
    ...(model.closes === undefined ? {} : { closedManifestDigest: model.closes.digest }),
    ...(model.restores === undefined ? {} : { restoredManifestDigest: model.restores.digest }),
  };
  return createStatement({ subjects, predicateType: sealedManifestPredicate, predicate });
}
