import { execFileSync } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { advance, changeLog, coverageSummary, cycle, governed, issueList, places, toPackaged } from "./governed.ts";
import { commit, findingsOf, folder, gov, listing, write } from "./harness.ts";

/** The events of a whole cycle, each with the state it leads to. */
const wholeCycle = [
  ["create_plan", "PLANNED"],
  ["update_plan", "PLANNED"],
  ["validate_complete", "READY_FOR_HANDOFF"],
  ["package_artifacts", "PACKAGED"],
  ["begin_execution", "EXECUTED"],
  ["validate_results", "VALIDATED"],
  ["analyze_metrics", "IMPROVE"],
] as const;

async function newKey(root: string, name = "lead"): Promise<string> {
  const key = join(folder(), `${name}.pem`);
  expect((await gov(root, "key", "new", key, "--person", name, "--role", "planning_lead", "--policy", "trust_policy.yaml")).code).toBe(0);
  return key;
}

async function sealed(coveredPercent = 95): Promise<string> {
  const root = governed(coveredPercent);
  await advance(root, ...toPackaged);
  await seal(root);
  return root;
}

async function seal(root: string): Promise<void> {
  const key = await newKey(root);
  expect((await gov(root, "manifest", "seal", cycle, "--key", key)).code).toBe(0);
}

/** A root whose cycle may be executed and validated: its manifest is sealed, its change log is kept. */
async function executable(coveredPercent = 95): Promise<string> {
  const root = await sealed(coveredPercent);
  write(root, places.changeLog, changeLog());
  return root;
}

function kindsInLog(root: string): readonly string[] {
  const lines = readFileSync(join(root, places.log), "utf8").trimEnd().split("\n");
  return lines.map((line) => (JSON.parse(line) as { readonly kind: string }).kind);
}

