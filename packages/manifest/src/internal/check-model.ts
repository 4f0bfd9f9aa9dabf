import { type Finding, findPathCollisions, normalizePath } from "@gov/schema";
import { isDigest } from "@gov/schema/canonical";
import { finding } from "../finding-codes.ts";
import { type GateOutcome, gateOutcomes, type ManifestModel, type SealedArtifact } from "../model.ts";
import { parseInstant } from "./instant.ts";

/** Outcomes with which a manifest may be sealed; PENDING is for gates that run after sealing and closes with the next manifest (B-17). */
const sealable: ReadonlySet<GateOutcome> = new Set(["PASS", "WAIVED", "PENDING"]);
const gateName = /^[a-z][a-z0-9_]{0,63}$/;
// eslint-disable-next-line no-control-regex -- control characters are exactly what is looked for
const oneLine = /^[^\u0000-\u001f\u007f]{1,512}$/u;
const loneSurrogate = /\p{Surrogate}/u;

/** Returns everything that keeps a model from being a sealed manifest, whoever made it. */
export function checkModel(model: ManifestModel): readonly Finding[] {
  return [...checkFields(model), ...checkArtifacts(model.artifacts), ...checkGates(model.gateResults), ...checkCriticals(model)];
}

function checkFields(model: ManifestModel): readonly Finding[] {
  const findings: Finding[] = [];
  const refuse = (field: string, rule: string): void =>
    void findings.push(finding("MANIFEST_FIELD_INVALID", `The manifest's ${field} ${rule}`));
  const texts = { id: model.manifestId, "cycle id": model.cycleId, creator: model.createdBy, "snapshot revision": model.snapshotRev };
  for (const [field, value] of Object.entries(texts)) if (!isOneLine(value)) refuse(field, "must be one line of 1 to 512 characters");
  if (parseInstant(model.createdAt) === null)
    refuse("creation time", `must be an RFC 3339 time in UTC: current value is "${model.createdAt}"`);
  if (!Number.isSafeInteger(model.sequence) || model.sequence < 1) refuse("sequence", "must be a whole number of at least 1");
  else if ((model.sequence === 1) !== (model.prior === null)) refuse("prior manifest", "must be named from sequence 2 on, and only there");
  if (model.prior !== null && !isOneLine(model.prior.manifestId)) refuse("prior manifest's id", "must be one line of 1 to 512 characters");
  for (const [name, other] of Object.entries({ closed: model.closes, restored: model.restores })) {
    if (other === undefined) continue;
    if (model.prior === null) refuse(`${name} manifest`, "must be an earlier one of its chain");
    if (!isOneLine(other.manifestId)) refuse(`${name} manifest's id`, "must be one line of 1 to 512 characters");
  }
  if (model.closes !== undefined && model.restores !== undefined) refuse("restored manifest", "must not be named where one is closed");
  if (loneSurrogate.test(model.notes)) refuse("notes", "must be well-formed Unicode");
  const { decisionLogRef, tags } = model.governance;
  if (decisionLogRef !== null && !isOneLine(decisionLogRef)) refuse("decision log reference", "must be one line of 1 to 512 characters");
  for (const tag of tags) if (!isOneLine(tag)) refuse("tags", "must be lines of 1 to 512 characters");
  if (new Set(tags).size < tags.length || !isSorted(tags)) refuse("tags", "must be sorted and unique");
  const digests = {
    "rulebook hash": model.rulebookHash,
    ...(model.prior === null ? {} : { "prior manifest's digest": model.prior.digest }),
    ...(model.closes === undefined ? {} : { "closed manifest's digest": model.closes.digest }),
    ...(model.restores === undefined ? {} : { "restored manifest's digest": model.restores.digest }),
  };
  for (const [field, value] of Object.entries(digests))
    if (!isDigest(value))
      findings.push(
        finding("MANIFEST_DIGEST_INVALID", `The manifest's ${field} is no SHA-256 digest: current value is "${String(value)}"`),
      );
  return findings;
}

