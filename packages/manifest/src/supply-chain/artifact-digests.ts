import { compareFindings, type Finding, type JsonObject, type JsonValue, type Result, validateKind } from "@gov/schema";
import { type Digest, digestBytes, isDigest } from "@gov/schema/canonical";
import { finding } from "../finding-codes.ts";
import { parseInstant } from "../internal/instant.ts";

/** What an artifact is. */
export const digestedTypes = ["image", "manifest", "config", "artifact"] as const;

/** An artifact that was built, by digest. */
export interface DigestedArtifact {
  /** Its name beside the document: a file, or an image reference. */
  readonly name: string;
  readonly type: (typeof digestedTypes)[number];
  readonly digest: Digest;
}

/** `artifact_digests.json`: what was built from which commit (QAC-07). */
export interface ArtifactDigests {
  /** Full commit id, hexadecimal. */
  readonly commit: string;
  /** RFC 3339 UTC. */
  readonly generatedAt: string;
  /** Sorted by name. */
  readonly artifacts: readonly DigestedArtifact[];
}

/**
 * Creates the list of what was built from a commit, sorted by name. Pure.
 *
 * @throws RangeError when the commit is no full id, a time or digest cannot be read, or a name is empty or there twice.
 */
export function createArtifactDigests({ commit, generatedAt, artifacts }: ArtifactDigests): ArtifactDigests {
  const sorted = [...artifacts].sort((a, b) => (a.name < b.name ? -1 : 1));
  const refuse = (reason: string): RangeError => new RangeError(`Cannot list the digests of artifacts: ${reason}`);
  if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit)) throw refuse(`"${commit}" is no full commit id`);
  if (parseInstant(generatedAt) === null) throw refuse(`"${generatedAt}" is no RFC 3339 time in UTC`);
  for (const [index, { name, type, digest }] of sorted.entries()) {
    if (name === "" || sorted[index - 1]?.name === name) throw refuse(`the name "${name}" is empty or there twice`);
    if (!digestedTypes.includes(type)) throw refuse(`"${name}" is of the unknown type "${String(type)}"`);
    if (!isDigest(digest)) throw refuse(`"${name}" has no SHA-256 digest`);
  }
  return { commit, generatedAt, artifacts: sorted };
}

/** Returns the text of `artifact_digests.json`, which `artifact_digests` of `@gov/schema` describes: JSON with two spaces and a final newline. */
export function renderArtifactDigests({ commit, generatedAt, artifacts }: ArtifactDigests): string {
  const digests: readonly JsonObject[] = artifacts.map(({ name, type, digest }) => ({
    name,
    type,
    sha256: digest.slice("sha256:".length),
  }));
  return `${JSON.stringify({ version: "1.0.0", commit, generated_at: generatedAt, digests }, null, 2)}\n`;
}

/**
 * Reads an `artifact_digests.json`, by its schema in `@gov/schema` and by what {@link createArtifactDigests} asks for. Pure.
 *
 * @returns the list, sorted by name, or every reason why it is none.
 */
export function parseArtifactDigests(text: string): Result<ArtifactDigests> {
  const refuse = (reason: string): Finding => finding("MANIFEST_FIELD_INVALID", `This is no list of artifact digests: ${reason}`);
  let data: JsonValue;
  try {
    data = JSON.parse(text) as JsonValue;
  } catch {
    return { ok: false, findings: [refuse("it is no JSON")] };
  }
  const issues = validateKind("artifact_digests", data) ?? [];
  if (issues.length > 0)
    return { ok: false, findings: issues.map(({ pointer, message }) => refuse(`${pointer === "" ? "" : `${pointer} `}${message}`)) };
  const { commit, generated_at, digests } = data as unknown as WrittenDigests;
  const artifacts = digests.map(({ name, type, sha256 }): DigestedArtifact => ({
    name,
    type,
    digest: `sha256:${sha256.replace(/^sha256:/, "")}`,
  }));
  try {
    return { ok: true, value: createArtifactDigests({ commit, generatedAt: generated_at, artifacts }), findings: [] };
  } catch (error) {
    if (error instanceof RangeError) return { ok: false, findings: [refuse(error.message)] };
    throw error;
  }
}

/** The document as its schema has it. */
interface WrittenDigests {
  readonly commit: string;
  readonly generated_at: string;
  readonly digests: readonly { readonly name: string; readonly type: DigestedArtifact["type"]; readonly sha256: string }[];
}

/**
 * Checks built artifacts against the list: each there, each with its digest. Images are not read: their registry knows them by digest.
 *
 * @returns a finding for each that is missing or differs, sorted; none when all match.
 */
export async function checkArtifactDigests(
  { artifacts }: ArtifactDigests,
  readArtifact: (name: string) => Promise<Uint8Array | null>,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { name, type, digest } of artifacts) {
    if (type === "image") continue;
    const bytes = await readArtifact(name);
    if (bytes === null) findings.push(finding("MANIFEST_ARTIFACT_MISSING", `"${name}" is listed but missing`, { path: name }));
    else if (digestBytes(bytes) !== digest)
      findings.push(finding("MANIFEST_ARTIFACT_MISMATCH", `"${name}" does not match its listed digest`, { path: name, expected: digest }));
  }
  return findings.sort(compareFindings);
}
