import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cycle, governance, governed, places } from "./governed.ts";
import { commit, findingsOf, folder, gov, govWith, listing, write } from "./harness.ts";

const routing = "rules/artifact_routing.mdc";
const baseline = "routing_effective.shadow.json";

/** Changes the text of a document of a root. */
function change(root: string, path: string, edit: (text: string) => string): void {
  write(root, path, edit(readFileSync(join(root, path), "utf8")));
}

const addRoute = (id: string, match: string, to: string) => (text: string) =>
  text.replace("  overrides: []", `    - { id: ${id}, match: ${match}, to: "${to}", precedence: 10 }\n  overrides: []`);
const moveBacklogs = (text: string) => text.replace("planning-be/backlogs/", "planning-be/plans/");
const codesOf = (run: Parameters<typeof findingsOf>[0]) => findingsOf(run).map(({ code, severity }) => [code, severity]);

describe("gov route check", () => {
  it("finds nothing wrong with the routes of this repository (RTE-02)", async () => {
    const before = listing(governance);
    const run = await gov(governance, "route", "check", "--fail-on", "warning", "--format", "json");
    expect(run.code).toBe(0);
    expect(run.json()).toMatchObject({ ok: true, routed: 5, defects: [], collisions: [], events: [{ name: "routing.resolved" }] });
    expect(listing(governance)).toEqual(before);
  });

  it("fails for two routes that claim one document, at the line of the rule, with a document they misroute (RTE-02)", async () => {
    const root = governed();
    change(root, routing, addRoute("rival", "{ kind: be_backlog }", "elsewhere/{cycle_id}.yaml"));
    const run = await gov(root, "route", "check", "--format", "json");
    expect(run.code).toBe(1);
    const [conflict] = findingsOf(run);
    expect(conflict).toMatchObject({ code: "HYDRATION_ROUTE_CONFLICT", severity: "error", path: routing, column: 7 });
    const line = readFileSync(join(root, routing), "utf8").split("\n")[(conflict?.line ?? 0) - 1];
    expect(line).toContain("id: backlog");
    expect(run.json()["defects"]).toMatchObject([{ routes: ["backlog", "rival"], witness: { kind: "be_backlog" } }]);
    expect(run.json()["events"]).toMatchObject([{ name: "routing.conflict", fields: { subject: routing, conflicts: 2 } }]);
    const check = await gov(root, "check", "--format", "json");
    expect([check.code, findingsOf(check).map(({ code }) => code)]).toEqual([1, ["HYDRATION_ROUTE_CONFLICT"]]);
  });

  it("warns of routes that never win or share a place, and tells documents that would meet (RTE-02)", async () => {
    const root = governed();
    change(root, routing, (text) =>
      addRoute("never", "{ kind: story_map, status: draft }", "frameworks/planning-be/storymaps/{cycle_id}-story_map.md")(text),
    );
    change(root, routing, (text) => text.replace("precedence: 10 }", "precedence: 9 }"));
    write(
      root,
      "frameworks/planning-be/other-story_map.md",
      `---\nid: other\nversion: 1.0.0\nstatus: draft\nkind: story_map\ncycle_id: ${cycle}\n---\n\n- [SM-1] One\n`,
    );
    const run = await gov(root, "route", "check", "--format", "json");
    expect(run.code).toBe(1);
    expect(codesOf(run)).toContainEqual(["HYDRATION_ROUTE_SHADOWED", "warning"]);
    expect(codesOf(run)).toContainEqual(["HYDRATION_PATH_COLLISION", "error"]);
    expect(run.json()["collisions"]).toMatchObject([{ paths: [places.storyMap] }]);
  });

  it("says where routes that cannot be used are wrong, and every other command that needs them refuses", async () => {
    const root = governed();
    change(root, routing, (text) => text.replace("to: frameworks/planning-be/digests/", "to: ../digests/"));
    const run = await gov(root, "route", "check", "--format", "json");
    expect([run.code, codesOf(run)]).toEqual([1, [["HYDRATION_ROUTE_PATTERN", "error"]]]);
    expect(findingsOf(run)[0]?.line).toBeGreaterThan(20);
    const drift = await gov(root, "route", "drift");
    expect([drift.code, drift.err.includes("CLI_ROUTES_UNUSABLE"), drift.err.includes("gov route rollback")]).toEqual([3, true, true]);
  });

  it("reads the matrix of command routing where there is one, and never writes it (RTE-01, RTE-05)", async () => {
    const root = governed();
    write(root, "routing_matrix.json", '{ "plan": "planner", "plan": "coder" }\n');
    const run = await gov(root, "route", "check", "--format", "json");
    expect([
      run.code,
      findingsOf(run)
        .filter(({ path }) => path === "routing_matrix.json")
        .map(({ severity, line }) => [severity, line]),
    ]).toEqual([1, [["error", 1]]]);
    write(root, "routing_matrix.json", '{ "plan": "planner" }\n');
    const before = listing(root).filter((line) => line.startsWith("routing_matrix.json"));
    const without = await gov(root, "hydrate", "--dry-run", "--format", "json");
    for (const argv of [["route", "check"], ["route", "sync"], ["route", "drift", "--sync"], ["route", "rollback", "--write"], ["index"]])
      expect([argv, (await gov(root, ...argv)).code]).toEqual([argv, 0]);
    expect(listing(root).filter((line) => line.startsWith("routing_matrix.json"))).toEqual(before);
    rmSync(join(root, "routing_matrix.json"));
    expect((await gov(root, "hydrate", "--dry-run", "--format", "json")).out).toBe(without.out);
  });
});

