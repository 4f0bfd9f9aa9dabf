import {
  compileGovernance,
  complianceChecklist,
  evaluateFlag,
  evaluateGovernance,
  type GovernanceRules,
  type GovernedSubject,
  governedSubjectOf,
  renderComplianceChecklist,
  simulatePolicy,
  statusWithoutApproval,
} from "@gov/gates/governance";
import type { FeatureFlag } from "@gov/schema";
import { digestBytes } from "@gov/schema/canonical";
import { presets } from "@gov/schema/presets";
import { stopwatch } from "@gov/tooling-vitest/stopwatch";
import { describe, expect, it } from "vitest";

const digest = digestBytes(Buffer.from("plan"));
const other = digestBytes(Buffer.from("another plan"));
const asOf = Date.parse("2026-01-10");
const approval = (actor: string, role = "lead") => ({ actor, role, purpose: "review", digest, isProven: true });

const freeze = (id: string, from: string, to: string) => ({ id, from, to, reason: "closing of the books", owner: "finance" });

/** A subject for which everything was done. */
const sound: GovernedSubject = {
  id: "PLN-1",
  path: "plan.yaml",
  tags: [],
  digest,
  authors: ["ada"],
  approvals: [approval("bob"), approval("cleo"), approval("dan", "review_board")],
  emergencyContact: "eve",
  rollbackPlan: "rollback.md",
  auditTrail: "enhanced",
  documentation: ["regulatory_standard"],
  scheduledFor: "2026-02-01",
  freezes: [freeze("year end", "2025-12-15", "2026-01-05")],
};
const tag = (key: string, value: string) => ({ key, value });
const critical = { tags: [tag("criticality", "0")] };
const sox = { tags: [tag("compliance", "sox")] };

function compiled(rules: GovernanceRules) {
  const result = compileGovernance(rules);
  if (!result.ok) throw new Error(result.findings.map(({ message }) => message).join());
  return result.value;
}
const shipped = compiled(presets.be.governance);
const judge = (changes: Partial<GovernedSubject>, governance = shipped) =>
  evaluateGovernance(governance, { ...sound, ...changes }, { asOf });
const problems = (changes: Partial<GovernedSubject>, governance = shipped) =>
  judge(changes, governance).findings.map(({ message }) => message);
const rule = (condition: string, requirements: readonly Record<string, unknown>[], effective_on?: string): GovernanceRules => ({
  tags: presets.be.governance.tags,
  rules: { r: { condition, requirements, effective_on } },
});

describe("compileGovernance()", () => {
  it("refuses what cannot be evaluated, all of it, at load (GOV-02)", () => {
    const rules = {
      tags: presets.be.governance.tags,
      rules: {
        a: { condition: "tags.colour == 'red'", requirements: [{ review_board: true }] },
        b: { condition: "tags.criticality", requirements: [{ review_board: true }] },
        c: { condition: "tags.criticality == 0", requirements: [] },
        d: { condition: "tags.criticality == 0", requirements: [{ review_board: true }], effective_on: "soon" },
        e: { condition: "process.exit()", requirements: [{ review_board: true }] },
      },
    };
    const result = compileGovernance(rules);
    expect(result.ok ? [] : result.findings.map(({ code, message }) => `${code} ${message.slice(0, 19)}`)).toEqual(
      ["a", "b", "c", "d", "e"].map((name) => `GATES_RULE_INVALID Governance rule "${name}"`),
    );
  });

  it("refuses hostile conditions at load, before they can cost anything", () => {
    const hostile = [
      `${"(".repeat(100_000)}1${")".repeat(100_000)} == 1`,
      Array.from({ length: 100_000 }, () => "tags.criticality == 0").join(" && "),
      "tags.compliance.matches('(a+)+$') && tags.constructor == 1",
      "tags.__proto__ == 1",
    ];
    for (const condition of hostile) {
      const took = stopwatch();
      expect(compileGovernance(rule(condition, [{ review_board: true }])).ok).toBe(false);
      expect(took()).toBeLessThan(500);
    }
  });
});

