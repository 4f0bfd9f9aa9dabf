import type { Finding } from "@gov/schema";
import type { ManifestEvidence } from "../delivery-evidence.ts";
import type { Evidence, EvidencePart } from "../evidence.ts";
import { makeFinding } from "../internal/make-finding.ts";
import { verdictOf } from "../internal/verdict.ts";
import type { Validator } from "./validator.ts";

/** `handoff_dry_run`: a manifest was made as a dry run, and names every document under judgement as it stands now (GAT-25). */
export const handoffDryRun: Validator = manifestValidator("handoff_dry_run", {
  needs: ["artifacts", "manifest"],
  judge: (manifest, evidence) => [...kindFindings(manifest, "dry_run"), ...unnamed(manifest, evidence), ...changed(manifest)],
});

/** `manifest_precheck`: the manifest, dry run or sealed, names every document under judgement as it stands now (GAT-18). */
export const manifestPrecheck: Validator = manifestValidator("manifest_precheck", {
  needs: ["artifacts", "manifest"],
  judge: (manifest, evidence) => [...unnamed(manifest, evidence), ...changed(manifest)],
});

/** `manifest_unchanged`: the manifest is sealed, its signatures were verified, and every file is what was sealed (GAT-18). */
export const manifestUnchanged: Validator = manifestValidator("manifest_unchanged", {
  needs: ["manifest"],
  judge: (manifest) => [...kindFindings(manifest, "sealed"), ...changed(manifest)],
});

function manifestValidator(
  type: string,
  options: {
    readonly needs: readonly EvidencePart[];
    readonly judge: (manifest: ManifestEvidence, evidence: Evidence) => readonly Finding[];
  },
): Validator {
  return {
    type,
    options: [],
    needs: () => options.needs,
    evaluate: (_config, evidence) => {
      const manifest = evidence.parts.manifest?.value;
      if (manifest === undefined || manifest.entries.length === 0)
        return verdictOf([makeFinding("GATES_EVIDENCE_EMPTY", "Cannot judge the manifest: it names no file", { path: manifest?.path })]);
      return verdictOf(options.judge(manifest, evidence));
    },
  };
}

function kindFindings({ id, path, kind, isVerified }: ManifestEvidence, wanted: ManifestEvidence["kind"]): readonly Finding[] {
  if (kind !== wanted) {
    const states = { dry_run: "a dry run", sealed: "sealed" };
    return [makeFinding("GATES_MANIFEST_UNSEALED", `Manifest "${id}" is ${states[kind]}: it must be ${states[wanted]}`, { path })];
  }
  if (kind === "dry_run" || isVerified) return [];
  return [makeFinding("GATES_MANIFEST_UNSEALED", `Manifest "${id}" is sealed, and its signatures were not verified`, { path })];
}

function unnamed({ id, path, entries }: ManifestEvidence, evidence: Evidence): readonly Finding[] {
  const named = new Set(entries.map((entry) => entry.path));
  return (evidence.parts.artifacts?.value ?? [])
    .filter((artifact) => artifact.path !== path && !named.has(artifact.path))
    .map((artifact) =>
      makeFinding("GATES_MANIFEST_INCOMPLETE", `Manifest "${id}" does not name "${artifact.path}"`, { path: artifact.path }),
    );
}

function changed({ id, entries }: ManifestEvidence): readonly Finding[] {
  return entries.flatMap(({ path, expected, actual }) => {
    if (actual === expected) return [];
    const what = actual === null ? "is absent" : "does not match";
    return [makeFinding("GATES_MANIFEST_CHANGED", `"${path}" ${what}: manifest "${id}" says ${expected}`, { path })];
  });
}
