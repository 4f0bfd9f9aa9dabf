import { evaluateGates, type EvidenceValues, type GateReport } from "@gov/gates";
import type { EnforcementMode } from "@gov/gates/enforcement";
import {
  applyWaivers,
  findingFingerprint,
  foldWaivers,
  importTrivyignore,
  isWaiver,
  isWaiverEntry,
  judgeWaiver,
  planRevocation,
  planWaiver,
  proveWaivers,
  type SignatureVerifier,
  type SignedWaiver,
  verifyWaivers,
  type Waiver,
  waiverDatabase,
  type WaiverEntry,
  waiverGranted,
  type WaiverPolicy,
  waiverPolicyOf,
  waiverRevoked,
} from "@gov/gates/waivers";
import { type JsonValue, validateKind } from "@gov/schema";
import { describe, expect, it } from "vitest";
import { evidenceOf, soundValues } from "./evidence-fixture.ts";

const waiver: Waiver = {
  id: "W-1",
  rule: "GATES_COVERAGE_LOW",
  path: "coverage.json",
  fingerprint: null,
  reason: "The parser is being replaced",
  ticket: "GOV-17",
  requested_by: "ada",
  not_before: "2026-01-01",
  expires: "2026-01-15",
  emergency: false,
};
const signers = [{ person: "bob", role: "quality" }];
const policy: WaiverPolicy = {
  overridePolicy: "waiver",
  mode: "soft_block",
  approverRoles: ["quality"],
  maxDays: 30,
  emergency: { approverRoles: ["on_call"], maxHours: 24 },
  notWaivable: ["GATES_CRITICAL_ISSUE_OPEN"],
};
const asOf = Date.parse("2026-01-10");

const judge = (changes: Partial<Waiver>, rules: Partial<WaiverPolicy> = {}, by: SignedWaiver["signers"] = signers) => {
  const { state, reason } = judgeWaiver({ waiver: { ...waiver, ...changes }, signers: by }, { policy: { ...policy, ...rules }, asOf });
  return reason === null ? state : `${state}: ${reason}`;
};

const security = (...ids: readonly string[]): Partial<EvidenceValues> => ({
  security: { scanned: 1, findings: ids.map((id) => ({ id, severity: "high" as const, target: "left-pad@1", path: "package.json" })) },
});
const report = (values: Partial<EvidenceValues>, ...types: readonly string[]): GateReport =>
  evaluateGates(evidenceOf(values), { g: { triggers: [], validators: types.map((type) => ({ type })), failure_action: "Stop" } });
const low = { coverage: { lines: 10, branches: 10, path: "coverage.json" } };
const apply = (to: GateReport, ...changes: readonly Partial<Waiver>[]) => {
  const waivers = changes.map((change, index) => ({ waiver: { ...waiver, id: `W-${index + 1}`, ...change }, signers }));
  const { report: waived, waivers: states } = applyWaivers(to, waivers, { policy, asOf });
  return { waived, outcome: waived.outcome, states: states.map(({ state }) => state) };
};

