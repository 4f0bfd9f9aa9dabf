import type { ManifestModel, PriorManifest } from "../model.ts";

/** Version of the wire shape written here. */
export const manifestWireVersion = 1;

/** YAML limits keys written in place to 1,024 characters (YAML 1.2.2, section 7.4.2); longer ones are written with `? `. */
const maxImplicitKey = 1000;

/** Yields the lines of a manifest file, one by one, so that a long one need not stand in memory twice. */
export function* manifestLines(model: ManifestModel): Generator<string> {
  const { governance, prior, closes, restores } = model;
  const artifacts = isSorted(model.artifacts) ? model.artifacts : [...model.artifacts].sort((a, b) => (a.path < b.path ? -1 : 1));
  const gates = Object.entries(model.gateResults).sort(([a], [b]) => (a < b ? -1 : 1));
  yield `version: ${String(manifestWireVersion)}`;
  yield `manifest_id: ${quote(model.manifestId)}`;
  yield `cycle_id: ${quote(model.cycleId)}`;
  yield `sequence: ${String(model.sequence)}`;
  yield "sealed: true";
  yield `created_at: ${quote(model.createdAt)}`;
  yield `created_by: ${quote(model.createdBy)}`;
  yield `snapshot_rev: ${quote(model.snapshotRev)}`;
  yield `rulebook_hash: ${quote(model.rulebookHash)}`;
  yield "artifact_checksums:";
  for (const { path, digest } of artifacts) yield entry(path, quote(digest));
  yield "artifact_sizes:";
  for (const { path, size } of artifacts) yield entry(path, String(size));
  yield gates.length === 0 ? "gate_results: {}" : "gate_results:";
  for (const [gate, outcome] of gates) yield entry(gate, quote(outcome));
  yield "governance:";
  yield `  tags: [${governance.tags.map(quote).join(", ")}]`;
  yield `  critical_issues: ${String(governance.criticalIssues)}`;
  yield `  critical_violations: ${String(governance.criticalViolations)}`;
  yield `  decision_log_ref: ${governance.decisionLogRef === null ? "null" : quote(governance.decisionLogRef)}`;
  yield* reference("prior", prior);
  yield* reference("closes", closes);
  yield* reference("restores", restores);
  yield `notes: ${quote(model.notes)}`;
}

function isSorted(artifacts: ManifestModel["artifacts"]): boolean {
  return artifacts.every(({ path }, index) => index === 0 || (artifacts[index - 1]?.path ?? "") <= path);
}

function reference(name: string, manifest: PriorManifest | null | undefined): readonly string[] {
  if (manifest === null || manifest === undefined) return [];
  return [`${name}_manifest_id: ${quote(manifest.manifestId)}`, `${name}_manifest_digest: ${quote(manifest.digest)}`];
}

/** A line of a mapping, indented by two; a key that is long for a line is written in the explicit form. */
export function entry(key: string, value: string): string {
  const quoted = quote(key);
  return quoted.length > maxImplicitKey ? `  ? ${quoted}\n  : ${value}` : `  ${quoted}: ${value}`;
}

/** Printable ASCII that JSON does not escape: nearly every path and digest. */
const plain = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

/** JSON text is a double-quoted YAML scalar, apart from characters YAML does not print or takes for a line break; those are escaped. */
export function quote(text: string): string {
  if (plain.test(text)) return `"${text}"`;
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