describe("evaluateGovernance()", () => {
  it("applies tags with their defaults (GOV-01)", () => {
    expect(judge({})).toMatchObject({
      isCompliant: true,
      applied: [],
      tags: { compliance: "none", criticality: 2, data_classification: "internal" },
    });
    expect(judge({ tags: [tag("criticality", "9")] })).toMatchObject({ isCompliant: false, tags: null });
  });

  it("asks of a critical plan approvals, board, contact and rollback, all in one report (GOV-03, GOV-05)", () => {
    expect(judge(critical)).toMatchObject({ isCompliant: true, applied: ["critical_tag_zero"] });
    expect(problems({ ...critical, approvals: [approval("bob"), approval("cleo")], emergencyContact: " ", rollbackPlan: null })).toEqual([
      'Rule "critical_tag_zero": 3 approvals by different people are required, 2 count',
      'Rule "critical_tag_zero": the review board has not approved',
      'Rule "critical_tag_zero": there is no emergency contact',
      'Rule "critical_tag_zero": there is no rollback plan',
    ]);
    expect(problems({ ...critical, authors: ["bob"] })[0]).toContain("2 count");
    expect(problems({ ...critical, digest: other })).toHaveLength(2);
  });

  it("asks under SOX for audit trail, calendar and documentation (GOV-04)", () => {
    expect(judge(sox)).toMatchObject({ isCompliant: true, applied: ["compliance_sox"] });
    expect(problems({ ...sox, auditTrail: "standard", documentation: [], scheduledFor: "2026-01-05T23:00:00Z" })).toEqual([
      'Rule "compliance_sox": it happens on 2026-01-05T23:00:00Z, within the freeze "year end"',
      'Rule "compliance_sox": the audit trail is standard, enhanced is required',
      'Rule "compliance_sox": the documentation was not checked against regulatory_standard',
    ]);
    const when = (scheduledFor: string | null, freezes = sound.freezes) => judge({ ...sox, scheduledFor, freezes }).isCompliant;
    expect([when("2025-12-14"), when("2025-12-15"), when("2026-01-05"), when("2026-01-06")]).toEqual([true, false, false, true]);
    expect([when(null), when("soon"), when("2026-02-01", [freeze("?", "later", "2026-01-01")])]).toEqual([false, false, false]);
    expect(when("2026-02-01", [freeze("turned round", "2026-03-02", "2026-03-01")])).toBe(false);
    expect(when("2026-02-01", [freeze("one day", "2026-03-01", "2026-03-01")])).toBe(true);
    const exact = [freeze("night", "2026-01-01T00:00:00Z", "2026-01-01T06:00:00Z")];
    expect([when("2026-01-01T06:00:00Z", exact), when("2026-01-01T06:00:01Z", exact)]).toEqual([false, true]);
    const evening = [freeze("evening", "2026-01-01T18:00:00Z", "2026-01-01T22:00:00Z")];
    expect(["2025-12-31", "2026-01-01", "2026-01-02"].map((day) => when(day, evening))).toEqual([true, false, true]);
  });

  it("takes a regime that no rule covers for a finding (GOV-05)", () => {
    expect(judge({ tags: [tag("compliance", "gdpr")] }).findings).toMatchObject([
      { code: "GATES_TAG_UNCOVERED", message: 'Tag "compliance" is "gdpr", and no rule says what that requires' },
    ]);
    expect(judge({ tags: [tag("compliance", "hipaa")] }).isCompliant).toBe(false);
    const covering = compiled(rule("tags.compliance == 'gdpr'", [{ documentation: "regulatory_standard" }]));
    expect(judge({ tags: [tag("compliance", "gdpr")] }, covering).isCompliant).toBe(true);
    const plain = compiled(rule("tags.compliance == 'none'", [{ rollback_plan: "mandatory" }]));
    expect(judge({ tags: [tag("compliance", "gdpr")] }, plain).isCompliant).toBe(false);
    const open = evaluateGovernance(shipped, { ...sound, tags: [tag("compliance", "gdpr")] }, { asOf, mustBeCovered: [] });
    expect(open.isCompliant).toBe(true);
  });

  it("holds a tag to its rules however its name is spelled (GOV-02, GOV-05)", () => {
    const bare = { approvals: [], emergencyContact: null, rollbackPlan: null };
    expect(judge({ ...bare, tags: [tag("Criticality", "0")] }).applied).toEqual(["critical_tag_zero"]);
    expect(judge({ ...bare, tags: [tag("Criticality", "0")] }).isCompliant).toBe(false);
    expect(judge({ tags: [tag("Compliance", "SOX")] }).isCompliant).toBe(false);
    expect(judge({ tags: [tag("criticality", "1"), tag("CRITICALITY", "0")] }).isCompliant).toBe(false);
  });

  it("holds what is tagged Critical, which critical_zero counts, to the rules of criticality 0 (GOV-03, GOV-07, B-06)", () => {
    const bare = { approvals: [], emergencyContact: null, rollbackPlan: null };
    const critical = (key: string, value: string | null) => judge({ ...bare, tags: [{ key, value }] }).applied;
    for (const [key, value] of [
      ["Critical", null],
      ["critical", "yes"],
      [" CRITICAL", " "],
    ] as const)
      expect(critical(key, value)).toEqual(["critical_tag_zero"]);
    expect(critical("Critical", "no")).toEqual([]);
    expect(judge({ ...bare, tags: [{ key: "Critical", value: null }, tag("criticality", "2")] }).isCompliant).toBe(false);
  });

  it("takes what it does not understand for a finding, never for compliance (GOV-05, B-46)", () => {
    const unknown = [
      { blessing: "required" },
      { approval_count: "many" },
      { review_board: "maybe" },
      { emergency_contact: 1 },
      { rollback_plan: "nice" },
      { audit_trail: "deep" },
      { change_freeze: "ask" },
      { documentation: 7 },
    ];
    const { findings } = judge(critical, compiled(rule("tags.criticality == 0", unknown)));
    expect(findings.map(({ code }) => code)).toEqual(unknown.map(() => "GATES_REQUIREMENT_UNKNOWN"));
    const handlers = new Map([["blessing", () => null]]);
    const own = compiled(rule("tags.criticality == 0", [{ blessing: "required" }]));
    expect(evaluateGovernance(own, { ...sound, ...critical }, { asOf, handlers }).isCompliant).toBe(true);
  });

  it("takes a condition that fails for a finding, never for false (GOV-02)", () => {
    const broken = compiled(rule("tags.criticality == 0 && 1 / (tags.criticality - 0) > 0", [{ review_board: true }]));
    expect(judge(critical, broken).findings[0]).toMatchObject({ code: "GATES_RULE_INVALID", severity: "error" });
  });

  it("warns before a rule is effective, and fails from then on", () => {
    const announced = compiled(rule("tags.criticality == 0", [{ approval_count: 9 }], "2026-01-11"));
    expect(judge(critical, announced)).toMatchObject({ isCompliant: true, findings: [{ severity: "warning" }] });
    const later = evaluateGovernance(announced, { ...sound, ...critical }, { asOf: Date.parse("2026-01-11") });
    expect(later.isCompliant).toBe(false);
  });
});

