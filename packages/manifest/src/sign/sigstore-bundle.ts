import { isJsonObject, type JsonObject, type JsonValue } from "@gov/schema";
import { ManifestError } from "../errors.ts";
import { type Envelope, parseEnvelope } from "./envelope.ts";
import { decodeBase64 } from "./internal/base64.ts";
import type { TrustPolicy } from "./trust-policy.ts";
import { verifyEnvelope, type VerifiedEnvelope, type VerifyEnvelopeOptions } from "./verify-envelope.ts";

/** Media type of the bundles written here. */
export const sigstoreBundleMediaType = "application/vnd.dev.sigstore.bundle.v0.3+json";

/** Media types that are read: the versions that are in use. */
const readable: ReadonlySet<string> = new Set([
  "application/vnd.dev.sigstore.bundle+json;version=0.1",
  "application/vnd.dev.sigstore.bundle+json;version=0.2",
  "application/vnd.dev.sigstore.bundle+json;version=0.3",
  sigstoreBundleMediaType,
]);

/** A Sigstore bundle that carries a DSSE envelope. */
export interface SigstoreBundle {
  readonly envelope: Envelope;
  /** `key` when a key that both sides know has signed, `certificate` for keyless signing. */
  readonly material: "key" | "certificate";
  /** The hint which key it was, or null. Not authenticated: nothing is decided by it. */
  readonly keyHint: string | null;
  /** The bundle as it was read, for a verifier of certificates and transparency logs. */
  readonly json: JsonObject;
}

/**
 * Writes an envelope as Sigstore bundles (v0.3), one for each signature, since a bundle carries exactly one: for tools that read nothing else. The signatures are of keys,
 * so there is no certificate and no entry of a transparency log.
 */
export function renderSigstoreBundles(envelope: Envelope): readonly string[] {
  return envelope.signatures.map(({ keyid, sig }) => {
    const { payload, payloadType } = envelope;
    const bundle = {
      mediaType: sigstoreBundleMediaType,
      verificationMaterial: { publicKey: { hint: keyid }, tlogEntries: [] },
      dsseEnvelope: { payload, payloadType, signatures: [{ keyid, sig }] },
    };
    return `${JSON.stringify(bundle, null, 2)}\n`;
  });
}

/**
 * Reads a Sigstore bundle, version 0.1 to 0.3, that carries a DSSE envelope; says nothing about who signed.
 *
 * @throws {@link ManifestError} `MANIFEST_BUNDLE_INVALID` when it is none, carries no single signature over an envelope, or its material is unknown.
 */
export function parseSigstoreBundle(bytes: Uint8Array | string): SigstoreBundle {
  const json = parseJson(bytes);
  if (!isJsonObject(json ?? null)) throw invalid("it is not a JSON object in UTF-8");
  const { mediaType, verificationMaterial: material, dsseEnvelope } = json as JsonObject;
  if (typeof mediaType !== "string" || !readable.has(mediaType)) throw invalid(`its media type is ${JSON.stringify(mediaType ?? null)}`);
  if (!isJsonObject(dsseEnvelope ?? null)) throw invalid("it carries no DSSE envelope: a bare message signature says not what it is for");
  if (!isJsonObject(material ?? null)) throw invalid("it has no verification material");
  const { publicKey, certificate, x509CertificateChain: chain } = material as JsonObject;
  const given = [publicKey, certificate, chain].filter((one) => one !== undefined && one !== null);
  if (given.length !== 1 || !isJsonObject(given[0] ?? null)) throw invalid("it must have one public key hint or one certificate");
  const envelope = readEnvelope(dsseEnvelope as JsonObject);
  if (envelope.signatures.length !== 1) throw invalid(`its envelope carries ${String(envelope.signatures.length)} signatures, and not one`);
  const hint = publicKey === undefined || publicKey === null ? null : (publicKey as JsonObject)["hint"];
  return {
    envelope,
    material: publicKey === undefined || publicKey === null ? "certificate" : "key",
    keyHint: typeof hint === "string" ? hint : null,
    json: json as JsonObject,
  };
}

