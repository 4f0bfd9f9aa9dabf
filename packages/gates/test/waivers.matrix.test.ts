import { enforceReport } from "@gov/gates/enforcement";
import { evaluateGates, explainReport, gateResults, type GateReport, testResultStatement, verificationSummaryStatement } from "@gov/gates";
import {
  applyWaivers,
  findingFingerprint,
  judgeWaiver,
  type SignedWaiver,
  waiverDatabase,
  waiverGranted,
  type WaiverPolicy,
} from "@gov/gates/waivers";
import { renderAnnotations, renderJunit, renderMarkdown, renderSarif } from "@gov/schema/findings";
import { describe, expect, it } from "vitest";
import { evidenceOf } from "./evidence-fixture.ts";
import { times } from "./proof-scale.ts";

const enforcementModes = ["solo", "shadow", "soft_block", "hard_block"] as const;
const gates = { coverage: { triggers: [], validators: [{ type: "coverage_analyzer" }] } };
const failed = evaluateGates(evidenceOf({ coverage: { lines: 10, branches: 10, path: "docs/coverage.json" } }), gates);
const [finding] = failed.findings as readonly [GateReport["findings"][number]];

const base = Date.parse("2026-01-10T00:00:00Z");
const hour = 3_600_000;
const day = 24 * hour;
const iso = (instant: number) => new Date(instant).toISOString();

const scopes = [
  { path: "docs/coverage.json", fingerprint: null, covers: true, isScoped: true },
  { path: "docs/**", fingerprint: null, covers: true, isScoped: true },
  { path: "src/**", fingerprint: null, covers: false, isScoped: true },
  { path: null, fingerprint: findingFingerprint(finding), covers: true, isScoped: true },
  { path: "docs/**", fingerprint: "sha256:0", covers: false, isScoped: true },
  { path: null, fingerprint: null, covers: true, isScoped: false },
] as const;
const spans = [
  { begin: base - day, end: base + day },
  { begin: base, end: base + 1 },
  { begin: base - 2 * hour, end: base },
  { begin: base + 1, end: base + day },
  { begin: base - 40 * day, end: base + day },
  { begin: base + day, end: base - day },
] as const;
const people = [
  { signers: [{ person: "bob", role: "quality" }], emergency: false },
  { signers: [{ person: "ADA", role: "quality" }], emergency: false },
  { signers: [{ person: "bob", role: "guest" }], emergency: false },
  { signers: [{ person: "bob", role: "on_call" }], emergency: true },
  { signers: [{ person: "bob", role: "quality" }], emergency: true },
  { signers: [], emergency: false },
] as const;
const overrides = ["waiver", "new_cycle", "none"] as const;
// Clocks that are late, early, and right; their owners write the same instants with other offsets.
const skews = [-day, -1, 0, 1, day] as const;

const summary = {
  verifier: "https://example.org/gov",
  timeVerified: iso(base),
  resourceUri: "git+https://example.org/plans",
  policyUri: "governance/rules",
  rulebookHash: failed.subject.digest,
};

/** What each output says of a report: `waived` or `fails`. */
function outputsOf(report: GateReport): Readonly<Record<string, string>> {
  const { findings } = report;
  const sarif = JSON.parse(renderSarif(findings, { tool: { name: "gov", version: "1.0.0" } })) as {
    readonly runs: readonly { readonly results: readonly { readonly level: string }[] }[];
  };
  const said = (isWaived: boolean) => (isWaived ? "waived" : "fails");
  const modes = { overall: "soft_block" as const, gates: new Map() };
  return {
    sarif: said(sarif.runs.every(({ results }) => results.length > 0 && results.every(({ level }) => level === "note"))),
    junit: said(renderJunit(findings).includes('tests="1" failures="0"')),
    annotations: said(renderAnnotations(findings).startsWith("::notice ")),
    markdown: said(renderMarkdown(findings).startsWith("0 errors, 0 warnings, 1 note\n")),
    words: said(explainReport(report).some((line) => line.includes("note GATES_COVERAGE_LOW"))),
    testResult: said(testResultStatement(report).predicate.result === "WARNED"),
    summary: said(verificationSummaryStatement(report, summary).predicate.verificationResult === "PASSED"),
    enforcement: said(!enforceReport(report, modes).isBlocking),
  };
}