describe("simulatePolicy()", () => {
  it("tells what would change, and for whom (GOV-08)", () => {
    const proposed = compiled(rule("tags.criticality == 0", [{ approval_count: 4 }]));
    const subjects = [sound, { ...sound, ...critical, id: "PLN-2" }, { ...sound, ...critical, id: "PLN-3", rollbackPlan: null }];
    const changes = simulatePolicy(subjects, { current: shipped, proposed, asOf });
    expect(
      changes.map(({ subject, wasCompliant, wouldBeCompliant, added, removed }) => [
        subject,
        wasCompliant,
        wouldBeCompliant,
        added.length,
        removed.length,
      ]),
    ).toEqual([
      ["PLN-2", true, false, 1, 0],
      ["PLN-3", false, false, 1, 1],
    ]);
  });
});

describe("evaluateFlag()", () => {
  const flag: FeatureFlag = { enabled: true, owner: "ada", expires_at: "2026-02-01", rollout_percent: 50 };
  const decide = (changes: Partial<FeatureFlag>, subject = "team-a") =>
    evaluateFlag({ bridge: { ...flag, ...changes } }, "bridge", { subject, asOf });

  it("is on for a stable share of the subjects, which only grows (TEL-12, D-08)", () => {
    const subjects = Array.from({ length: 1000 }, (_, index) => `team-${index}`);
    const on = (percent: number) => subjects.filter((subject) => decide({ rollout_percent: percent }, subject).isEnabled);
    expect(on(0)).toEqual([]);
    expect(on(100)).toEqual(subjects);
    expect(on(50).length).toBeGreaterThan(440);
    expect(on(50).length).toBeLessThan(560);
    expect(on(25).every((subject) => on(50).includes(subject))).toBe(true);
  });

  it("is on everywhere without a share, and nowhere when it is switched off (TEL-12)", () => {
    const { rollout_percent: _, ...whole } = flag;
    const full = evaluateFlag({ bridge: whole }, "bridge", { subject: "team-a", asOf });
    expect(full).toEqual({ isEnabled: true, findings: [] });
    expect(decide({ enabled: false, rollout_percent: 100 })).toEqual({ isEnabled: false, findings: [] });
  });

  it("is off, with a finding, when it is unknown, ownerless, endless, expired or unreadable (TEL-12)", () => {
    const full = { rollout_percent: 100 };
    const changes = [
      { owner: "" },
      { expires_at: "2026-01-10" },
      { expires_at: "never" },
      { rollout_percent: 101 },
      { rollout_percent: Number.NaN },
    ];
    for (const change of changes) {
      const { isEnabled, findings } = decide({ ...full, ...change });
      expect([isEnabled, findings[0]?.code]).toEqual([false, "GATES_FLAG_INVALID"]);
    }
    const { expires_at: _, ...endless } = flag;
    const others: readonly Readonly<Record<string, FeatureFlag>>[] = [
      {},
      { bridge: endless },
      JSON.parse('{"__proto__":{}}') as Readonly<Record<string, FeatureFlag>>,
    ];
    for (const flags of others) expect(evaluateFlag(flags, "bridge", { subject: "a", asOf }).findings[0]?.code).toBe("GATES_FLAG_INVALID");
    expect(evaluateFlag({}, "constructor", { subject: "a", asOf }).findings[0]?.message).toBe('Flag "constructor" is unknown');
  });

  it.each<[unknown, string]>([
    [null, "is no mapping with enabled, owner and expires_at"],
    ["on", "is no mapping with enabled, owner and expires_at"],
    [{ enabled: true, expires_at: "2026-02-01" }, "has no owner"],
    [{ ...flag, owner: 7 }, "has no owner"],
    [{ ...flag, enabled: "false" }, "is neither true nor false"],
    [{ ...flag, expires_at: null }, "has no end: add expires_at"],
    [{ ...flag, expires_at: 2030 }, "expires at 2030, which is no time"],
    [{ ...flag, rollout_percent: "100" }, "has a share that is not from 0 to 100"],
    [{ ...flag, rollout_percent: null }, "has a share that is not from 0 to 100"],
  ])("is off, with a finding, when it was configured past its schema as %j (TEL-12)", (bridge, problem) => {
    const flags = { bridge } as unknown as Readonly<Record<string, FeatureFlag>>;
    const { isEnabled, findings } = evaluateFlag(flags, "bridge", { subject: "team-a", asOf });
    expect([isEnabled, ...findings.map(({ message }) => message)]).toEqual([false, `Flag "bridge" ${problem}`]);
  });

  it("answers the same for a subject at every time, and for any text (TEL-12)", () => {
    expect(["team-a", "team-b", "Zoë", "\ud800"].map((subject) => decide({}, subject).isEnabled)).toEqual([false, true, false, true]);
  });
});