describe("judgeWaiver()", () => {
  it("is in force from its first instant, and not at its last (GOV-10)", () => {
    const at = (instant: string) => judgeWaiver({ waiver, signers }, { policy, asOf: Date.parse(instant) });
    expect(at("2025-12-31T23:59:59.999Z")).toEqual({ state: "not_yet", reason: "it begins on 2026-01-01" });
    expect(at("2026-01-01T00:00:00Z").state).toBe("in_force");
    expect(at("2026-01-14T23:59:59.999Z").state).toBe("in_force");
    expect(at("2026-01-15T00:00:00Z")).toEqual({ state: "expired", reason: "it expired on 2026-01-15" });
    expect(judge({ not_before: "2026-01-10T01:00:00+08:00" })).toBe("in_force");
  });

  it("refuses what cannot be read, lasts too long or ends before it begins (GOV-10)", () => {
    for (const expires of ["never", "", "2026-02-30", "15.01.2026", "2026-01-15T00:00:00", "2026-01-15T25:00:00Z"])
      expect(judge({ expires })).toBe("refused: its times cannot be read");
    expect(judge({ not_before: "soon" })).toBe("refused: its times cannot be read");
    expect(judge({ expires: "2026-01-01" })).toBe("refused: it expires before it begins");
    expect(judge({ expires: "2026-01-31" })).toBe("in_force");
    for (const changed of [judge({ expires: "2026-01-31T00:00:00.001Z" }), judge({}, { maxDays: Number.NaN })])
      expect(changed).toBe("refused: it lasts longer than the policy allows");
    expect(() => judgeWaiver({ waiver, signers }, { policy, asOf: Number.NaN })).toThrow(RangeError);
  });

  it("asks for the signature of somebody else in an approver's role (GOV-11, D-03)", () => {
    const problem = "refused: nobody other than ada signed it as quality";
    expect(judge({}, {}, [])).toBe(problem);
    expect(judge({}, {}, [{ person: "bob", role: "guest" }])).toBe(problem);
    expect(judge({}, {}, [{ person: " Ada", role: "quality" }])).toBe(problem);
    expect(judge({}, { approverRoles: [] })).toContain("refused");
  });

  it("grants an emergency override only by its own roles, within its own limit (GOV-11)", () => {
    const emergency = { emergency: true, not_before: "2026-01-09T12:00:00Z", expires: "2026-01-10T12:00:00Z" };
    const onCall = [{ person: "cleo", role: "on_call" }];
    expect(judge(emergency, {}, onCall)).toBe("in_force");
    expect(judge(emergency)).toBe("refused: nobody other than ada signed it as on_call");
    expect(judge({ ...emergency, expires: "2026-01-10T13:00:00Z" }, {}, onCall)).toContain("lasts longer");
    expect(judge(emergency, { emergency: null }, onCall)).toBe("refused: the policy has no emergency override");
  });

  it("refuses every waiver where the policy knows none, and in hard_block (GOV-09, GOV-15)", () => {
    expect(judge({}, { overridePolicy: "none" })).toBe("refused: the override policy is none");
    expect(judge({}, { overridePolicy: "new_cycle" })).toBe("refused: the override policy is new_cycle");
    expect(judge({}, { mode: "hard_block" })).toBe("refused: the mode is hard_block");
    for (const mode of ["solo", "shadow"] as const) expect(judge({}, { mode })).toBe("in_force");
  });

  it("asks for a scope, and never covers what is not waivable or was not judged", () => {
    expect(judge({ path: null })).toBe("refused: it names neither a path nor a fingerprint");
    expect(judge({ path: null, fingerprint: "sha256:0" })).toBe("in_force");
    expect(judge({ path: null, rule: "CVE-1" })).toBe("in_force");
    expect(judge({ path: null, rule: "SCHEMA_VIOLATION" })).toBe("refused: it names neither a path nor a fingerprint");
    for (const rule of ["GATES_CRITICAL_ISSUE_OPEN", "GATES_EVIDENCE_MISSING", "GATES_VALIDATOR_FAULT"])
      expect(judge({ rule })).toBe(`refused: "${rule}" cannot be waived`);
  });
});

