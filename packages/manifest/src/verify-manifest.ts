import { compareFindings, type Finding, type JsonObject } from "@gov/schema";
import { type Digest, digestBytes } from "@gov/schema/canonical";
import { isManifestError, ManifestError } from "./errors.ts";
import { finding } from "./finding-codes.ts";
import { findInlineSealFault } from "./inline-seal.ts";
import { createManifestStatement, manifestModelSubject, sealedManifestPredicate } from "./manifest-statement.ts";
import { digestManifest, type ManifestModel, type SealedArtifact } from "./model.ts";
import type { ManifestText } from "./internal/read-yaml-manifest.ts";
import { readManifestText } from "./parse-manifest.ts";
import { parseEnvelope } from "./sign/envelope.ts";
import { decodeStatement, statementPayloadType } from "./sign/statement.ts";
import type { TrustPolicy } from "./sign/trust-policy.ts";
import { checkEnvelope, requirePolicy, type VerifiedSigner } from "./sign/verify-envelope.ts";

/** Reads an artifact's exact bytes by its sealed path, at once or later, or returns null when there is none. They are used before the next is asked for, when they came at once. */
export type ReadArtifact = (path: string) => Uint8Array | null | Promise<Uint8Array | null>;

/** What {@link verifyManifest} works on. */
export interface VerifyManifestInput {
  readonly manifestBytes: Uint8Array;
  /** Content of the envelope file, or null when there is none. */
  readonly envelopeBytes: Uint8Array | null;
  /** Whose signatures are enough; there is no default. */
  readonly policy: TrustPolicy;
  /** The instant at which keys must be valid, RFC 3339 UTC; the verifier's choice. */
  readonly at: string;
  /** Reads the artifacts; `createArtifactReader(root)` does it for a folder. */
  readonly readArtifact: ReadArtifact;
  /** Path of the manifest, named in findings. @default "handoff_manifest.yaml" */
  readonly path?: string | undefined;
}

/** What {@link verifyManifest} vouches for. */
export interface VerifiedManifest {
  readonly model: ManifestModel;
  /** Digest of the manifest file's exact bytes. */
  readonly digest: Digest;
  readonly signers: readonly VerifiedSigner[];
}

/** How many artifacts are read side by side. */
const readAhead = 8;

/**
 * Verifies a sealed manifest offline, with nothing but its two files, the artifacts and a policy: the signatures, the signed digest of the file's exact bytes and
 * of its canonical model, and the digest and size of every artifact (MAN-08, MAN-09, MAN-14). Returns the model and who sealed it, or throws once with every
 * finding: each file that does not match is named.
 *
 * @throws {@link ManifestError} `MANIFEST_VERIFICATION_FAILED`, with `findings`; `MANIFEST_POLICY_INVALID` when the policy cannot be used.
 */
export async function verifyManifest(input: VerifyManifestInput): Promise<VerifiedManifest> {
  const { manifestBytes, path = "handoff_manifest.yaml", readArtifact } = input;
  const digest = digestBytes(manifestBytes);
  const parsed = readManifestText(manifestBytes, { path });
  const model = parsed.ok ? parsed.value.model : null;
  const seal = checkSeal(input, { model, digest, path });
  const findings: Finding[] = [
    ...seal.findings,
    ...(parsed.ok ? checkInline(parsed.value, input.policy, path) : parsed.findings),
    ...(model === null ? [] : await checkArtifacts(model, readArtifact)),
  ];
  if (model !== null && seal.signers !== null && !findings.some(({ severity }) => severity === "error"))
    return { model, digest, signers: seal.signers };
  findings.sort(compareFindings);
  const errors = findings.filter(({ severity }) => severity === "error");
  const more = errors.length > 1 ? ` (and ${String(errors.length - 1)} more)` : "";
  throw new ManifestError("MANIFEST_VERIFICATION_FAILED", `Cannot verify "${path}": ${errors[0]?.message ?? "it failed"}${more}`, {
    findings,
    details: { path },
    hint: "Restore the named files as they were sealed, or seal a new manifest that names this one as its prior",
  });
}

/** A signature inside the manifest is never what is trusted, but one that is wrong says that something is. @internal */
export function checkInline({ model, seal }: ManifestText, policy: TrustPolicy, path: string): readonly Finding[] {
  const fault = seal === null ? null : findInlineSealFault(seal, model, requirePolicy(policy));
  return fault === null ? [] : [finding("MANIFEST_INLINE_SEAL_INVALID", `The signature inside "${path}" ${fault}`, { path })];
}

/** What {@link checkSeal} found. @internal */
export interface SealOutcome {
  readonly signers: readonly VerifiedSigner[] | null;
  readonly findings: readonly Finding[];
}

