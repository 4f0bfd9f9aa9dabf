import { evaluateGates } from "@gov/gates";
import { governanceRules } from "@gov/gates/governance";
import { builtInValidators } from "@gov/gates/validators";
import { digestBytes } from "@gov/schema/canonical";
import { presets } from "@gov/schema/presets";
import { describe, expect, it } from "vitest";
import { contract, evidenceOf } from "./evidence-fixture.ts";

describe("contracts that slip", () => {
  const judge = (changes: Parameters<typeof contract>[1], asOf?: string) => {
    const evidence = evidenceOf({ contracts: [contract("C-1", changes)] }, asOf === undefined ? {} : { asOf });
    const { outcome, findings } = evaluateGates(evidence, { c: { triggers: [], validators: [{ type: "contracts" }] } });
    return [outcome, ...findings.map(({ code, hint }) => `${code.replace("GATES_CONTRACT_", "")}${hint === undefined ? "" : `: ${hint}`}`)];
  };

  it("fail after the day they are due, stubbed or not, and say whom to tell (ART-17, GAT-15)", () => {
    const stubbed = { state: "stubbed" as const, due: "2026-01-31", escalationTo: "lead" };
    expect(judge(stubbed, "2026-01-31T23:59:59Z")).toEqual(["PASS"]);
    expect(judge(stubbed, "2026-02-01")).toEqual(["FAIL", "SLIPPED: Escalate it to lead"]);
    expect(judge({ ...stubbed, state: "open" }, "2026-02-01")).toEqual(["FAIL", "OPEN", "SLIPPED: Escalate it to lead"]);
    expect(judge({ ...stubbed, state: "satisfied" }, "2026-02-01")).toEqual(["PASS"]);
    const exact = { ...stubbed, due: "2026-01-31T12:00:00Z" };
    expect([judge(exact, "2026-01-31T11:59:59Z")[0], judge(exact, "2026-01-31T12:00:00Z")[0]]).toEqual(["PASS", "FAIL"]);
  });

  it("need somebody to escalate to, a day that can be read, and the time of the judgement (ART-17, D-10)", () => {
    for (const escalationTo of [null, " "])
      expect(judge({ state: "stubbed", due: "2026-01-31", escalationTo }, "2026-03-01")).toEqual(["FAIL", "ESCALATION_MISSING", "SLIPPED"]);
    expect(judge({ state: "stubbed", due: "soon" }, "2026-03-01")).toEqual(["FAIL", "SLIPPED"]);
    expect(judge({ state: "stubbed", due: "2026-01-31" })).toEqual(["FAIL", "SLIPPED"]);
    expect(judge({ state: "stubbed", due: "2026-01-31" }, "now")).toEqual(["FAIL", "SLIPPED"]);
    expect(judge({ state: "stubbed" })).toEqual(["PASS"]);
  });

  it("count as critical violations (GOV-07)", () => {
    const evidence = evidenceOf(
      { backlog: [], criticalIssues: [], contracts: [contract("C-1", { state: "stubbed", due: "2026-01-31", escalationTo: "lead" })] },
      { asOf: "2026-02-01" },
    );
    const { findings } = evaluateGates(evidence, { z: { triggers: [], validators: [{ type: "critical_zero", source: "violations" }] } });
    expect(findings.map(({ code }) => code)).toEqual(["GATES_CONTRACT_SLIPPED"]);
  });
});

const digest = digestBytes(new TextEncoder().encode("the plan"));

describe("approved_status", () => {
  const approval = { actor: "bob", role: "lead", purpose: "review", digest, isProven: true };
  const document = { id: "P", path: "plan.yaml", status: "approved" as const, digest, authors: ["ada"] };
  const judge = (statuses: Parameters<typeof evidenceOf>[0]["statuses"], count?: unknown) => {
    const validators = [{ type: "approved_status", ...(count === undefined ? {} : { count }) }];
    const { outcome, findings } = evaluateGates(evidenceOf(statuses === undefined ? {} : { statuses }), {
      s: { triggers: [], validators },
    });
    return [outcome, ...findings.map(({ code }) => code)];
  };

  it("counts the word approved only with an approval of these bytes by somebody else (GOV-03)", () => {
    expect(judge({ documents: [document], approvals: [approval] })).toEqual(["PASS"]);
    expect(judge({ documents: [document], approvals: [{ ...approval, actor: "ada" }] })).toEqual(["FAIL", "GATES_STATUS_WITHOUT_APPROVAL"]);
    expect(judge({ documents: [{ ...document, status: "draft" }], approvals: [] })).toEqual(["PASS"]);
    expect(judge({ documents: [document], approvals: [approval] }, 2)).toEqual(["FAIL", "GATES_STATUS_WITHOUT_APPROVAL"]);
    for (const count of [0, 1.5, "two"]) expect(judge({ documents: [], approvals: [] }, count)[0]).toBe("ERROR");
    expect(judge(undefined)).toEqual(["FAIL", "GATES_EVIDENCE_MISSING"]);
  });
});

describe("governance_rules", () => {
  const subject = {
    id: "P",
    path: "plan.yaml",
    tags: [{ key: "criticality", value: "0" }],
    digest,
    authors: ["ada"],
    approvals: [],
    emergencyContact: "bob",
    rollbackPlan: "rollback.md",
    auditTrail: "standard" as const,
    documentation: [],
    scheduledFor: null,
    freezes: [],
  };
  const validators = new Map([...builtInValidators, [governanceRules.type, governanceRules]]);
  const judge = (
    changes: { readonly subjects?: readonly (typeof subject)[]; readonly rules?: typeof presets.be.governance },
    options: { readonly asOf?: string; readonly config?: Readonly<Record<string, unknown>> } = {},
  ) => {
    const { asOf = "2026-01-10", config = {} } = options;
    const governed = { rules: presets.be.governance, subjects: [subject], ...changes };
    const gates = { g: { triggers: [], validators: [{ type: "governance_rules", ...config }] } };
    const { outcome, findings } = evaluateGates(evidenceOf({ governed }, { asOf }), gates, { validators });
    return [outcome, ...findings.map(({ code }) => code)];
  };

  it("reports every violation of every subject as one gate (GOV-05)", () => {
    expect(judge({})).toEqual(["FAIL", "GATES_GOVERNANCE_VIOLATION", "GATES_GOVERNANCE_VIOLATION"]);
    expect(judge({ subjects: [{ ...subject, tags: [] }] })).toEqual(["PASS"]);
    const gdpr = { ...subject, tags: [{ key: "compliance", value: "gdpr" }] };
    expect(judge({ subjects: [gdpr] })).toEqual(["FAIL", "GATES_TAG_UNCOVERED"]);
    expect(judge({ subjects: [gdpr] }, { config: { must_be_covered: [] } })).toEqual(["PASS"]);
  });

  it("never passes without a subject, a time, or rules that can be used (GOV-02, GOV-05)", () => {
    expect(judge({ subjects: [] })).toEqual(["FAIL", "GATES_EVIDENCE_EMPTY"]);
    expect(judge({}, { asOf: "today" })[0]).toBe("ERROR");
    expect(judge({}, { config: { must_be_covered: "compliance" } })[0]).toBe("ERROR");
    const rules = { tags: [], rules: { broken: { condition: "tags.unknown == 1", requirements: [{ review_board: true }] } } };
    expect(judge({ rules })).toEqual(["ERROR", "GATES_RULE_INVALID"]);
    expect(judge({ rules })).toEqual(["ERROR", "GATES_RULE_INVALID"]);
  });
});