describe("applyWaivers()", () => {
  it("keeps a waived finding as a note that names the waiver (GOV-10)", () => {
    const { waived, states } = apply(report(low, "coverage_analyzer"), {});
    expect(waived.gates[0]).toMatchObject({ outcome: "WAIVED", failureAction: null, validators: [{ outcome: "WAIVED" }] });
    expect(waived.findings).toMatchObject([{ code: "GATES_COVERAGE_LOW", severity: "note", hint: 'Waived by "W-1" until 2026-01-15' }]);
    expect(states).toEqual(["used"]);
  });

  it("blocks again once the waiver has expired, and says which are unused (GOV-10)", () => {
    const failed = report(low, "coverage_analyzer");
    const { waived, states } = apply(
      failed,
      { expires: "2026-01-10" },
      { path: "other.json" },
      { not_before: "2026-01-11" },
      { reason: "x", path: null },
    );
    expect(waived).toEqual(failed);
    expect(states).toEqual(["expired", "unused", "not_yet", "refused"]);
  });

  it("waives a gate only when every error of every validator is covered (GOV-18)", () => {
    const failed = report({ ...low, ...security("CVE-1", "CVE-2") }, "coverage_analyzer", "security_findings");
    const cve = { path: null, rule: "CVE-1" };
    expect(apply(failed, {}, cve)).toMatchObject({ outcome: "FAIL", states: ["used", "used"] });
    expect(apply(failed, {}, cve).waived.gates[0]?.failureAction).toBe("Stop");
    expect(apply(failed, {}, cve, { ...cve, rule: "CVE-2" })).toMatchObject({ outcome: "WAIVED" });
    expect(apply(failed, {}, { rule: "GATES_SECURITY_FINDING", path: "package.json" })).toMatchObject({ outcome: "WAIVED" });
  });

  it("matches paths exactly, by folder, and by fingerprint, never by accident", () => {
    const deep = report({ coverage: { lines: 1, branches: 1, path: "docs/api/coverage.json" } }, "coverage_analyzer");
    const fingerprint = findingFingerprint(deep.findings[0] as GateReport["findings"][number]);
    const outcome = (changes: Partial<Waiver>) => apply(deep, changes).outcome;
    for (const path of ["docs/api/coverage.json", "docs/**", "docs/api/**"]) expect(outcome({ path })).toBe("WAIVED");
    for (const path of ["docs", "docs/*", "doc/**", "docs/api/coverage.json/**", "**"]) expect(outcome({ path })).toBe("FAIL");
    expect(outcome({ path: null, fingerprint })).toBe("WAIVED");
    expect(outcome({ path: "docs/**", fingerprint: "sha256:0" })).toBe("FAIL");
    const pathless = report({ coverage: { lines: 1, branches: 1, path: null } }, "coverage_analyzer");
    expect(apply(pathless, { path: "docs/**" }).outcome).toBe("FAIL");
    expect(apply(deep, { rule: "Coverage of lines is 1 %" }).outcome).toBe("FAIL");
  });

  it("leaves alone what passes, errs, is pending, or may not be waived", () => {
    const passed = report(soundValues, "coverage_analyzer");
    expect(apply(passed, {})).toMatchObject({ waived: passed, states: ["unused"] });
    const broken = evaluateGates(evidenceOf(low), { g: { triggers: [], validators: [{ type: "coverage_analyzer", minimum: "all" }] } });
    expect(apply(broken, {})).toMatchObject({ waived: broken, states: ["unused"] });
    const mixed = evaluateGates(evidenceOf(low), { g: { triggers: [], validators: [{ type: "coverage_analyzer" }, { type: "poem" }] } });
    expect(apply(mixed, {}).outcome).toBe("ERROR");
    const criticalIssues = [{ id: "SEC-1", title: "Key in log", path: "issues.yaml", line: 1 }];
    const critical = evaluateGates(evidenceOf({ criticalIssues }), {
      g: { triggers: [], validators: [{ type: "critical_zero", source: "issues" }] },
    });
    const { waiver: _waiver, ...finding } = { waiver, ...critical.findings[0] };
    expect(apply(critical, { rule: "GATES_CRITICAL_ISSUE_OPEN", path: "issues.yaml" }).states).toEqual(["refused"]);
    expect(finding.code).toBe("GATES_CRITICAL_ISSUE_OPEN");
  });

  it("never covers a code that is not waivable by the rule a scanner gives it", () => {
    const failed = report(security("CVE-1"), "security_findings");
    const strict = { ...policy, notWaivable: ["GATES_SECURITY_FINDING"] };
    const signed = { waiver: { ...waiver, rule: "CVE-1", path: null }, signers };
    expect(applyWaivers(failed, [signed], { policy: strict, asOf }).report.outcome).toBe("FAIL");
  });

  it("never covers a rule that is not waivable by the code that its finding has", () => {
    const failed = report(security("CVE-1", "CVE-2"), "security_findings");
    const strict = { ...policy, notWaivable: ["CVE-1"] };
    const signed = { waiver: { ...waiver, rule: "GATES_SECURITY_FINDING", path: "package.json" }, signers };
    const { report: waived } = applyWaivers(failed, [signed], { policy: strict, asOf });
    expect([waived.outcome, ...waived.findings.map(({ severity, expected }) => `${expected} ${severity}`)]).toEqual([
      "FAIL",
      "CVE-1 error",
      "CVE-2 note",
    ]);
  });

  it("never covers every finding of a code, whoever gives it, without a scope (GOV-11)", () => {
    const finding = { severity: "error" as const, message: "m", path: "a.yaml", line: 1, column: null };
    const failedBy = (code: string) => {
      const own = {
        type: "own",
        options: [],
        needs: () => [],
        evaluate: () => ({ outcome: "FAIL" as const, findings: [{ ...finding, code }] }),
      };
      const gates = { g: { triggers: [], validators: [{ type: "own" }] } };
      return evaluateGates(evidenceOf({}), gates, { validators: new Map([["own", own]]) });
    };
    for (const rule of ["SCHEMA_VIOLATION", "OWN_CODE"]) {
      expect(apply(failedBy(rule), { rule, path: null }).outcome).toBe("FAIL");
      expect(apply(failedBy(rule), { rule, path: "a.yaml" }).outcome).toBe("WAIVED");
    }
  });

  it("cannot waive a failure that names no error", () => {
    const silent = { type: "silent", options: [], needs: () => [], evaluate: () => ({ outcome: "FAIL" as const, findings: [] }) };
    const gates = { g: { triggers: [], validators: [{ type: "silent" }] } };
    expect(apply(evaluateGates(evidenceOf({}), gates, { validators: new Map([["silent", silent]]) }), {}).outcome).toBe("FAIL");
  });

  it("leaves warnings as they are, and names a module's own rule (GOV-10, GAT-08)", () => {
    const found = [
      { id: "CVE-1", severity: "high" as const, target: "left-pad@1", path: "package.json" },
      { id: "CVE-2", severity: "low" as const, target: "left-pad@1", path: "package.json" },
    ];
    const scanned = report({ security: { scanned: 1, findings: found } }, "security_findings");
    const { waived, outcome } = apply(scanned, { rule: "CVE-1", path: null }, { rule: "CVE-2", path: null });
    expect([outcome, ...waived.findings.map(({ severity, expected }) => `${expected} ${severity}`)]).toEqual([
      "WAIVED",
      "CVE-1 note",
      "CVE-2 warning",
    ]);
    const finding = {
      code: "GATES_CUSTOM_FAILED",
      severity: "error" as const,
      message: "m",
      path: "a",
      line: 1,
      column: null,
      expected: "REF-1",
    };
    const run = { script: "refs.mjs", digest: null, outcome: "FAIL" as const, findings: [finding] };
    const custom = evaluateGates(evidenceOf({ custom: [run] }), {
      g: { triggers: [], validators: [{ type: "custom", script: "refs.mjs" }] },
    });
    expect([apply(custom, { rule: "REF-1", path: null }).outcome, apply(custom, { rule: "REF-2", path: null }).outcome]).toEqual([
      "WAIVED",
      "FAIL",
    ]);
  });
});

