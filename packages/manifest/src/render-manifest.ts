import type { ManifestModel, PriorManifest } from "./model.ts";

/** Version of the wire shape written here. */
export const manifestWireVersion = 1;

/** YAML limits keys written in place to 1,024 characters (YAML 1.2.2, section 7.4.2); longer ones are written with `? `. */
const maxImplicitKey = 1000;

/**
 * Returns the text of a manifest file: YAML in the c33 wire shape (MAN-05) with cycle, sequence, sizes and the prior digest added. Every text is quoted,
 * nothing is folded, mappings are sorted: the same model always gives the same bytes, and every YAML reader gives the same values.
 */
export function renderManifest(model: ManifestModel): string {
  const { governance, prior, closes, restores } = model;
  const artifacts = [...model.artifacts].sort((a, b) => (a.path < b.path ? -1 : 1));
  const gates = Object.entries(model.gateResults).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    `version: ${String(manifestWireVersion)}`,
    `manifest_id: ${quote(model.manifestId)}`,
    `cycle_id: ${quote(model.cycleId)}`,
    `sequence: ${String(model.sequence)}`,
    "sealed: true",
    `created_at: ${quote(model.createdAt)}`,
    `created_by: ${quote(model.createdBy)}`,
    `snapshot_rev: ${quote(model.snapshotRev)}`,
    `rulebook_hash: ${quote(model.rulebookHash)}`,
    "artifact_checksums:",
    ...artifacts.map(({ path, digest }) => entry(path, quote(digest))),
    "artifact_sizes:",
    ...artifacts.map(({ path, size }) => entry(path, String(size))),
    gates.length === 0 ? "gate_results: {}" : "gate_results:",
    ...gates.map(([gate, outcome]) => entry(gate, quote(outcome))),
    "governance:",
    `  tags: [${governance.tags.map(quote).join(", ")}]`,
    `  critical_issues: ${String(governance.criticalIssues)}`,
    `  critical_violations: ${String(governance.criticalViolations)}`,
    `  decision_log_ref: ${governance.decisionLogRef === null ? "null" : quote(governance.decisionLogRef)}`,
    ...reference("prior", prior),
    ...reference("closes", closes),
    ...reference("restores", restores),
    `notes: ${quote(model.notes)}`,
    "",
  ].join("\n");
}

function reference(name: string, manifest: PriorManifest | null | undefined): readonly string[] {
  if (manifest === null || manifest === undefined) return [];
  return [`${name}_manifest_id: ${quote(manifest.manifestId)}`, `${name}_manifest_digest: ${quote(manifest.digest)}`];
}

function entry(key: string, value: string): string {
  const quoted = quote(key);
  return quoted.length > maxImplicitKey ? `  ? ${quoted}\n  : ${value}` : `  ${quoted}: ${value}`;
}

/** JSON text is a double-quoted YAML scalar, apart from characters YAML does not print or takes for a line break; those are escaped. */
function quote(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