describe("the main job", () => {
  it("begins with gov init, whose documents check clean, and which changes nothing that is there", async () => {
    const root = folder({ "rulebook.yaml": "mine\n" });
    const dry = await gov(root, "init", "--dry-run");
    expect([dry.code, dry.out.includes("10 to write, 1 kept")]).toEqual([0, true]);
    expect(listing(root)).toHaveLength(1);
    expect((await gov(root, "init")).out).toContain("10 written, 1 kept");
    expect(readFileSync(join(root, "rulebook.yaml"), "utf8")).toBe("mine\n");
    const fresh = folder();
    expect((await gov(fresh, "init", "governance")).code).toBe(0);
    const checked = await gov(fresh, "check", "governance", "--fail-on", "warning", "--format", "json");
    expect(checked.json()).toMatchObject({ ok: true, summary: { files: 8, artifacts: 8 }, findings: [] });
  });

  it("indexes once, changes nothing the second time, and gives the same bytes when rebuilt (IDX-16)", async () => {
    const root = governed();
    expect((await gov(root, "index", "--check")).code).toBe(1);
    expect((await gov(root, "index")).code).toBe(0);
    const index = readFileSync(join(root, "artifacts_index.json"));
    const before = listing(root).filter((line) => !line.startsWith(".gov"));
    expect((await gov(root, "index", "--format", "json")).json()).toMatchObject({ put: 0, removed: 0, count: 11 });
    expect(listing(root).filter((line) => !line.startsWith(".gov"))).toEqual(before);
    expect((await gov(root, "index", "--check")).code).toBe(0);
    expect((await gov(root, "index", "--rebuild")).code).toBe(0);
    expect(readFileSync(join(root, "artifacts_index.json"))).toEqual(index);
    write(root, places.contracts, readFileSync(join(root, places.contracts), "utf8").replace("stubbed", "satisfied"));
    expect((await gov(root, "index", "--check")).code).toBe(1);
    expect((await gov(root, "status")).out).toContain("out of date");
    expect((await gov(root, "index", "--format", "json")).json()).toMatchObject({ put: 1, removed: 0 });
  });

  it("takes a cycle through every state, each step one append to the log, and keeps it there across calls (LIF-20, LIF-21, CRD-05)", async () => {
    const root = governed();
    for (const [event, state] of wholeCycle) {
      if (event === "begin_execution") {
        await seal(root);
        write(root, places.changeLog, changeLog());
      }
      const run = await gov(root, "cycle", cycle, event, "--actor", "ann", "--format", "json");
      expect([event, run.code, run.json()["to"], run.json()["moved"]]).toEqual([event, 0, state, true]);
      expect((await gov(root, "cycle", cycle, "--format", "json")).json()["cycles"]).toMatchObject([
        { id: cycle, state, isComplete: false },
      ]);
    }
    const done = await gov(root, "cycle", cycle, "cycle_complete");
    expect([done.code, done.out.includes("→ complete")]).toEqual([0, true]);
    expect((await gov(root, "status")).out).toContain(`${cycle} complete`);
    expect((await gov(root, "cycle", cycle, "update_plan")).code).toBe(1);
    expect(kindsInLog(root)).toEqual([
      "PLAN_CREATED",
      ...Array<string>(2).fill("STATE_TRANSITION"),
      "SEAL_REHEARSED",
      ...Array<string>(4).fill("STATE_TRANSITION"),
      "cycle_complete",
    ]);
    expect(readFileSync(join(root, places.log), "utf8")).toContain('"actor":"unverified:ann"');
    expect((await gov(root, "audit", "verify")).out).toContain("9 entries");
    expect((await gov(root, "gate", cycle, "--event", "update_plan")).err).toContain("complete");
  });

  it("goes back by the events that lead back (LIF-10, LIF-11, LIF-12, LIF-22)", async () => {
    const root = governed();
    const go = async (...events: readonly string[]) => {
      let state: unknown;
      for (const event of events) state = (await gov(root, "cycle", cycle, event, "--format", "json")).json()["to"];
      return state;
    };
    expect(await go("create_plan", "validate_complete", "validation_failed")).toBe("PLANNED");
    expect(await go("validate_complete", "package_artifacts")).toBe("PACKAGED");
    await seal(root);
    write(root, places.changeLog, changeLog());
    expect(await go("begin_execution", "execution_failed")).toBe("PACKAGED");
    expect(await go("begin_execution", "validate_results", "validation_failed")).toBe("EXECUTED");
  });

  it("keeps the state when a gate fails, says what to do, and records the result (LIF-15)", async () => {
    const root = await executable(79);
    const before = kindsInLog(root).length;
    const dry = await gov(root, "cycle", cycle, "begin_execution", "--dry-run");
    expect([dry.code, kindsInLog(root).length]).toEqual([1, before]);
    const run = await gov(root, "cycle", cycle, "begin_execution");
    expect(run.code).toBe(1);
    expect(run.out).toContain("✘ parity_coverage FAIL");
    expect(run.out).toContain("→ Return to PACKAGED for enhancement");
    expect(run.out).toContain(`${cycle} stays in PACKAGED`);
    expect(kindsInLog(root).slice(before)).toEqual(["GATE_RESULT"]);
    expect((await gov(root, "cycle", cycle, "--format", "json")).json()["cycles"]).toMatchObject([
      { state: "PACKAGED", gateResults: { parity_coverage: "FAIL" } },
    ]);
    write(root, places.coverage, coverageSummary(80));
    expect((await gov(root, "cycle", cycle, "begin_execution")).code).toBe(0);
  });

  it("executes nothing without a published manifest and a change log, and validates nothing that was not (LIF-16, ART-14, ART-15)", async () => {
    const root = governed();
    for (const [event] of wholeCycle.slice(0, 4)) expect((await gov(root, "cycle", cycle, event)).code).toBe(0);
    const begin = async () =>
      findingsOf(await gov(root, "cycle", cycle, "begin_execution", "--format", "json")).map(({ message }) => message);
    expect(await begin()).toEqual([
      "Cannot go PACKAGED -> EXECUTED: manifest_published: no manifest was collected",
      "Cannot go PACKAGED -> EXECUTED: change_log_enabled: no execution change log was collected",
      "Cannot go PACKAGED -> EXECUTED: deviations_tracked: no execution change log was collected",
    ]);
    write(root, places.changeLog, changeLog("open"));
    expect(await begin()).toHaveLength(1);
    const key = await newKey(root);
    commit(root);
    expect((await gov(root, "manifest", "seal", cycle, "--key", key)).code).toBe(0);
    expect(await begin()).toEqual([]);
    const validate = await gov(root, "cycle", cycle, "validate_results", "--format", "json");
    expect([validate.code, findingsOf(validate)[0]?.message]).toEqual([1, expect.stringContaining("validation_status_set") as string]);
    write(root, places.changeLog, changeLog());
    expect((await gov(root, "cycle", cycle, "validate_results")).code).toBe(0);
  });

  it("evaluates the gates of a step, and says so when none stands there (GAT-01)", async () => {
    const root = governed();
    const gate = (...argv: string[]) => gov(root, "gate", cycle, ...argv);
    expect((await gate("--event", "create_plan")).out).toContain('No gate guards "create_plan"');
    await gov(root, "cycle", cycle, "create_plan");
    expect((await gate("--event", "update_plan")).out).toContain('No gate guards "update_plan"');
    const step = await gate("--event", "validate_complete", "--format", "json");
    expect([step.code, (step.json()["gates"] as readonly { readonly name: string }[]).map(({ name }) => name)]).toEqual([
      0,
      ["critical_zero", "schema_lint"],
    ]);
    const unknown = await gate("--event", "begin_execution");
    expect([unknown.code, unknown.err.includes("expected update_plan, validate_complete")]).toEqual([3, true]);
    expect((await gate("schema_lint")).out).toContain("✔ schema_lint PASS");
    expect((await gate("no_gate")).code).toBe(1);
    expect((await gov(root, "gate", "PLN-OTHER")).code).toBe(1);
  });

  it("shows with --verbose what a gate looked at, of the same report (GAT-28)", async () => {
    const root = governed();
    const [plain, verbose] = [await gov(root, "gate", cycle, "schema_lint"), await gov(root, "gate", cycle, "schema_lint", "--verbose")];
    expect([plain.code, verbose.code]).toEqual([0, 0]);
    expect(verbose.out).toContain("validator json_schema: PASS");
    expect(verbose.out).toContain(`read ${places.backlog} sha256:`);
    expect(plain.out).not.toContain("sha256:");
  });

  it("lints plans, shows what nobody answers, and drafts waivers without granting any (PLN-06, PLN-07, GOV-18)", async () => {
    const root = governed();
    write(root, "plans/open.md", "- [x] 1 Done [AP L1]\n  - [ ] 1.1 Open\n");
    const linted = await gov(root, "plan", "lint", "plans/open.md", "--format", "json");
    expect([linted.code, findingsOf(linted).map(({ code }) => code)]).toEqual([1, ["GATES_PLAN_ITEM_OPEN", "GATES_PLAN_SOURCE_MISSING"]]);
    expect((await gov(root, "plan", "risks", "plans/open.md")).code).toBe(0);
    expect((await gov(root, "plan", "lint", "rulebook.yaml")).code).toBe(1);
    expect((await gov(root, "plan", "lint")).code).toBe(2);
    expect((await gov(root, "plan", "lint", "gone.md")).code).toBe(3);
    expect((await gov(root, "plan", "lint", places.checklist, "--require", "colour")).code).toBe(2);
    write(root, places.ignore, "CVE-2026-1\n");
    const refused = await gov(root, "waiver", "import", places.ignore, "--format", "json");
    expect([refused.code, refused.json()["drafts"], findingsOf(refused).map(({ code }) => code)]).toEqual([
      1,
      [],
      ["GATES_WAIVER_INVALID"],
    ]);
    expect((await gov(root, "waiver", "import")).code).toBe(2);
    expect((await gov(root, "policy", "report")).out).toContain("- [ ] GDPR: no rule covers it");
  });

  it("places what a gate finds in the document where it stands", async () => {
    const root = governed();
    const backlog = readFileSync(join(root, places.backlog), "utf8");
    write(root, places.backlog, backlog.replace("dependencies: [PLN-BE-001]", "dependencies: [PLN-BE-009]"));
    const run = await gov(root, "gate", cycle, "cross_stream_consistency", "--format", "json");
    expect(run.code).toBe(1);
    const [finding] = findingsOf(run);
    expect(finding).toMatchObject({ path: places.backlog, severity: "error" });
    expect(finding?.message).toContain("depend on each other");
    expect(finding?.line).toBeGreaterThan(1);
  });

  it("refuses to seal when a gate fails, a critical issue is open, or its number is unknown (GOV-06)", async () => {
    const root = governed();
    const key = await newKey(root);
    const seal = async () => {
      commit(root);
      return gov(root, "manifest", "seal", cycle, "--key", key);
    };
    write(root, "VERIFICATION/qa/issue_list.yaml", issueList("[{ id: I-1, title: Broken, severity: critical, status: open }]"));
    const open = await seal();
    expect(open.code).toBe(1);
    expect(open.out).toContain("critical_zero FAIL");
    expect(open.out).toContain("There are 1 critical issues");
    expect(open.out).toContain(`${cycle} is not sealed`);
    write(root, "VERIFICATION/qa/issue_list.yaml", "no list\n");
    const unknown = await seal();
    expect(unknown.code).toBe(1);
    expect(unknown.out).toContain("critical issues: a manifest is sealed with 0");
    expect(listing(root).some((line) => line.startsWith(places.manifest))).toBe(false);
  });

  it("refuses to seal what no commit holds, and names it (MAN-07)", async () => {
    const root = governed();
    const key = await newKey(root);
    write(root, places.storyMap, `${readFileSync(join(root, places.storyMap), "utf8")}\n`);
    const run = await gov(root, "manifest", "seal", cycle, "--key", key, "--format", "json");
    expect([run.code, run.json()["error"]]).toMatchObject([3, { code: "CLI_NOT_COMMITTED" }]);
    expect(findingsOf(run).map(({ path }) => path)).toEqual([places.storyMap]);
    await advance(root, ...toPackaged);
    commit(root);
    expect((await gov(root, "manifest", "seal", cycle, "--key", key)).code).toBe(0);
    const head = execFileSync("git", ["rev-parse", "HEAD"], { cwd: root, encoding: "utf8" }).trim();
    expect(readFileSync(join(root, places.manifest), "utf8")).toContain(`snapshot_rev: "git:${head}"`);
  });

  it("refuses a key that cannot be read or is none", async () => {
    const root = governed();
    const seal = (key: string) => gov(root, "manifest", "seal", cycle, "--key", key);
    expect(await seal("gone.pem")).toMatchObject({ code: 3, err: expect.stringContaining("CLI_KEY_UNREADABLE") as string });
    const keys = folder({ "none.pem": "not a key\n" });
    chmodSync(join(keys, "none.pem"), 0o600);
    expect(await seal(join(keys, "none.pem"))).toMatchObject({ code: 3, err: expect.stringContaining("MANIFEST_KEY_REFUSED") as string });
    expect(listing(root).some((line) => line.startsWith(`${places.manifest} `))).toBe(false);
  });

  it("keeps private keys out of the root, private, and never overwrites one", async () => {
    const root = governed();
    const make = (file: string, ...more: string[]) => gov(root, "key", "new", file, "--person", "ann", "--role", "planning_lead", ...more);
    expect((await make("k.pem")).err).toContain("CLI_KEY_INSIDE_ROOT");
    const key = join(folder(), "k.pem");
    const made = await make(key, "--format", "json");
    expect(made.json()["publicKey"]).toContain("BEGIN PUBLIC KEY");
    expect(made.out).not.toContain("PRIVATE");
    expect((await make(key)).err).toContain("CLI_FILE_EXISTS");
    write(root, "trust_policy.yaml", "mine\n");
    const other = join(folder(), "other.pem");
    expect((await make(other, "--policy", "trust_policy.yaml")).code).toBe(3);
    expect(() => readFileSync(other)).toThrow("ENOENT");
  });

  it("seals once: with other content the sealed manifest is refused and stays (MAN-08)", async () => {
    const root = await sealed();
    const manifest = readFileSync(join(root, places.manifest), "utf8");
    expect(manifest).toContain('"parity_coverage": "PENDING"');
    write(root, places.storyMap, `${readFileSync(join(root, places.storyMap), "utf8")}\n`);
    commit(root);
    const other = await newKey(governed(), "other");
    const stale = await gov(root, "manifest", "seal", cycle, "--key", other);
    expect([stale.code, stale.out]).toEqual([1, expect.stringContaining("MANIFEST_REHEARSAL_STALE")]);
    expect(stale.out).toContain(`gov gate ${cycle} --record`);
    expect((await gov(root, "gate", cycle, "--record")).code).toBe(0);
    const again = await gov(root, "manifest", "seal", cycle, "--key", other);
    expect([again.code, again.err.includes("MANIFEST_ALREADY_SEALED")]).toEqual([3, true]);
    expect(readFileSync(join(root, places.manifest), "utf8")).toBe(manifest);
  });

  it("verifies a seal, and names the sealed file in which one bit was flipped (MAN-09)", async () => {
    const root = await sealed();
    const verified = await gov(root, "manifest", "verify", "--format", "json");
    expect(verified.code).toBe(0);
    expect(verified.json()["manifests"]).toMatchObject([
      { path: places.manifest, verified: true, signers: [{ person: "lead", role: "planning_lead" }] },
    ]);
    for (const path of [places.backlog, places.storyMap, "rules/promotion_rules.mdc", "rulebook.yaml"]) {
      const whole = readFileSync(join(root, path));
      const flipped = Buffer.from(whole);
      const at = flipped.lastIndexOf("a");
      flipped[at] = (flipped[at] ?? 0) ^ 1;
      writeFileSync(join(root, path), flipped);
      const run = await gov(root, "manifest", "verify", places.manifest);
      expect(run.code).toBe(5);
      expect(run.out).toContain("does not match");
      expect(run.out).toContain(path);
      writeFileSync(join(root, path), whole);
    }
    expect((await gov(root, "manifest", "verify")).code).toBe(0);
  });

  it("does not verify an altered manifest, a missing envelope, or the key of somebody else (MAN-09)", async () => {
    const root = await sealed();
    const manifest = readFileSync(join(root, places.manifest), "utf8");
    write(root, places.manifest, manifest.replace("PENDING", "PASS"));
    expect((await gov(root, "manifest", "verify")).code).toBe(5);
    write(root, places.manifest, manifest);
    const envelope = readFileSync(join(root, `${places.manifest}.dsse.json`), "utf8");
    write(root, `${places.manifest}.dsse.json`, "{}");
    expect((await gov(root, "manifest", "verify")).code).toBe(5);
    write(root, `${places.manifest}.dsse.json`, envelope);
    const stranger = governed();
    await newKey(stranger, "stranger");
    const policy = join(stranger, "trust_policy.yaml");
    expect((await gov(root, "manifest", "verify", "--policy", policy)).code).toBe(5);
    expect((await gov(root, "manifest", "verify", "--policy", "trust_policy.yaml")).code).toBe(0);
    expect((await gov(join(root, "rules"), "manifest", "verify", places.manifest)).code).toBe(0);
    expect((await gov(join(root, "rules"), "manifest", "verify", `../${places.manifest}`)).code).toBe(0);
  });

  it("says what is missing before it can verify", async () => {
    const root = governed();
    const verify = async (...argv: string[]) => (await gov(root, "manifest", "verify", ...argv)).err;
    expect(await verify()).toContain("CLI_NO_TRUST_POLICY");
    write(root, "trust_policy.yaml", "version: 1\nrequired: 0\nkeys: []\n");
    expect(await verify()).toContain("CLI_TRUST_POLICY_INVALID");
    await newKey(folder({ "gov.yaml": "version: 1\n" }));
    const other = governed();
    await newKey(other);
    write(root, "trust_policy.yaml", readFileSync(join(other, "trust_policy.yaml")));
    expect(await verify()).toContain("CLI_NO_MANIFEST");
    expect(await verify("gone.yaml")).toContain("CLI_MANIFEST_UNREADABLE");
    expect(await verify("/etc/hostname")).toContain("CLI_OUTSIDE_ROOT");
    expect((await gov(folder({ "gov.yaml": "version: 1\n" }), "manifest", "seal", cycle, "--dry-run")).err).toContain("CLI_NO_ROUTES");
  });

  it("writes the digest where digests belong, with four deliverables that then check clean (ART-01)", async () => {
    const root = await executable();
    await advance(root, "begin_execution", "validate_results", "analyze_metrics");
    const printed = await gov(root, "digest", cycle);
    expect(printed.out).toContain("| Line coverage | 80% | 95% |");
    expect(printed.out).toContain("**Tasks Completed**: 9/9 (100%)");
    expect((await gov(root, "digest", cycle, "--write")).code).toBe(0);
    expect(readFileSync(join(root, places.digest), "utf8")).toContain(places.manifest);
    const checked = await gov(root, "check", "--fail-on", "warning", "--format", "json");
    expect(checked.json()).toMatchObject({
      ok: true,
      summary: { kinds: { be_backlog: 1, story_map: 1, handoff_manifest: 1, digest: 1 } },
      findings: [],
    });
    expect((await gov(root, "manifest", "verify")).code).toBe(0);
    write(root, places.coverage, "{}");
    const missing = await gov(root, "digest", cycle);
    expect(missing.out).toContain("n/a");
    expect(missing.out).toContain("TELEMETRY_DIGEST_INPUT_MISSING");
  });
});
