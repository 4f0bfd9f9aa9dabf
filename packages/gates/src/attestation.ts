import type { Digest } from "@gov/schema/canonical";
import { isPassing } from "./gate-outcome.ts";
import type { GateReport } from "./gate-report.ts";

/** An in-toto Statement, ready to be signed in an envelope. */
export type InTotoStatement<Predicate> = {
  readonly _type: "https://in-toto.io/Statement/v1";
  readonly subject: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[];
  readonly predicateType: string;
  readonly predicate: Predicate;
};

/** Predicate `https://in-toto.io/attestation/test-result/v0.1`: each gate is a test. */
export type TestResultPredicate = {
  readonly result: "PASSED" | "WARNED" | "FAILED";
  readonly configuration: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[];
  readonly passedTests: readonly string[];
  /** Gates that were waived. */
  readonly warnedTests: readonly string[];
  readonly failedTests: readonly string[];
};

/** Predicate `https://slsa.dev/verification_summary/v1`. */
export type VerificationSummaryPredicate = {
  readonly verifier: { readonly id: string };
  readonly timeVerified: string;
  readonly resourceUri: string;
  readonly policy: { readonly uri: string; readonly digest: { readonly sha256: string } };
  readonly verificationResult: "PASSED" | "FAILED";
  readonly verifiedLevels: readonly string[];
};

/** The report as an in-toto test result: `WARNED` when a gate was waived, `FAILED` when any did not let through, or none ran. */
export function testResultStatement(report: GateReport): InTotoStatement<TestResultPredicate> {
  const named = (wanted: (outcome: GateReport["outcome"]) => boolean) =>
    report.gates.filter(({ outcome }) => wanted(outcome)).map(({ name }) => name);
  const configuration = report.gates.flatMap(({ name, configDigest }) =>
    configDigest === null ? [] : [{ name, digest: { sha256: hex(configDigest) } }],
  );
  return statement(report, {
    predicateType: "https://in-toto.io/attestation/test-result/v0.1",
    predicate: {
      result: report.outcome === "PASS" ? "PASSED" : report.outcome === "WAIVED" ? "WARNED" : "FAILED",
      configuration,
      passedTests: named((outcome) => outcome === "PASS"),
      warnedTests: named((outcome) => outcome === "WAIVED"),
      failedTests: named((outcome) => !isPassing(outcome)),
    },
  });
}

/** Who verified what, when, and under which rules. */
export interface VerificationSummaryOptions {
  /** URI of who verified. */
  readonly verifier: string;
  /** RFC 3339 instant of the verification. */
  readonly timeVerified: string;
  /** URI of what was verified. */
  readonly resourceUri: string;
  readonly policyUri: string;
  readonly rulebookHash: Digest;
}

/** The report as a SLSA verification summary: passed when every gate lets through, and then with a level for each gate. */
export function verificationSummaryStatement(
  report: GateReport,
  options: VerificationSummaryOptions,
): InTotoStatement<VerificationSummaryPredicate> {
  const { verifier, timeVerified, resourceUri, policyUri, rulebookHash } = options;
  const isPassed = isPassing(report.outcome);
  return statement(report, {
    predicateType: "https://slsa.dev/verification_summary/v1",
    predicate: {
      verifier: { id: verifier },
      timeVerified,
      resourceUri,
      policy: { uri: policyUri, digest: { sha256: hex(rulebookHash) } },
      verificationResult: isPassed ? "PASSED" : "FAILED",
      verifiedLevels: isPassed ? report.gates.map(({ name, outcome }) => `GOV_GATE_${name.toUpperCase()}_${outcome}`) : ["FAILED"],
    },
  });
}

function statement<Predicate>(
  { subject }: GateReport,
  body: { readonly predicateType: string; readonly predicate: Predicate },
): InTotoStatement<Predicate> {
  return {
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name: subject.id, digest: { sha256: hex(subject.digest) } }],
    ...body,
  };
}

function hex(digest: Digest): string {
  return digest.slice("sha256:".length);
}
