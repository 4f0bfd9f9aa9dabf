import type { DigestShape } from "@gov/schema";
import { formatUtc } from "@gov/telemetry";
import type { DigestData, DigestNarrative } from "@gov/telemetry/digest";
import type { Context } from "../context.ts";
import type { Governed } from "./load-governed.ts";

/** What a shape of the digest says beside the numbers, as far as the root knows it; the rest is missing until a person writes it. */
export async function digestWords(
  context: Context,
  { root, rules }: Governed,
  shape: DigestShape,
): Promise<Pick<DigestData, "context" | "narrative">> {
  switch (shape) {
    case "c22-short":
      return {};
    case "c22-long":
      return { narrative: { ...unwritten, generated: formatUtc(context.clock.now()) } };
    default:
      return {
        context: {
          ...{ snapshotRev: await context.git.revision(root.directory), rulebookHash: rules.hash },
          ...{ owners: [], actions: [], waivers: [], scopeChanges: [], decisions: [], risks: [], notes: [] },
        },
      };
  }
}

const unwritten: DigestNarrative = {
  ...{ frameworkVersion: null, generated: null, summary: null, nextDigest: null, contact: null, repository: null },
  ...{
    highlights: [],
    designDecisions: [],
    deliverables: [],
    risks: [],
    policies: [],
    checklist: [],
    quality: [],
    phases: [],
    milestones: [],
  },
  ...{ resources: [], immediateActions: [], longTermConsiderations: [], workedWell: [], toImprove: [], nextObjectives: [] },
  ...{ successCriteria: [], versions: [], distribution: [] },
};
