import type { Finding } from "@gov/schema";
import { makeFinding } from "../internal/make-finding.ts";
import { parseTime } from "../internal/parse-time.ts";

/** A line of `.trivyignore` as the beginning of a waiver; ticket and signatures are still to come, so it has no effect yet. */
export interface WaiverDraft {
  readonly rule: string;
  /** The comment above the line. */
  readonly reason: string;
  readonly expires: string;
  readonly line: number;
}

/**
 * Reads a `.trivyignore` file: an id a line, `exp:2026-01-31` after it, its reason in the comment lines above (GOV-18). A line without
 * reason, or without a date that can be read, is a finding and gives no draft: a suppression that never ends is none here.
 */
export function importTrivyignore(
  text: string,
  options: { readonly path: string },
): { readonly drafts: readonly WaiverDraft[]; readonly findings: readonly Finding[] } {
  const drafts: WaiverDraft[] = [];
  const findings: Finding[] = [];
  let comment: string[] = [];
  text.split("\n").forEach((raw, index) => {
    const line = index + 1;
    const content = raw.trim();
    if (content.startsWith("#")) return void comment.push(content.slice(1).trim());
    const reason = comment.join(" ").trim();
    comment = [];
    if (content === "") return;
    const [rule = "", ...rest] = content.split(/\s+/);
    const expires = rest.find((word) => word.startsWith("exp:"))?.slice(4) ?? "";
    if (reason === "")
      findings.push(makeFinding("GATES_WAIVER_INVALID", `"${rule}" is ignored without a reason`, { path: options.path, line }));
    else if (parseTime(expires) === null)
      findings.push(
        makeFinding("GATES_WAIVER_INVALID", `"${rule}" is ignored without an end: add "exp:2026-01-31"`, { path: options.path, line }),
      );
    else drafts.push({ rule, reason, expires, line });
  });
  return { drafts, findings };
}