describe("gov route drift", () => {
  it("fails without a baseline, and finds no drift once it is synced (RTE-04)", async () => {
    const root = governed();
    const unknown = await gov(root, "route", "drift", "--sync", "--format", "json");
    expect([unknown.code, codesOf(unknown)]).toEqual([1, [["HYDRATION_BASELINE_MISSING", "error"]]]);
    expect(unknown.json()).toMatchObject({ outcome: "unknown", synced: false, events: [] });
    expect((await gov(root, "route", "sync", "--dry-run")).out).toContain("Would write");
    expect((await gov(root, "route", "drift")).code).toBe(1);
    expect((await gov(root, "route", "sync")).out).toContain("Wrote");
    const before = readFileSync(join(root, baseline));
    expect((await gov(root, "route", "sync")).out).toContain("the baseline is up to date");
    expect(readFileSync(join(root, baseline))).toEqual(before);
    const run = await gov(root, "route", "drift", "--format", "json");
    expect([run.code, run.json()["outcome"], run.json()["driftPercent"]]).toEqual([0, "none", 0]);
  });

  it("fails beyond the threshold, names what moved, and lets only a command take it over (RTE-04, ALR-08)", async () => {
    const root = governed();
    await gov(root, "route", "sync");
    change(root, routing, moveBacklogs);
    const run = await gov(root, "route", "drift", "--sync", "--format", "json");
    expect([run.code, codesOf(run)]).toEqual([1, [["HYDRATION_ROUTING_DRIFT", "error"]]]);
    expect(run.json()).toMatchObject({
      outcome: "beyond",
      synced: false,
      diff: {
        rulesChanged: true,
        changed: [{ artifact: `${cycle}-backlog`, before: { to: places.backlog }, members: ["to"] }],
      },
      events: [{ name: "drift.detected" }, { name: "routing.drift", fields: { drift_percent: 9.090909 } }],
    });
    expect((await gov(root, "route", "drift")).out).toContain(
      `${cycle}-backlog: ${places.backlog} → frameworks/planning-be/plans/${cycle}-be_backlog.yaml`,
    );
    expect((await gov(root, "route", "sync")).code).toBe(0);
    expect((await gov(root, "route", "drift")).code).toBe(0);
  });

  it("takes over a drift within the threshold by the periodic run (RTE-04)", async () => {
    const root = governed();
    await gov(root, "route", "sync");
    change(root, routing, moveBacklogs);
    const within = await gov(root, "route", "drift", "--threshold", "10", "--format", "json");
    expect([within.code, within.json()["outcome"], within.json()["synced"]]).toEqual([0, "within", false]);
    const synced = await gov(root, "route", "drift", "--threshold", "10", "--sync");
    expect([synced.code, synced.out.includes("Synced: the drift is within the threshold")]).toEqual([0, true]);
    expect((await gov(root, "route", "drift", "--threshold", "0")).code).toBe(0);
  });

  it("refuses a baseline that cannot be read, which a command replaces, and a threshold that is no percentage", async () => {
    const root = governed();
    write(root, baseline, "{}\n");
    const run = await gov(root, "route", "drift", "--format", "json");
    expect([run.code, codesOf(run)]).toEqual([1, [["HYDRATION_BASELINE", "error"]]]);
    expect((await gov(root, "route", "sync")).code).toBe(0);
    expect((await gov(root, "route", "drift")).code).toBe(0);
    const text = readFileSync(join(root, baseline), "latin1");
    writeFileSync(join(root, baseline), text.replace(/"artifact":"./, '"artifact":"\xff'), "latin1");
    const torn = await gov(root, "route", "drift", "--format", "json");
    expect([torn.code, codesOf(torn), findingsOf(torn)[0]?.line]).toEqual([1, [["HYDRATION_BASELINE", "error"]], 6]);
    for (const threshold of ["101", "x", ""]) expect((await gov(root, "route", "drift", "--threshold", threshold)).code).toBe(2);
  });

  it("tells a drift also from a baseline behind a byte order mark, which it notes", async () => {
    const root = governed();
    await gov(root, "route", "sync");
    change(root, baseline, (text) => `\ufeff${text}`);
    change(root, routing, moveBacklogs);
    const run = await gov(root, "route", "drift", "--format", "json");
    expect([run.code, codesOf(run).toSorted()]).toEqual([
      1,
      [
        ["HYDRATION_ROUTING_DRIFT", "error"],
        ["SCHEMA_BOM", "note"],
      ],
    ]);
  });

  it("tells the drift of this repository's own documents once they have a baseline, and changes none of them (RTE-04)", async () => {
    const root = governed();
    await gov(root, "route", "sync");
    const lines = readFileSync(join(root, baseline), "utf8").split("\n");
    expect(lines.filter((line) => line.includes('"outcome":"routed"'))).toHaveLength(3);
    const before = listing(governance);
    expect((await gov(governance, "route", "drift", "--format", "json")).json()["outcome"]).toBe("unknown");
    expect(listing(governance)).toEqual(before);
  });
});

describe("gov hydrate --dry-run", () => {
  it("selects and routes the documents of this repository, and writes nothing (HYD-04)", async () => {
    const before = listing(governance);
    const run = await gov(governance, "hydrate", "--dry-run", "--format", "json");
    expect(run.code).toBe(0);
    expect(run.json()).toMatchObject({ ok: true, selected: 13, unresolved: [], sentinel: null });
    const placements = run.json()["placements"] as readonly { readonly from: string; readonly to: string | null }[];
    const routed = placements.filter(({ to }) => to !== null);
    expect(routed).toHaveLength(5);
    for (const { from, to } of routed) expect(to).toBe(from);
    expect(listing(governance)).toEqual(before);
  });

  it("tells each selection as an event, and fails for an id that nothing decides (HYD-04, HYD-06)", async () => {
    const root = governed();
    for (const name of ["a", "b"]) write(root, `frameworks/${name}.md`, "---\nid: two\nversion: 1.0.0\nstatus: draft\n---\n");
    const run = await gov(root, "hydrate", "--dry-run", "--format", "json");
    expect([run.code, run.json()["unresolved"]]).toEqual([1, ["two"]]);
    const events = run.json()["events"] as readonly { readonly name: string; readonly fields: { readonly subject: string } }[];
    expect(events.filter(({ name }) => name === "hydration.unresolved").map(({ fields }) => fields.subject)).toEqual(["two"]);
    expect(events.filter(({ name }) => name === "hydration.selected")).toHaveLength(11);
  });

  it("works where nothing says where documents belong", async () => {
    const root = folder({ "gov.yaml": "version: 1\n", "a.md": "---\nid: a\nversion: 1.0.0\nstatus: draft\n---\n" });
    const run = await gov(root, "hydrate", "--dry-run", "--format", "json");
    expect([run.code, run.json()["placements"]]).toEqual([0, [{ artifact: "a", from: "a.md", to: null, rule: null }]]);
  });

  it("fails, with both traces, when a process elsewhere selects otherwise (HYD-03, ALR-03)", async () => {
    const root = governed();
    const own = (await gov(root, "resolve", "--format", "json")).out;
    const argv = ["hydrate", "--dry-run", "--sentinel", "--format", "json"] as const;
    const asked: unknown[] = [];
    const agreeing = await govWith({ rerun: async (words, env) => (asked.push([words, env]), own) }, root, ...argv);
    expect([agreeing.code, agreeing.json()["sentinel"]]).toEqual([0, { ok: true, differences: [] }]);
    expect(asked).toEqual(
      [
        ["de_DE.UTF-8", "America/Los_Angeles"],
        ["sv_SE.UTF-8", "Pacific/Kiritimati"],
      ].map(([locale, zone]) => [["resolve", "--root", root, "--format", "json"], { LC_ALL: locale, LANG: locale, TZ: zone }]),
    );
    const other = own.replaceAll('"the only candidate"', '"something else"');
    const differing = await govWith({ rerun: async (_words, env) => (env["LANG"] === "sv_SE.UTF-8" ? other : own) }, root, ...argv);
    expect([differing.code, new Set(codesOf(differing).map(String))]).toEqual([1, new Set(["HYDRATION_NONDETERMINISM,error"])]);
    const events = differing.json()["events"] as readonly { readonly name: string; readonly fields: object }[];
    expect(events.at(-1)).toMatchObject({
      name: "hydration.nondeterministic",
      fields: { first: { run: "as given" }, second: { run: "sv_SE.UTF-8, Pacific/Kiritimati", trace: [{ reason: "something else" }] } },
    });
    const failed = await govWith({ rerun: async () => '{"ok":false}' }, root, ...argv);
    expect([failed.code, failed.out.includes("CLI_SENTINEL_FAILED")]).toEqual([3, true]);
  });
});

describe("gov resolve --explain", () => {
  it("tells each document that lost and the rule that decided; without it only the winner (HYD-06)", async () => {
    const root = governed();
    write(root, "frameworks/planning-be/z.md", `---\nid: ${cycle}-story-map\nversion: 9.0.0\nstatus: draft\nkind: story_map\n---\n`);
    commit(root, 1_800_000_000);
    const plain = await gov(root, "resolve", `${cycle}-story-map`);
    expect(plain.out).toBe(`✔ ${cycle}-story-map is ${places.storyMap}, by the rule approved, before 1 more\n`);
    const explained = await gov(root, "resolve", `${cycle}-story-map`, "--explain");
    expect(explained.out).toContain("lost frameworks/planning-be/z.md: status draft ranks behind status approved [approved]");
    const all = await gov(root, "resolve", "--explain");
    expect(all.out).toContain("11 ids, 1 of them with several documents");
    expect(all.out).toContain("lost frameworks/planning-be/z.md");
  });

  it("selects every document of this repository, each alone under its id (HYD-01)", async () => {
    const run = await gov(governance, "resolve", "--format", "json");
    const selections = run.json()["selections"] as readonly { readonly outcome: string; readonly trace: readonly unknown[] }[];
    expect([run.code, selections.length]).toEqual([0, 13]);
    for (const { outcome, trace } of selections) expect([outcome, trace.length]).toEqual(["selected", 1]);
  });
});

describe("gov contract check", () => {
  it("finds this repository's framework as its contract says, by either name (SCH-05, B-37)", async () => {
    for (const name of [[], ["framework1"], ["fwk-001"]]) {
      const run = await gov(governance, "contract", "check", ...name, "--format", "json");
      expect([run.code, run.json()]).toEqual([0, { ok: true, framework: "framework1", artifacts: 5, violations: [], findings: [] }]);
    }
  });

  it("names artifact and rule of what is missing, misplaced or unknown, and another framework (SCH-05, ENV-07)", async () => {
    const root = governed();
    write(root, "frameworks/planning-be/note.md", "---\nid: note\nversion: 1.0.0\nstatus: draft\n---\n");
    change(root, "gov.yaml", (text) => text.replace('"frameworks/**"', '"frameworks/**", "docs/**"'));
    write(root, "docs/note.md", "---\nid: outside\nversion: 1.0.0\nstatus: draft\n---\n");
    const run = await gov(root, "contract", "check", "--format", "json");
    const violations = run.json()["violations"] as readonly {
      readonly code: string;
      readonly artifact: string | null;
      readonly rule: string;
    }[];
    expect([run.code, violations.map(({ code, artifact, rule }) => [code.slice(19), artifact, rule])]).toEqual([
      1,
      [
        ["KIND", "note", "framework1/artifacts"],
        ["MISSING", null, "framework1/artifacts/3"],
        ["MISSING", null, "framework1/artifacts/4"],
      ],
    ]);
    const other = await gov(root, "contract", "check", "framework2", "--format", "json");
    expect(other.code).toBe(1);
    expect(codesOf(other)).toContainEqual(["HYDRATION_CONTRACT_FRAMEWORK", "error"]);
  });

  it("merges what gates say of states and gate checks, each violation once (SCH-05)", async () => {
    const root = governed();
    change(root, "rules/framework_contract_framework1.mdc", (text) =>
      text
        .replace("states: [PLANNED, ", "states: [")
        .replace("gates: [parity_coverage]", "gates: [parity_coverage, unheard_of]")
        .replaceAll("required: true", "required: false"),
    );
    const run = await gov(root, "contract", "check", "--format", "json");
    expect([run.code, findingsOf(run).map(({ code, message }) => [code, /state PLANNED|"unheard_of"/.exec(message)?.[0]])]).toEqual([
      1,
      [
        ["GATES_FRAMEWORK_BROKEN", '"unheard_of"'],
        ["GATES_FRAMEWORK_BROKEN", "state PLANNED"],
      ],
    ]);
  });

  it("says so where no contract is in force", async () => {
    const run = await gov(folder({ "gov.yaml": "version: 1\n" }), "contract", "check");
    expect([run.code, run.err.includes("CLI_NO_CONTRACT")]).toEqual([3, true]);
  });
});

describe("gates on selection, routing and the framework", () => {
  const gates = `gates:
  audit_gate: { triggers: [], validators: [{ type: routing_conflicts }] }
  verification_gate: { triggers: [], validators: [{ type: hydration_determinism }] }
  contract_gate: { triggers: [], validators: [{ type: framework_contract }] }
`;

  it("pass on the evidence of a sound root, and audit_gate fails for conflicting routes (GAT-02, GAT-03, RTE-02, HYD-03)", async () => {
    const root = governed();
    change(root, "rulebook.yaml", (text) => text + gates);
    change(root, "rules/framework_contract_framework1.mdc", (text) => text.replaceAll("required: true", "required: false"));
    for (const gate of ["audit_gate", "verification_gate", "contract_gate"])
      expect([gate, (await gov(root, "gate", cycle, gate)).code]).toEqual([gate, 0]);
    change(root, routing, addRoute("rival", "{ kind: be_backlog }", "elsewhere/{cycle_id}.yaml"));
    const run = await gov(root, "gate", cycle, "audit_gate", "--format", "json");
    expect(run.code).toBe(1);
    expect(new Set(findingsOf(run).map(({ code }) => code))).toEqual(new Set(["GATES_ROUTING_CONFLICT"]));
  });
});