/** Verifies certificates, timestamps and transparency logs of keyless bundles; `@sigstore/verify` stands behind it where it is installed. */
export interface KeylessVerifier {
  /** Resolves with who signed, and rejects when that cannot be proven. Told of the very bundle whose envelope is used. */
  readonly verify: (bundle: JsonObject) => Promise<KeylessSigner>;
}

/** Who signed a keyless bundle, as the certificate says. */
export interface KeylessSigner {
  /** Subject alternative name: an e-mail address or a workflow's URI. */
  readonly identity: string;
  /** Who vouched for the identity. */
  readonly issuer: string;
}

/** Options of {@link verifySigstoreBundle}. */
export interface VerifyBundleOptions extends VerifyEnvelopeOptions {
  /** Whose keys are enough. */
  readonly policy: TrustPolicy;
}

/** Options of {@link verifyKeylessBundle}. */
export interface VerifyKeylessOptions {
  /** The only payload type that is accepted. */
  readonly payloadType: string;
  /** Exactly who must have signed; no pattern. */
  readonly identity: KeylessSigner;
  readonly verifier: KeylessVerifier;
}

/**
 * Verifies a bundle signed with a key, as {@link verifyEnvelope} does, offline and without any other package.
 *
 * @throws {@link ManifestError} `MANIFEST_BUNDLE_KEYLESS` for a bundle with a certificate; `MANIFEST_VERIFICATION_FAILED`, `MANIFEST_POLICY_INVALID` as `verifyEnvelope`.
 */
export function verifySigstoreBundle(bundle: SigstoreBundle, { policy, ...options }: VerifyBundleOptions): VerifiedEnvelope {
  if (bundle.material === "key") return verifyEnvelope(bundle.envelope, policy, options);
  throw new ManifestError("MANIFEST_BUNDLE_KEYLESS", "Cannot verify the bundle with keys: a certificate was signed with", {
    hint: "Use verifyKeylessBundle() with a verifier of certificates, and the identity that must have signed",
  });
}

/**
 * Verifies a keyless bundle with the verifier given, and compares exactly who signed.
 *
 * @throws {@link ManifestError} `MANIFEST_VERIFICATION_FAILED` when it is signed with a key, by another, for something else, or the verifier rejects it.
 */
export async function verifyKeylessBundle(
  bundle: SigstoreBundle,
  { payloadType, identity, verifier }: VerifyKeylessOptions,
): Promise<{ readonly payload: Uint8Array; readonly signer: KeylessSigner }> {
  const { envelope } = bundle;
  const payload = decodeBase64(envelope.payload);
  if (bundle.material !== "certificate") throw failed("it carries no certificate");
  if (payload === null || envelope.payloadType !== payloadType) throw failed(`its payload is not of type "${payloadType}"`);
  let signer: KeylessSigner;
  try {
    signer = await verifier.verify(bundle.json);
  } catch (cause) {
    throw failed("its certificate or signature was not proven", cause);
  }
  if (signer.identity !== identity.identity || signer.issuer !== identity.issuer)
    throw failed(`"${signer.identity}" of "${signer.issuer}" has signed, and not who must have`);
  return { payload, signer };
}

function readEnvelope(value: JsonObject): Envelope {
  try {
    return parseEnvelope(JSON.stringify(value));
  } catch (cause) {
    throw invalid("its envelope cannot be read", cause);
  }
}

function parseJson(bytes: Uint8Array | string): JsonValue | null {
  try {
    return JSON.parse(typeof bytes === "string" ? bytes : new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as JsonValue;
  } catch {
    return null;
  }
}

function invalid(reason: string, cause?: unknown): ManifestError {
  return new ManifestError("MANIFEST_BUNDLE_INVALID", `Cannot read the Sigstore bundle: ${reason}`, {
    hint: "Have it written again with a DSSE envelope, in a version that is read here",
    cause,
  });
}

function failed(reason: string, cause?: unknown): ManifestError {
  return new ManifestError("MANIFEST_VERIFICATION_FAILED", `Cannot verify the bundle: ${reason}`, {
    hint: "Do not use the payload; have it signed by who must sign",
    cause,
  });
}