describe("rollout", () => {
  const flags = (changes: Partial<FeatureFlag>) => ({ board: { enabled: true, owner: "ada", expires_at: "2026-02-01", ...changes } });
  const rolled = compiled({
    tags: presets.be.governance.tags,
    rules: { r: { condition: "tags.criticality == 0", requirements: [{ review_board: true }], rollout: "board" } },
  });
  const judged = (given?: Readonly<Record<string, FeatureFlag>>) =>
    evaluateGovernance(rolled, { ...sound, ...critical, approvals: [] }, { asOf, flags: given });

  it("only warns where the flag of a rule is off, and counts where it is on (GOV-08, TEL-12)", () => {
    expect(judged(flags({})).isCompliant).toBe(false);
    const off = judged(flags({ enabled: false }));
    expect([off.isCompliant, off.findings.map(({ severity, hint }) => `${severity} ${String(hint)}`)]).toEqual([
      true,
      ['warning The rule is not rolled out here yet: flag "board"'],
    ]);
  });

  it("lets a rule count whose flag is unknown or expired, and says so (TEL-12)", () => {
    for (const given of [undefined, flags({ expires_at: "2026-01-01" })]) {
      const { isCompliant, findings } = judged(given);
      expect([isCompliant, findings.map(({ code, severity }) => `${code} ${severity}`).sort()]).toEqual([
        false,
        ["GATES_FLAG_INVALID warning", "GATES_GOVERNANCE_VIOLATION error"],
      ]);
    }
  });
});