describe("one verdict on a waiver", () => {
  it("holds in report, database, SARIF, JUnit, annotations, Markdown, attestations and enforcement, in over 5,000 cases (GOV-09, GOV-10, GOV-11)", () => {
    const seen = { cases: 0, used: 0, rendered: 0 };
    for (const scope of scopes)
      for (const span of spans)
        for (const { signers, emergency } of people)
          for (const mode of enforcementModes)
            for (const overridePolicy of overrides)
              for (const skew of skews) {
                const asOf = base + skew;
                const limits = { maxDays: 30, maxHours: 48 };
                const policy: WaiverPolicy = {
                  overridePolicy,
                  mode,
                  approverRoles: ["quality"],
                  maxDays: limits.maxDays,
                  emergency: { approverRoles: ["on_call"], maxHours: limits.maxHours },
                  notWaivable: [],
                };
                const signed: SignedWaiver = {
                  waiver: {
                    id: "W-1",
                    rule: "GATES_COVERAGE_LOW",
                    path: scope.path,
                    fingerprint: scope.fingerprint,
                    reason: "r",
                    ticket: "t",
                    requested_by: "ada",
                    not_before: iso(span.begin),
                    expires: iso(span.end),
                    emergency,
                  },
                  signers,
                };
                // The verdict as the rules say it, each clause on its own.
                const role = emergency ? "on_call" : "quality";
                const isSigned = signers.some((signer) => signer.person !== "ADA" && signer.role === role);
                const length = span.end - span.begin;
                const isAllowed = length > 0 && length <= (emergency ? limits.maxHours * hour : limits.maxDays * day);
                const isValid = overridePolicy === "waiver" && mode !== "hard_block" && isSigned && scope.isScoped && isAllowed;
                const state = !isValid
                  ? "refused"
                  : asOf >= span.end
                    ? "expired"
                    : asOf < span.begin
                      ? "not_yet"
                      : scope.covers
                        ? "used"
                        : "unused";
                const isWaived = state === "used";

                const { report, waivers } = applyWaivers(failed, [signed], { policy, asOf });
                const judgement = judgeWaiver(signed, { policy, asOf });
                const database = JSON.parse(waiverDatabase([waiverGranted(signed)], { policy, asOf })) as { waivers: { state: string }[] };
                const stated = state === "used" || state === "unused" ? "in_force" : state;
                const verdicts = [
                  waivers[0]?.state,
                  judgement.state,
                  database.waivers[0]?.state,
                  report.outcome,
                  gateResults(report)["coverage"],
                  report.gates[0]?.validators[0]?.outcome,
                  report.findings[0]?.severity,
                ];
                const outcome = isWaived ? "WAIVED" : "FAIL";
                const expected = [state, stated, stated, outcome, outcome, outcome, isWaived ? "note" : "error"];
                if (verdicts.join() !== expected.join())
                  expect({ scope, span, signers, mode, overridePolicy, skew, verdicts }).toEqual(expected);
                seen.cases++;
                if (isWaived) seen.used++;
                // Every output reads the report; each is looked at in every case of the proof, and where it matters in the sample.
                if (isWaived || seen.cases % times(11, 1) === 0) {
                  const outputs = outputsOf(report);
                  seen.rendered++;
                  const wanted = isWaived ? "waived" : "fails";
                  if (Object.values(outputs).some((said) => said !== wanted)) expect({ state, mode, overridePolicy, outputs }).toEqual({});
                }
              }
    expect(seen.cases).toBeGreaterThanOrEqual(5000);
    expect(seen.used).toBeGreaterThan(50);
    expect(seen.rendered).toBeGreaterThan(times(1_000, 5_000));
  });
});
