import { z } from "zod";
import { embeddedMetadataV1 } from "./artifact-metadata-v1.ts";
import { idV1 } from "./document-text.ts";

/** How bad an issue is, worst first. */
export const issueSeverities = ["critical", "high", "medium", "low"] as const;

/** One issue: a planning defect, a security blocker or a governance violation (GOV-06). */
export const issueV1 = z.looseObject({
  id: idV1,
  title: z.string().min(1),
  severity: z.enum(issueSeverities),
  status: z.enum(["open", "closed"]),
});

/** `issue_list.yaml`: the issues that gates count. An empty list says that somebody looked and found none. */
export const issueListV1 = z.looseObject({
  version: z.string().min(1),
  metadata: embeddedMetadataV1.optional(),
  issues: z.array(issueV1),
});