describe("verifyWaivers()", () => {
  /** Takes `{ by, text }` for an envelope, and trusts everybody but mallory. */
  const verifier: SignatureVerifier = {
    verify: async (envelope) => {
      const { by, text } = envelope as { readonly by: string; readonly text: string };
      if (by === "mallory") throw new Error("no trusted key");
      return { payload: new TextEncoder().encode(text), signers: [{ person: by, role: "quality", thumbprint: "t" }] };
    },
  };
  const signed = (by: string, value: unknown): JsonValue => ({ by, text: typeof value === "string" ? value : JSON.stringify(value) });

  it("gives only what was signed, and says why not the others (GOV-11)", async () => {
    const envelopes = [
      signed("bob", waiver),
      signed("mallory", { ...waiver, id: "W-2" }),
      signed("bob", { ...waiver, id: "W-3", extra: 1 }),
      signed("bob", "{"),
    ];
    const { waivers, findings } = await verifyWaivers(envelopes, { verifier, policy: {} });
    expect(waivers).toEqual([{ waiver, signers: [{ person: "bob", role: "quality" }] }]);
    expect(findings.map(({ code, message }) => `${code} ${message.slice(0, 46)}`)).toEqual([
      "GATES_WAIVER_INVALID Waiver 2 is not signed as the policy asks: Err",
      "GATES_WAIVER_INVALID Signed document 3 is no waiver",
      "GATES_WAIVER_INVALID Waiver 4 is not signed as the policy asks: Syn",
    ]);
  });

  it("lets neither of two with one id count", async () => {
    const envelopes = [signed("bob", waiver), signed("bob", { ...waiver, rule: "GATES_TEST_FAILED" })];
    const { waivers, findings } = await verifyWaivers(envelopes, { verifier, policy: {} });
    expect(waivers).toEqual([]);
    expect(findings.map(({ message }) => message)).toEqual(['Waiver id "W-1" is used more than once']);
  });

  it("knows a waiver by exactly its fields", () => {
    expect(isWaiver(waiver)).toBe(true);
    const { reason: _reason, ...short } = waiver;
    for (const value of [
      null,
      1,
      [],
      short,
      { ...short, other: "x" },
      { ...waiver, reason: " " },
      { ...waiver, path: "" },
      { ...waiver, path: 1 },
      { ...waiver, emergency: "no" },
    ])
      expect(isWaiver(value)).toBe(false);
  });
});

