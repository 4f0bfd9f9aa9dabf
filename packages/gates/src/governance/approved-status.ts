import type { Artifact, Finding } from "@gov/schema";
import { type Approval, countingApprovers } from "../approvals.ts";
import { makeFinding } from "../internal/make-finding.ts";

/**
 * Documents that say `approved` without an approval of exactly these bytes in the log (B-45): writing the word is not approving.
 *
 * @param options.authors - authors of each document, by path; their own approval does not count.
 * @param options.count - how many different people must have approved. @default 1
 */
export function statusWithoutApproval(
  artifacts: readonly Pick<Artifact, "digest" | "id" | "path" | "status">[],
  options: {
    readonly approvals: readonly Approval[];
    readonly authors: ReadonlyMap<string, readonly string[]>;
    readonly count?: number | undefined;
  },
): readonly Finding[] {
  const { approvals, authors, count = 1 } = options;
  return artifacts.flatMap(({ digest, id, path, status }) => {
    if (status !== "approved") return [];
    const found = countingApprovers(approvals, { digest, authors: authors.get(path) ?? [], purpose: "review" }).length;
    if (found >= count) return [];
    return [
      makeFinding(
        "GATES_STATUS_WITHOUT_APPROVAL",
        `"${id}" says approved: ${count} approvals of these bytes are required, ${found} count`,
        { path },
      ),
    ];
  });
}
