import { type ApprovalGiven, type ApprovalPlan, countingApprovers, foldApprovals, isApprovalGiven, planApproval } from "@gov/gates";
import type { JsonValue } from "@gov/schema";
import { digestBytes } from "@gov/schema/canonical";
import { describe, expect, it } from "vitest";

const digest = digestBytes(Buffer.from("status: approved\n"));
const plan = { id: "PLN-1", path: "plan.md", status: "approved", digest } as const;
const asked = { actor: "ada", role: "lead", authors: ["bob"], approvals: [] };

function given(planned: ApprovalPlan, envelope: JsonValue = null): ApprovalGiven {
  if (!planned.ok) throw new Error("not approved");
  return { type: "APPROVAL_GIVEN", payload: { ...planned.statement, envelope } };
}

describe("planApproval()", () => {
  it("binds an approval to the digest of the bytes, for a review unless another purpose is named (B-45)", () => {
    const statement = { actor: "ada", role: "lead", purpose: "review", id: "PLN-1", path: "plan.md", digest };
    expect(planApproval(plan, asked)).toEqual({ ok: true, statement, isGiven: false });
    expect(planApproval(plan, { ...asked, purpose: "retrospective" })).toMatchObject({ statement: { purpose: "retrospective" } });
  });

  it("refuses bytes that do not say approved, and authors in any spelling, with every reason (B-45)", () => {
    const refused = planApproval({ ...plan, status: "review" }, { ...asked, actor: " Bob " });
    expect(refused).toMatchObject({
      ok: false,
      findings: [
        { code: "GATES_APPROVAL_REFUSED", path: "plan.md", message: '"PLN-1" says review: only bytes that say approved can be approved' },
        { code: "GATES_APPROVAL_REFUSED", path: "plan.md", message: ' Bob  is an author of "PLN-1"' },
      ],
    });
  });

  it("refuses a role that the actor does not have (GOV-03, B-45)", () => {
    expect(planApproval(plan, { ...asked, role: "review_board", roles: ["lead"] })).toMatchObject({
      ok: false,
      findings: [{ code: "GATES_APPROVAL_REFUSED", message: 'ada does not have the role "review_board"' }],
    });
    expect(planApproval(plan, { ...asked, roles: ["qa", "lead"] }).ok).toBe(true);
  });

  it("knows that the same person has approved the same bytes, and asks again for others", () => {
    const approvals = foldApprovals([given(planApproval(plan, asked))], { isProven: () => false });
    expect(planApproval(plan, { ...asked, approvals })).toMatchObject({ isGiven: true });
    expect(planApproval(plan, { ...asked, approvals, actor: "eve" })).toMatchObject({ isGiven: false });
    expect(planApproval({ ...plan, digest: digestBytes(Buffer.from("other")) }, { ...asked, approvals })).toMatchObject({ isGiven: false });
  });
});

describe("planApproval() after an approval without proof", () => {
  it("takes it for given only where no proof would come with the next (B-45)", () => {
    const approvals = foldApprovals([given(planApproval(plan, asked))], { isProven: () => false });
    expect(planApproval(plan, { ...asked, approvals, isProven: true })).toMatchObject({ isGiven: false });
    const proven = foldApprovals([given(planApproval(plan, asked))], { isProven: () => true });
    expect(planApproval(plan, { ...asked, approvals: [...approvals, ...proven], isProven: true })).toMatchObject({ isGiven: true });
  });
});

describe("foldApprovals()", () => {
  it("gives approvals that count, proven where the envelope proves them (GAT-18)", () => {
    const entries = [given(planApproval(plan, asked), { signed: true }), given(planApproval(plan, { ...asked, actor: "eve" }))];
    const approvals = foldApprovals(entries, { isProven: ({ envelope }) => envelope !== null });
    const counted = (requireProof: boolean) => countingApprovers(approvals, { digest, purpose: "review", authors: [], requireProof });
    expect([counted(false), counted(true)]).toEqual([["ada", "eve"], ["ada"]]);
  });
});

describe("isApprovalGiven()", () => {
  it("takes approvals and nothing else", () => {
    const entry = given(planApproval(plan, asked)) as unknown as { readonly type: string; readonly payload: Record<string, JsonValue> };
    expect(isApprovalGiven(entry as unknown as JsonValue)).toBe(true);
    expect(isApprovalGiven({ ...entry, type: "MODE_CHANGED" })).toBe(false);
    for (const value of [null, 7, [], {}, { type: "APPROVAL_GIVEN" }, { type: "APPROVAL_GIVEN", payload: [] }])
      expect(isApprovalGiven(value)).toBe(false);
    for (const field of ["actor", "role", "purpose", "id", "path", "digest"])
      expect(isApprovalGiven({ ...entry, payload: { ...entry.payload, [field]: "" } })).toBe(false);
  });
});