/** What keeps a list of artifacts from being sealed: none at all, a path outside the root or equal to another, a digest that is none. */
export function checkArtifacts(artifacts: readonly SealedArtifact[]): readonly Finding[] {
  if (artifacts.length === 0) return [finding("MANIFEST_EMPTY", "The manifest seals no artifact: at least one is needed")];
  const findings: Finding[] = [];
  let previous = "";
  let ascending = true;
  let plain = true;
  for (const { path, digest, size } of artifacts) {
    if (!isPlainPath(path)) {
      plain = false;
      findings.push(...checkPath(path));
    }
    // Strictly, so that no path is there twice.
    ascending &&= path > previous;
    previous = path;
    if (!isDigest(digest))
      findings.push(
        finding("MANIFEST_DIGEST_INVALID", `The digest of "${path}" is no SHA-256 digest: current value is "${String(digest)}"`, { path }),
      );
    if (!Number.isSafeInteger(size) || size < 0)
      findings.push(finding("MANIFEST_FIELD_INVALID", `The size of "${path}" must be a whole number of bytes`, { path }));
  }
  // Plain paths that differ are different files everywhere, so only others are looked at closely.
  return plain && ascending ? findings : [...findings, ...checkPlaces(artifacts.map(({ path }) => path))];
}

/** A path that is its own normal form at first sight, and its own folded form: short, of small ASCII letters, no segment that begins with a dot. */
function isPlainPath(path: string): boolean {
  return path.length <= 128 && plainPath.test(path);
}

const plainPath = /^[a-z0-9_-][a-z0-9._-]*(?:\/[a-z0-9_-][a-z0-9._-]*)*$/;

function checkPath(path: string): readonly Finding[] {
  const normal = normalizePath(path);
  if (!normal.ok) return [finding("MANIFEST_PATH_INVALID", normal.findings[0]?.message ?? `Cannot use path "${path}"`)];
  return normal.value === path ? [] : [finding("MANIFEST_PATH_INVALID", `Cannot use path "${path}": it is not in Unicode form NFC`)];
}

function checkPlaces(paths: readonly string[]): readonly Finding[] {
  const seen = new Set<string>();
  const findings: Finding[] = [];
  for (const path of paths) {
    if (seen.has(path)) findings.push(finding("MANIFEST_PATH_COLLISION", `Path "${path}" is named twice`, { path }));
    seen.add(path);
  }
  for (const { message, path } of findPathCollisions(seen)) findings.push(finding("MANIFEST_PATH_COLLISION", message, { path }));
  if (!isSorted(paths)) findings.push(finding("MANIFEST_FIELD_INVALID", "The manifest's artifacts must be sorted by path"));
  return findings;
}

function checkGates(results: Readonly<Record<string, GateOutcome>>): readonly Finding[] {
  const findings: Finding[] = [];
  for (const [gate, outcome] of Object.entries(results)) {
    if (!gateName.test(gate)) findings.push(finding("MANIFEST_FIELD_INVALID", `Gate name ${JSON.stringify(gate)} must be snake_case`));
    if (!gateOutcomes.includes(outcome))
      findings.push(finding("MANIFEST_FIELD_INVALID", `Gate "${gate}" has the unknown outcome "${String(outcome)}"`));
    else if (!sealable.has(outcome))
      findings.push(finding("MANIFEST_GATE_NOT_PASSED", `Gate "${gate}" says ${outcome}: only passed, waived or pending gates are sealed`));
  }
  return findings;
}

function checkCriticals({ governance }: ManifestModel): readonly Finding[] {
  const counts = { "critical issues": governance.criticalIssues, "critical violations": governance.criticalViolations };
  return Object.entries(counts)
    .filter(([, count]) => count !== 0)
    .map(([what, count]) => finding("MANIFEST_CRITICAL_NOT_ZERO", `There are ${String(count)} ${what}: a manifest is sealed with 0`));
}

function isOneLine(text: unknown): boolean {
  return typeof text === "string" && oneLine.test(text) && !loneSurrogate.test(text);
}

function isSorted(texts: readonly string[]): boolean {
  return texts.every((text, index) => index === 0 || (texts[index - 1] ?? "") <= text);
}