describe("the decision log", () => {
  const second = { waiver: { ...waiver, id: "W-0" }, signers };
  const entries: readonly WaiverEntry[] = [
    waiverGranted({ waiver, signers }),
    waiverGranted({ waiver: { ...waiver, expires: "2030-01-01" }, signers }),
    waiverGranted(second),
    waiverGranted({ waiver: { ...waiver, id: "W-2" }, signers }),
    waiverRevoked({ id: "W-2", by: "bob", reason: "done" }),
  ];

  it("is the record that waivers are folded from (GOV-10, GOV-13)", () => {
    expect(foldWaivers(entries)).toEqual([second, { waiver, signers }]);
    for (const entry of entries) expect(isWaiverEntry(entry as unknown as JsonValue)).toBe(true);
    const [granted] = entries as unknown as readonly { readonly payload: Readonly<Record<string, JsonValue>> }[];
    const broken: readonly JsonValue[] = [
      null,
      { type: "WAIVER_GRANTED" },
      { type: "WAIVER_GRANTED", payload: {} },
      { type: "WAIVER_GRANTED", payload: { waiver } },
      { type: "WAIVER_GRANTED", payload: { waiver, signers: [{ person: "bob" }] } },
      { type: "WAIVER_GRANTED", payload: { waiver, signers: [null] } },
      { type: "WAIVER_REVOKED", payload: { id: "W-1" } },
      { type: "STATE_TRANSITION", payload: granted?.payload ?? {} },
    ];
    for (const value of broken) expect(isWaiverEntry(value)).toBe(false);
  });

  it("is projected to waiver_db.json, the same bytes for the same log (GOV-10)", () => {
    const text = waiverDatabase(entries, { policy, asOf });
    expect(text).toBe(waiverDatabase(structuredClone(entries), { policy, asOf }));
    const { version, waivers } = JSON.parse(text) as { readonly version: string; readonly waivers: readonly Record<string, unknown>[] };
    expect([version, ...waivers.map(({ id, state }) => `${String(id)} ${String(state)}`)]).toEqual(["1", "W-0 in_force", "W-1 in_force"]);
    expect(validateKind("waiver_db", JSON.parse(text) as JsonValue)).toEqual([]);
    const scoped = { ...waiver, id: "W-7", path: null, fingerprint: "sha256:1", expires: "soon" };
    const lost = waiverDatabase([waiverGranted({ waiver: scoped, signers: [] })], { policy, asOf });
    expect(JSON.parse(lost)).toMatchObject({
      waivers: [{ scope: { paths: ["**"], fingerprints: ["sha256:1"] }, approved_by: "nobody", expires_at: "soon", state: "refused" }],
    });
    const own = waiverDatabase([waiverGranted({ waiver, signers: [{ person: waiver.requested_by, role: "quality" }] })], { policy, asOf });
    expect(JSON.parse(own)).toMatchObject({ waivers: [{ approved_by: waiver.requested_by, state: "refused" }] });
    expect(waiverDatabase(entries, { policy, asOf: Date.parse("2026-02-01") })).toContain('"state_reason":"it expired on 2026-01-15"');
  });
});