/** Checks the envelope and that what it signs is this very file and this very model. @internal */
export function checkSeal(
  { envelopeBytes, policy, at }: Pick<VerifyManifestInput, "envelopeBytes" | "policy" | "at">,
  { model, digest, path }: { readonly model: ManifestModel | null; readonly digest: Digest; readonly path: string },
): SealOutcome {
  const resolved = requirePolicy(policy);
  const place = `${path}.dsse.json`;
  if (envelopeBytes === null) return failed(finding("MANIFEST_UNSIGNED", `"${path}" has no envelope: nobody has signed it`, { path }));
  const envelope = readEnvelope(envelopeBytes);
  if ("message" in envelope)
    return failed(finding("MANIFEST_ENVELOPE_MALFORMED", `"${place}" is no envelope: ${envelope.message}`, { path: place }));
  const { verified, payload, findings } = checkEnvelope(envelope, resolved, { payloadType: statementPayloadType, at });
  const all = findings.map((one) => ({ ...one, path: place }));
  // Without trusted signatures the statement proves nothing; it still tells which file differs.
  const statement = payload === null ? null : decodeStatement(payload);
  if (statement?.predicateType !== sealedManifestPredicate) {
    all.push({
      ...finding("MANIFEST_STATEMENT_INVALID", `"${place}" does not speak of a sealed manifest`, { expected: sealedManifestPredicate }),
      path: place,
    });
    return { signers: null, findings: all };
  }
  const sha256 = (name: (name: string) => boolean): string | undefined =>
    statement.subject.find((subject) => name(subject.name))?.digest.sha256;
  if (`sha256:${sha256((name) => name !== manifestModelSubject) ?? ""}` !== digest)
    all.push({ ...finding("MANIFEST_SIGNED_DIGEST_MISMATCH", `"${path}" does not match the signed digest`), path });
  if (model !== null && `sha256:${sha256((name) => name === manifestModelSubject) ?? ""}` !== digestManifest(model))
    all.push({
      ...finding("MANIFEST_SIGNED_DIGEST_MISMATCH", `The content of "${path}" does not match the signed digest of its model`),
      path,
    });
  if (model !== null && !statesModel(statement.predicate, model, path))
    all.push({
      ...finding("MANIFEST_STATEMENT_MISMATCH", `"${place}" says something else of the manifest than "${path}" itself`),
      path: place,
    });
  return { signers: verified?.signers ?? null, findings: all };
}

/** A reader may go by the predicate alone, so it must not name another manifest, sequence or prior; what a later version adds is not judged. */
function statesModel(predicate: JsonObject, model: ManifestModel, name: string): boolean {
  const expected = createManifestStatement(model, { name, text: "" }).predicate;
  return Object.entries(expected).every(([field, value]) => predicate[field] === value);
}

function readEnvelope(bytes: Uint8Array): ReturnType<typeof parseEnvelope> | { readonly message: string } {
  try {
    return parseEnvelope(bytes);
  } catch (error) {
    if (isManifestError(error)) return { message: error.message };
    throw error;
  }
}

function failed(one: Finding): SealOutcome {
  return { signers: null, findings: [one] };
}

async function checkArtifacts({ artifacts }: ManifestModel, readArtifact: ReadArtifact): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  let reading: Promise<Finding | null>[] = [];
  const settle = async (): Promise<void> => {
    findings.push(...(await Promise.all(reading)).filter((one) => one !== null));
    reading = [];
  };
  for (const artifact of artifacts) {
    const found = checkArtifact(artifact, readArtifact);
    if (found instanceof Promise) {
      if (reading.push(found) === readAhead) await settle();
    } else if (found !== null) findings.push(found);
  }
  await settle();
  return findings;
}

function checkArtifact(artifact: SealedArtifact, readArtifact: ReadArtifact): Finding | null | Promise<Finding | null> {
  const { path } = artifact;
  const unreadable = (error: unknown): Finding => {
    const reason = error instanceof Error ? error.message : String(error);
    return finding("MANIFEST_ARTIFACT_UNREADABLE", `"${path}" cannot be read: ${reason}`, { path });
  };
  let bytes: ReturnType<ReadArtifact>;
  try {
    bytes = readArtifact(path);
  } catch (error) {
    return unreadable(error);
  }
  if (bytes === null || bytes instanceof Uint8Array) return compareArtifact(artifact, bytes);
  return bytes.then((later) => compareArtifact(artifact, later), unreadable);
}

function compareArtifact({ path, digest, size }: SealedArtifact, bytes: Uint8Array | null): Finding | null {
  if (bytes === null) return finding("MANIFEST_ARTIFACT_MISSING", `"${path}" is sealed but missing`, { path });
  const actual = digestBytes(bytes);
  if (actual === digest && bytes.byteLength === size) return null;
  const hint = `Its digest is ${actual} with ${String(bytes.byteLength)} bytes`;
  return finding("MANIFEST_ARTIFACT_MISMATCH", `"${path}" does not match its sealed digest`, {
    path,
    expected: `${digest} with ${String(size)} bytes`,
    hint,
  });
}
