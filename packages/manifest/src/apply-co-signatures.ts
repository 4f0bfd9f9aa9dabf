import { type FileSystem, nodeFileSystem, replaceFile } from "@gov/atomic-io";
import { ManifestError } from "./errors.ts";
import { readWhole } from "./internal/read-whole.ts";
import { type Envelope, maxSignatures, parseEnvelope, renderEnvelope } from "./sign/envelope.ts";

/** Options of {@link applyCoSignatures}. */
export interface ApplyCoSignaturesOptions {
  /** @default nodeFileSystem */
  readonly fs?: FileSystem | undefined;
}

/**
 * Adds the signatures of a co-signed envelope to the envelope file of a sealed manifest: what is signed never changes and no signature is ever taken away, so that
 * two people who sign side by side do not undo each other. A reader sees the old file or the new one; durable once the promise resolves.
 *
 * @returns the envelope as it now stands.
 * @throws {@link ManifestError} `MANIFEST_ALREADY_SEALED` when the file signs something else; `MANIFEST_ENVELOPE_INVALID` when it is none, or is full.
 */
export async function applyCoSignatures(
  envelopePath: string,
  envelope: Envelope,
  options: ApplyCoSignaturesOptions = {},
): Promise<Envelope> {
  const { fs = nodeFileSystem } = options;
  const bytes = await readWhole(envelopePath, fs);
  if (bytes === null)
    throw new ManifestError("MANIFEST_ENVELOPE_INVALID", `Cannot co-sign "${envelopePath}": there is no envelope`, {
      details: { path: envelopePath },
      hint: "Seal the manifest first",
    });
  const standing = parseEnvelope(bytes);
  if (standing.payloadType !== envelope.payloadType || standing.payload !== envelope.payload)
    throw new ManifestError("MANIFEST_ALREADY_SEALED", `Cannot co-sign "${envelopePath}": it signs something else`, {
      details: { path: envelopePath },
      hint: "Sign the envelope that stands beside the manifest",
    });
  const added = envelope.signatures.filter(({ keyid, sig }) => !standing.signatures.some((one) => one.keyid === keyid && one.sig === sig));
  const signatures = [...standing.signatures, ...added];
  if (signatures.length > maxSignatures)
    throw new ManifestError(
      "MANIFEST_ENVELOPE_INVALID",
      `Cannot co-sign "${envelopePath}": it would carry ${String(signatures.length)} signatures`,
      {
        details: { path: envelopePath },
        hint: "Have each person sign once",
      },
    );
  const next = { ...standing, signatures };
  if (added.length > 0) await replaceFile(envelopePath, renderEnvelope(next), { fs });
  return next;
}