describe("importTrivyignore()", () => {
  it("takes over what has a reason and an end, and names the rest (GOV-18)", () => {
    const text =
      "# Not reachable\n# from our code\nCVE-1 exp:2026-02-01\n\nCVE-2 exp:2026-02-01\n# Later\nCVE-3\n# Broken\nCVE-4 exp:soon\n";
    const { drafts, findings } = importTrivyignore(text, { path: ".trivyignore" });
    expect(drafts).toEqual([{ rule: "CVE-1", path: null, reason: "Not reachable from our code", expires: "2026-02-01", line: 3 }]);
    expect(findings.map(({ message, line }) => `${line} ${message}`)).toEqual([
      '5 "CVE-2" is ignored without a reason',
      '7 "CVE-3" is ignored without an end: add "exp:2026-01-31"',
      '9 "CVE-4" is ignored without an end: add "exp:2026-01-31"',
    ]);
  });

  it("reads .trivyignore.yaml, one draft a path, and refuses what a waiver cannot say (GOV-18)", () => {
    const text = `vulnerabilities:
  - { id: CVE-1, statement: Not reachable, expired_at: 2026-02-01, paths: [package.json, web/**] }
  - { id: CVE-2, statement: Not reachable, expired_at: 2026-02-01 }
  - { id: CVE-3, expired_at: 2026-02-01 }
  - { id: CVE-4, statement: Later }
  - { id: CVE-5, statement: One package, expired_at: 2026-02-01, purls: ["pkg:npm/a@1"] }
  - { id: CVE-6, statement: Odd, expired_at: 2026-02-01, paths: package.json }
  - { statement: nameless }
misconfigurations:
  - { id: AVD-1, statement: Behind a proxy, expired_at: 2026-03-01 }
secrets: none
`;
    const { drafts, findings } = importTrivyignore(text, { path: "ci/.trivyignore.yaml" });
    expect(drafts.map(({ rule, path, expires, line }) => `${rule} ${String(path)} ${expires} ${String(line)}`)).toEqual([
      "CVE-1 package.json 2026-02-01 2",
      "CVE-1 web/** 2026-02-01 2",
      "CVE-2 null 2026-02-01 3",
      "AVD-1 null 2026-03-01 10",
    ]);
    expect(findings.map(({ message, line }) => `${String(line)} ${message}`)).toEqual([
      '6 "CVE-5" is ignored for some packages only, which a waiver cannot say',
      '7 "CVE-6" is limited by what is no list of texts',
      "8 An entry names no id",
      '11 "secrets" is no list',
      '4 "CVE-3" is ignored without a reason',
      '5 "CVE-4" is ignored without an end: add "expired_at: 2026-01-31"',
    ]);
    const read = (yaml: string) => importTrivyignore(yaml, { path: ".trivyignore.yml" });
    expect(read("[]").findings[0]?.message).toBe("It holds no lists of what to ignore");
    expect(read("a: [").drafts).toEqual([]);
    expect(read("a: [").findings).not.toEqual([]);
    expect(read("vulnerabilities: []\n")).toEqual({ drafts: [], findings: [] });
  });
});

describe("planWaiver()", () => {
  const spec = { override_policy: "waiver" as const, approver_roles: ["quality"], max_days: 30 };
  const { id: _, ...request } = waiver;
  const plan = (changes: Partial<Waiver> = {}, entries: readonly WaiverEntry[] = [], by = signers[0] as { person: string; role: string }) =>
    planWaiver({ ...request, ...changes }, { approver: by, policy: waiverPolicyOf(spec, { mode: "soft_block" }), entries, asOf });
  const problem = (given: ReturnType<typeof planWaiver>) => (given.ok ? null : given.findings[0]?.message);

  it("grants nothing twice: the same exception stands already, unless it was revoked (PLN-08)", () => {
    const entries = [waiverGranted({ waiver, signers })];
    expect(problem(plan({}, entries))).toContain(`it was granted already, as "${waiver.id}"`);
    for (const other of [{ path: "elsewhere.md" }, { expires: "2026-01-20" }, { reason: "another" }])
      expect(problem(plan(other, entries)) ?? "").not.toContain("granted already");
    expect(problem(plan({}, [...entries, waiverRevoked({ id: waiver.id, by: "bob", reason: "done" })]))).toBeNull();
  });

  it("gives a waiver the next id that nobody used, also when it was revoked (GOV-10)", () => {
    expect(plan()).toEqual({ ok: true, waiver: { ...waiver, id: "W-1" } });
    const entries = [waiverGranted({ waiver, signers }), waiverRevoked({ id: "W-3", by: "bob", reason: "done" })];
    expect(plan({ ticket: "T-other" }, entries)).toMatchObject({ ok: true, waiver: { id: "W-4" } });
    expect(problem(plan({ id: "W-3" }, entries))).toBe('Waiver "W-3" cannot be granted: its id was used before');
    expect(plan({ not_before: "2026-01-12", id: "later" })).toMatchObject({ ok: true });
  });

  it("refuses what would never be in force, before anything is recorded (GOV-10, GOV-11)", () => {
    const refused = (...given: Parameters<typeof plan>) => problem(plan(...given))?.replace('Waiver "W-1" cannot be granted: ', "");
    expect(refused({ ticket: " " })).toBe("rule, reason, ticket, who asks, beginning and end must all be there");
    expect(refused({ expires: "2026-03-01" })).toBe("it lasts longer than the policy allows");
    expect(refused({ not_before: "2025-12-20", expires: "2026-01-02" })).toBe("it expired on 2026-01-02");
    expect(refused({ emergency: true })).toBe("the policy has no emergency override");
    expect(refused({}, [], { person: "Ada", role: "quality" })).toBe("nobody other than ada signed it as quality");
    expect(refused({}, [], { person: "bob", role: "guest" })).toBe("nobody other than ada signed it as quality");
    expect(refused({ rule: "GATES_CRITICAL_ISSUE_OPEN" })).toBe('"GATES_CRITICAL_ISSUE_OPEN" cannot be waived');
  });
});