describe("change_freeze", () => {
  const inFreeze = (scope: readonly string[], changes: Partial<GovernedSubject> = {}) =>
    !judge({
      ...sox,
      scheduledFor: "2026-01-01",
      freezes: [{ ...freeze("books", "2026-01-01", "2026-01-02"), scope: [...scope] }],
      ...changes,
    }).isCompliant;

  it("covers the streams and paths that a freeze names, and whatever does not say where it belongs (GOV-02, GOV-04)", () => {
    expect(inFreeze(["billing"], { stream: "billing" })).toBe(true);
    expect(inFreeze(["billing"], { stream: "search" })).toBe(false);
    expect(inFreeze(["billing"])).toBe(true);
    expect(inFreeze(["plans/**"], { path: "plans/a.yaml" })).toBe(true);
    expect(inFreeze(["plans/**", "billing"], { path: "docs/a.yaml", stream: "search" })).toBe(false);
    expect(inFreeze(["plans/**"], { path: null })).toBe(true);
    expect(inFreeze(["/plans/!(x)"], { path: "docs/a.yaml" })).toBe(true);
  });
});

describe("governedSubjectOf()", () => {
  const document = { id: "PLN-1", path: "plan.yaml", tags: [], digest };
  const facts = { authors: ["ada"], approvals: [], freezes: [] };

  it("reads what a document says for the rules, in its metadata or its front matter (GOV-05)", () => {
    const said = {
      emergency_contact: "eve",
      rollback_plan: "rollback.md",
      audit_trail: "enhanced",
      documentation: ["regulatory_standard", 7],
      scheduled_for: "2026-02-01",
      stream: "billing",
    };
    const expected = {
      ...document,
      ...facts,
      emergencyContact: "eve",
      rollbackPlan: "rollback.md",
      auditTrail: "enhanced",
      documentation: ["regulatory_standard"],
      scheduledFor: "2026-02-01",
      stream: "billing",
    };
    expect(governedSubjectOf({ ...document, data: { metadata: { governance: said } } }, facts)).toEqual(expected);
    expect(governedSubjectOf({ ...document, data: { governance: said } }, facts)).toEqual(expected);
    expect(governedSubjectOf({ ...document, data: { metadata: {}, governance: said } }, facts)).toEqual(expected);
  });

  it("takes what a document does not say for not done (GOV-05)", () => {
    for (const data of [
      null,
      [],
      { governance: "all" },
      { governance: { audit_trail: "deep", documentation: "all", emergency_contact: 1 } },
    ])
      expect(governedSubjectOf({ ...document, data }, facts)).toMatchObject({
        emergencyContact: null,
        rollbackPlan: null,
        auditTrail: "none",
        documentation: [],
        scheduledFor: null,
        stream: null,
      });
  });
});

describe("complianceChecklist()", () => {
  it("lists every regime, security review and change management, covered or not (GOV-21, D-14)", () => {
    const areas = complianceChecklist(presets.be.governance);
    expect(areas.map(({ area, rules }) => [area, ...rules])).toEqual([
      ["GDPR"],
      ["HIPAA"],
      ["SOX", "compliance_sox"],
      ["Security review", "compliance_sox", "critical_tag_zero"],
      ["Change management", "compliance_sox", "critical_tag_zero"],
    ]);
    const text = renderComplianceChecklist(areas);
    expect(text).toContain("- [ ] GDPR: no rule covers it\n");
    expect(text).toContain("- [ ] SOX: compliance_sox\n  - [ ] audit_trail: enhanced\n");
    expect(complianceChecklist({ tags: [], rules: {} }).map(({ area }) => area)).toEqual(["Security review", "Change management"]);
    expect(() => complianceChecklist(rule("1 +", [{ review_board: true }]))).toThrow(RangeError);
  });
});

describe("statusWithoutApproval()", () => {
  const artifact = { id: "PLN-1", path: "plan.yaml", status: "approved" as const, digest };
  const find = (changes: Partial<{ digest: typeof digest; status: "approved" | "draft" }>, count?: number) =>
    statusWithoutApproval([{ ...artifact, ...changes }], {
      approvals: [approval("bob"), approval("ada")],
      authors: new Map([["plan.yaml", ["ada"]]]),
      count,
    });

  it("counts approved only with an approval of these bytes by somebody else (GOV-03)", () => {
    expect(find({})).toEqual([]);
    expect(find({ status: "draft", digest: other })).toEqual([]);
    expect(find({ digest: other }).map(({ code }) => code)).toEqual(["GATES_STATUS_WITHOUT_APPROVAL"]);
    expect(find({}, 2)[0]?.message).toBe('"PLN-1" says approved: 2 approvals of these bytes are required, 1 count');
    expect(statusWithoutApproval([artifact], { approvals: [], authors: new Map() })).toHaveLength(1);
  });
});
