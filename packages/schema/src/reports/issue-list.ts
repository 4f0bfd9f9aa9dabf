import type { z } from "zod";
import type { issueListV1 } from "../documents/issue-list-v1.ts";
import type { Result } from "../finding.ts";
import { makeFinding } from "../internal/make-finding.ts";
import { type DocumentInput, parseDocument } from "../reading/parse-document.ts";
import { validateKind } from "../validate/validate-kind.ts";

/** One open issue of critical severity and where it stands. */
export interface OpenCriticalIssue {
  readonly id: string;
  readonly title: string;
  readonly path: string;
  /** 1-based, or null without a place. */
  readonly line: number | null;
}

/** Reads an `issue_list.yaml` and returns its open issues of critical severity, in their order (GOV-06). */
export function parseIssueList(input: DocumentInput): Result<readonly OpenCriticalIssue[]> {
  const parsed = parseDocument(input);
  if (!parsed.ok) return parsed;
  const { path, data, locate } = parsed.value;
  const issues = validateKind("issue_list", data) ?? [];
  if (issues.length > 0)
    return {
      ok: false,
      findings: issues.map(({ pointer, message, expected }) =>
        makeFinding("SCHEMA_VIOLATION", message, { path, at: locate(pointer), expected }),
      ),
    };
  const list = data as unknown as z.output<typeof issueListV1>;
  const value = list.issues.flatMap(({ id, title, severity, status }, index) =>
    severity === "critical" && status === "open" ? [{ id, title, path, line: locate(`/issues/${String(index)}`)?.line ?? null }] : [],
  );
  return { ok: true, value, findings: parsed.findings };
}
