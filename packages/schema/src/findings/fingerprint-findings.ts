import { createHash } from "node:crypto";
import { compareFindings, type Finding } from "../finding.ts";

/** Gives a line of a checked document, 1-based, or null where it is not at hand. */
export type SourceLine = (path: string, line: number) => string | null;

/** Options of {@link fingerprintFindings}. */
export interface FingerprintOptions {
  /** Text of the line a finding stands at, so that two findings of one message are told apart by it. @default none is at hand */
  readonly sourceLine?: SourceLine | undefined;
}

/**
 * Names each finding by what it says and not by where it stands, so that a finding is known again after lines were added above it:
 * a digest of its code, path, message without line numbers, and the text of its line without the space around it. Findings that
 * agree in all of these are numbered in the order of {@link compareFindings}.
 *
 * @returns One fingerprint for each finding, in the order given: 32 hexadecimal digits, a colon and the number, from 1.
 * @example Know a finding again
 * ```ts
 * import assert from "node:assert/strict";
 * import { fingerprintFindings } from "@gov/schema/findings";
 *
 * const finding = { code: "A", severity: "error", message: "Wrong", path: "a.md", line: 3, column: 1 } as const;
 * assert.deepEqual(fingerprintFindings([finding]), fingerprintFindings([{ ...finding, line: 30 }]));
 * ```
 */
export function fingerprintFindings(findings: readonly Finding[], options: FingerprintOptions = {}): readonly string[] {
  const { sourceLine = () => null } = options;
  const ordered = findings.map((finding, index) => ({ finding, index })).sort((a, b) => compareFindings(a.finding, b.finding));
  const seen = new Map<string, number>();
  const prints = new Array<string>(findings.length);
  for (const { finding, index } of ordered) {
    const { code, path, message, line } = finding;
    const text = path === null || line === null ? null : sourceLine(path, line);
    const parts = [code, path ?? "", message.replace(/\bline \d+/g, "line"), text?.trim() ?? ""];
    const digest = createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
    const count = (seen.get(digest) ?? 0) + 1;
    seen.set(digest, count);
    prints[index] = `${digest}:${String(count)}`;
  }
  return prints;
}
