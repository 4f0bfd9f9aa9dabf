import { isManifestError, type ManifestError, sealManifest, verifyManifest, type VerifyManifestInput } from "@gov/manifest";
import { digestBytes } from "@gov/schema/canonical";
import { ann, at, ben, model, policy, trust } from "./manifest-fakes.ts";

/** A verifier under test: it rejects, or it was fooled. */
export type Verify = (input: VerifyManifestInput) => Promise<unknown>;

/** One bit to flip. */
export interface Flip {
  readonly part: "manifest" | "envelope" | "artifact";
  /** Which artifact. */
  readonly path: string;
  readonly offset: number;
  readonly bit: number;
}

/** A sealed manifest with its artifacts, under a policy that needs every signature. */
export interface Sealed {
  readonly input: VerifyManifestInput;
  readonly artifacts: ReadonlyMap<string, Uint8Array>;
}

/** Seals artifacts of some lengths, with content that follows from their number. */
export async function sealArtifacts(lengths: readonly number[]): Promise<Sealed> {
  const artifacts = new Map(
    lengths.map((length, index) => [
      `a${String(index).padStart(3, "0")}`,
      Uint8Array.from({ length }, (_, at) => (index * 31 + at * 7) & 0xff),
    ]),
  );
  const listed = [...artifacts].map(([path, bytes]) => ({ path, digest: digestBytes(bytes), size: bytes.length }));
  const { manifestText, envelopeText } = await sealManifest(model({ artifacts: listed }), { signers: [ann.signer, ben.signer] });
  const encoder = new TextEncoder();
  const input = {
    ...{ manifestBytes: encoder.encode(manifestText), envelopeBytes: encoder.encode(envelopeText), at },
    policy: policy([trust(ann), trust(ben)]),
    readArtifact: (path: string) => artifacts.get(path) ?? null,
  };
  return { input, artifacts };
}

/** Offsets of the values of `payload`, `payloadType` and `sig` in an envelope file. */
function signedOffsets(envelope: Uint8Array): ReadonlySet<number> {
  const offsets = new Set<number>();
  for (const match of new TextDecoder().decode(envelope).matchAll(/"(?:payload|payloadType|sig)": "([^"]*)"/g)) {
    const end = match.index + match[0].length - 1;
    for (let offset = end - (match[1]?.length ?? 0); offset < end; offset++) offsets.add(offset);
  }
  return offsets;
}

/** Every flip there is: of the manifest, of what is signed in the envelope, of the artifacts; all bits of each byte, or one. */
export function* everyFlip({ input, artifacts }: Sealed, bits: "all" | "one"): Generator<Flip> {
  const of = (offset: number): readonly number[] => (bits === "all" ? [0, 1, 2, 3, 4, 5, 6, 7] : [offset % 8]);
  for (let offset = 0; offset < input.manifestBytes.length; offset++)
    for (const bit of of(offset)) yield { part: "manifest", path: "", offset, bit };
  for (const offset of signedOffsets(input.envelopeBytes ?? new Uint8Array()))
    for (const bit of of(offset)) yield { part: "envelope", path: "", offset, bit };
  for (const [path, bytes] of artifacts)
    for (let offset = 0; offset < bytes.length; offset++) for (const bit of of(offset)) yield { part: "artifact", path, offset, bit };
}

/** Flips one bit and says whether it was detected with the culprit named. */
export async function isDetected({ input, artifacts }: Sealed, flip: Flip, verify: Verify = verifyManifest): Promise<boolean> {
  const flipped = flippedInput(input, artifacts, flip);
  const culprit = { manifest: "handoff_manifest.yaml", envelope: "handoff_manifest.yaml.dsse.json", artifact: flip.path }[flip.part];
  const error = await failureOf(verify(flipped));
  return error?.findings.some(({ path, severity }) => severity === "error" && path === culprit) === true;
}

/** The error of a verification, or null when it passed. */
export async function failureOf(work: Promise<unknown>): Promise<ManifestError | null> {
  try {
    await work;
    return null;
  } catch (error) {
    if (isManifestError(error)) return error;
    throw error;
  }
}

export function flipBit(bytes: Uint8Array, offset: number, bit: number): Uint8Array {
  const flipped = bytes.slice();
  flipped[offset] = (flipped[offset] ?? 0) ^ (1 << bit);
  return flipped;
}

function flippedInput(input: VerifyManifestInput, artifacts: Sealed["artifacts"], { part, path, offset, bit }: Flip): VerifyManifestInput {
  if (part === "manifest") return { ...input, manifestBytes: flipBit(input.manifestBytes, offset, bit) };
  if (part === "envelope") return { ...input, envelopeBytes: flipBit(input.envelopeBytes ?? new Uint8Array(), offset, bit) };
  const changed = flipBit(artifacts.get(path) ?? new Uint8Array(), offset, bit);
  return { ...input, readArtifact: (one) => (one === path ? changed : (artifacts.get(one) ?? null)) };
}
