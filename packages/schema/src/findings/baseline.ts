import { type Finding, type Result } from "../finding.ts";
import { makeFinding } from "../internal/make-finding.ts";
import { isJsonObject } from "../json.ts";
import { fingerprintFindings } from "./fingerprint-findings.ts";

/** The findings that were there when a team began: each known again by its fingerprint, with what a person needs to recognise it. */
export interface Baseline {
  readonly version: 1;
  readonly findings: readonly { readonly fingerprint: string; readonly code: string; readonly path: string | null }[];
}

/** Findings set against a baseline. */
export interface BaselineComparison {
  /** Findings that the baseline does not know: only these count. */
  readonly fresh: readonly Finding[];
  /** How many of the findings it knows. */
  readonly known: number;
  /** Entries of the baseline that are no longer found. */
  readonly fixed: Baseline["findings"];
}

/**
 * Makes the baseline of findings: notes are left out, because they fail nothing.
 *
 * @example Let only new findings count
 * ```ts
 * import assert from "node:assert/strict";
 * import { compareWithBaseline, createBaseline } from "@gov/schema/findings";
 *
 * const old = { code: "A", severity: "error", message: "Wrong", path: "a.md", line: 3, column: 1 } as const;
 * const baseline = createBaseline([old]);
 * const compared = compareWithBaseline([{ ...old, line: 30 }, { ...old, code: "B" }], baseline);
 * assert.deepEqual([compared.fresh.map(({ code }) => code), compared.known, compared.fixed], [["B"], 1, []]);
 * ```
 */
export function createBaseline(findings: readonly Finding[]): Baseline {
  const prints = fingerprintFindings(findings);
  const entries = findings.flatMap(({ code, path, severity }, index) =>
    severity === "note" ? [] : [{ fingerprint: prints[index] ?? "", code, path }],
  );
  const key = ({ path, code, fingerprint }: Baseline["findings"][number]) => `${path ?? ""}\0${code}\0${fingerprint}`;
  return { version: 1, findings: entries.sort((a, b) => (key(a) < key(b) ? -1 : 1)) };
}

/** Sets findings against a baseline. A finding is known by what it says and of which document, wherever in the document it stands. */
export function compareWithBaseline(findings: readonly Finding[], baseline: Baseline): BaselineComparison {
  const prints = fingerprintFindings(findings);
  const entries = new Set(baseline.findings.map(({ fingerprint }) => fingerprint));
  const fresh = findings.filter((_, index) => !entries.has(prints[index] ?? ""));
  const found = new Set(prints);
  return { fresh, known: findings.length - fresh.length, fixed: baseline.findings.filter(({ fingerprint }) => !found.has(fingerprint)) };
}

/** Reads a baseline; one that is none is refused, because it would hide what nobody accepted. */
export function parseBaseline(value: unknown, options: { readonly path: string }): Result<Baseline> {
  const isEntry = (entry: unknown): boolean =>
    isJsonObject(entry) &&
    typeof entry["fingerprint"] === "string" &&
    /^[0-9a-f]{32}:[1-9][0-9]*$/.test(entry["fingerprint"]) &&
    typeof entry["code"] === "string" &&
    (entry["path"] === null || typeof entry["path"] === "string");
  if (isJsonObject(value) && value["version"] === 1 && Array.isArray(value["findings"]) && value["findings"].every(isEntry))
    return { ok: true, value: value as unknown as Baseline, findings: [] };
  const hint = "Write it anew: gov check --write-baseline";
  return { ok: false, findings: [makeFinding("SCHEMA_VIOLATION", "Baseline is not one of version 1", { path: options.path, hint })] };
}