describe("waiverPolicyOf()", () => {
  it("lets nothing be waived where the rulebook says nothing (B-13)", () => {
    const none = waiverPolicyOf(undefined, { mode: "solo" });
    expect(judgeWaiver({ waiver, signers }, { policy: none, asOf })).toEqual({ state: "refused", reason: "the override policy is none" });
  });

  it("reads roles, limits, emergency and what cannot be waived from the rulebook (GOV-10, GOV-11)", () => {
    const emergency = { approver_roles: ["on_call"], max_hours: 24 };
    const full = { override_policy: "waiver" as const, approver_roles: ["quality"], max_days: 30, emergency };
    expect(waiverPolicyOf({ ...full, not_waivable: ["GATES_CRITICAL_ISSUE_OPEN"] }, { mode: "soft_block" })).toEqual(policy);
    expect(waiverPolicyOf(full, { mode: "soft_block" }).notWaivable).toContain("GATES_CRITICAL_OWNER_MISSING");
  });
});

describe("planRevocation()", () => {
  const entries = [waiverGranted({ waiver, signers })];

  it("ends a waiver that was granted and not revoked, with a reason (GOV-10)", () => {
    const revoked = planRevocation({ id: "W-1", by: "bob", reason: "done" }, { entries });
    expect(revoked).toEqual({ ok: true, entry: waiverRevoked({ id: "W-1", by: "bob", reason: "done" }) });
    if (!revoked.ok) return;
    expect(planRevocation({ id: "W-1", by: "bob", reason: "twice" }, { entries: [...entries, revoked.entry] })).toMatchObject({
      ok: false,
    });
    expect(planRevocation({ id: "W-9", by: "bob", reason: "done" }, { entries })).toMatchObject({
      findings: [{ message: 'There is no waiver "W-9" to revoke' }],
    });
    for (const empty of [{ by: " " }, { reason: "" }])
      expect(planRevocation({ id: "W-1", by: "bob", reason: "done", ...empty }, { entries })).toMatchObject({ ok: false });
  });
});

describe("proveWaivers()", () => {
  it("counts only signers that can be proven, whomever the log names (GOV-11)", () => {
    const entries = [waiverGranted({ waiver, signers }, { payload: "…" }), waiverRevoked({ id: "W-9", by: "bob", reason: "done" })];
    expect(proveWaivers(entries, { signersOf: ({ envelope }) => (envelope === null ? [] : signers) })).toEqual(entries);
    const forged = proveWaivers(entries, { signersOf: () => [] });
    const [found] = foldWaivers(forged);
    expect(found).toEqual({ waiver, signers: [] });
    expect(judgeWaiver(found as SignedWaiver, { policy, asOf }).state).toBe("refused");
  });
});

describe("modes of single gates", () => {
  it("leave what blocks hard as it is, whatever holds otherwise (GOV-15)", () => {
    const failed = report(low, "coverage_analyzer");
    const under = (mode: EnforcementMode) =>
      applyWaivers(failed, [{ waiver, signers }], { policy, asOf, modes: { overall: "soft_block", gates: new Map([["g", mode]]) } });
    expect(under("soft_block").report.outcome).toBe("WAIVED");
    expect(under("hard_block")).toMatchObject({ report: failed, waivers: [{ state: "unused" }] });
  });
});
