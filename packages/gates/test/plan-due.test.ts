import { type DueFacts, planDue } from "@gov/gates/governance";
import { foldWaivers, waiverGranted, type Waiver } from "@gov/gates/waivers";
import { describe, expect, it } from "vitest";

const nothing: DueFacts = { reviews: [], waivers: [], pages: [], gates: {} };
const waiver = (id: string, expires: string): Waiver => ({
  ...{ id, rule: "CVE-2026-1", path: null, fingerprint: null, reason: "Not reachable", ticket: "T-1" },
  ...{ requested_by: "ada", not_before: "2026-01-01", expires, emergency: false },
});
const page = (changedAt: string, documentedAt: string | null) => ({ path: "guide.md", changedAt, documentedAt });

/** Runs daily over some days, each run knowing what the earlier ones told, and twice a day. */
function year(facts: (asOf: string) => DueFacts, days: readonly string[]) {
  const recorded: { readonly type: string; readonly payload: Readonly<Record<string, string>> }[] = [];
  for (const asOf of days) {
    const { entries } = planDue(facts(asOf), { recorded, asOf });
    recorded.push(...(entries as typeof recorded));
    expect([asOf, planDue(facts(asOf), { recorded, asOf }).entries]).toEqual([asOf, []]);
  }
  return recorded.map(({ type, payload }) => [type, payload["due"] ?? payload["changed_at"] ?? payload["id"] ?? payload["path"]]);
}

describe("planDue()", () => {
  it("tells each review once a date, and warns until the date is set anew (PLN-10)", () => {
    const review = (nextReview: string): DueFacts => ({ ...nothing, reviews: [{ id: "plan", path: "plan.md", nextReview }] });
    const days = ["2026-02-28", "2026-03-01", "2026-03-09", "2026-06-01", "2026-09-01"];
    expect(year((asOf) => review(asOf < "2026-04" ? "2026-03-01" : "2026-09-01"), days)).toEqual([
      ["review.due", "2026-03-01"],
      ["review.due", "2026-09-01"],
    ]);
    const judged = (nextReview: string) => planDue(review(nextReview), { recorded: [], asOf: "2026-03-01" }).findings;
    expect(judged("2026-03-02")).toEqual([]);
    expect(judged("2026-03-01")).toMatchObject([{ code: "GATES_REVIEW_DUE", severity: "warning", path: "plan.md" }]);
    expect(judged("soon")).toMatchObject([{ code: "GATES_REVIEW_DUE", severity: "error" }]);
  });

  it("tells that a waiver has expired once, and warns in the 14 days before (GOV-10)", () => {
    const facts = (): DueFacts => ({ ...nothing, waivers: [waiver("W-1", "2026-02-01"), waiver("W-2", "never")] });
    expect(year(facts, ["2026-01-02", "2026-02-01", "2026-02-02"])).toEqual([["waiver.expired", "W-1"]]);
    const codes = (asOf: string) => planDue(facts(), { recorded: [], asOf }).findings.map(({ code }) => code);
    expect(["2026-01-17", "2026-01-18", "2026-02-01"].map(codes)).toEqual([[], ["GATES_WAIVER_EXPIRING"], []]);
    const granted = foldWaivers([waiverGranted({ waiver: waiver("W-3", "2026-01-01"), signers: [] })]);
    expect(planDue({ ...nothing, waivers: granted.map((one) => one.waiver) }, { recorded: [], asOf: "2026-01-01" }).entries).toHaveLength(
      1,
    );
  });

  it("tells when documentation falls behind and when it has caught up, by the hours of the gate in force (GOV-19)", () => {
    const facts = (asOf: string): DueFacts => ({
      ...nothing,
      pages: [
        page(asOf < "2026-03" ? "2026-01-01" : "2026-03-01", asOf < "2026-02" ? null : asOf < "2026-03-20" ? "2026-02-01" : "2026-03-20"),
      ],
    });
    expect(year(facts, ["2026-01-02", "2026-01-04", "2026-01-05", "2026-02-01", "2026-03-02", "2026-03-10", "2026-03-20"])).toEqual([
      ["docs.stale", "2026-01-01"],
      ["docs.refreshed", "guide.md"],
      ["docs.stale", "2026-03-01"],
      ["docs.refreshed", "guide.md"],
    ]);
    const severities = (gates: DueFacts["gates"]) =>
      planDue({ ...nothing, pages: [page("2026-01-01", null)], gates }, { recorded: [], asOf: "2026-01-03T12:00:00Z" }).findings.map(
        ({ severity }) => severity,
      );
    const gate = (options: object) => ({ docs: { triggers: [], validators: [{ type: "docs_freshness", ...options }] } });
    expect([{}, gate({}), gate({ block_hours: 50, warn_hours: 1 }), gate({ warn_hours: 100, block_hours: 100 })].map(severities)).toEqual([
      ["warning"],
      ["warning"],
      ["error"],
      [],
    ]);
  });

  it("refuses a time that is none", () => {
    expect(() => planDue(nothing, { recorded: [], asOf: "now" })).toThrow(RangeError);
  });
});
