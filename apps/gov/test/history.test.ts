import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { advance, cycle, governed, issueList, places, toPackaged } from "./governed.ts";
import { commit, findingsOf, folder, gov, govWith, write } from "./harness.ts";

const hour = 3_600_000;
const start = Date.UTC(2026, 10, 21, 9);

/** A root with a key that the trust policy trusts, and calls at other hours. */
async function signing() {
  const root = governed();
  const keys = folder();
  const key = join(keys, "ann.pem");
  await gov(root, "key", "new", key, "--person", "ann", "--role", "planning_lead", "--policy", "trust_policy.yaml");
  const later = (hours: number, ...argv: readonly string[]) =>
    govWith({ clock: { now: () => start + hours * hour, monotonicMs: () => 0 }, env: { GOV_SIGNING_KEY: key } }, root, ...argv);
  await advance(root, ...toPackaged);
  commit(root, start / 1000 - 60);
  return { root, key, keys, later };
}

describe("gov seal", () => {
  it("goes on with a seal that was interrupted before its envelope, and with no other (MAN-08)", async () => {
    const { root, later } = await signing();
    expect((await later(0, "seal", cycle)).code).toBe(0);
    const [manifest, envelope] = [places.manifest, `${places.manifest}.dsse.json`].map((path) => join(root, path)) as [string, string];
    const before = [manifest, envelope].map((path) => readFileSync(path, "utf8"));
    rmSync(envelope);
    commit(root, start / 1000 + 60);
    expect((await later(1, "verify")).code).toBe(5);
    expect((await later(2, "seal", cycle)).code).toBe(0);
    expect([manifest, envelope].map((path) => readFileSync(path, "utf8"))).toEqual(before);
    rmSync(envelope);
    write(root, places.storyMap, `${readFileSync(join(root, places.storyMap), "utf8")}\n`);
    commit(root, start / 1000 + 120);
    expect((await later(2.5, "gate", cycle, "--record")).code).toBe(0);
    const other = await later(3, "seal", cycle);
    expect([other.code, other.err.includes("MANIFEST_ALREADY_SEALED")]).toEqual([3, true]);
  });

  it("makes the dry run that a preset asks for before the handoff, of the documents as they stand (GAT-25)", async () => {
    const root = folder();
    await gov(root, "init", "--yes", "--preset", "fe", "--cycle", "PLN-FE-1");
    commit(root);
    const gate = await gov(root, "gate", "PLN-FE-1", "handoff_dry_run", "--format", "json");
    expect([gate.code, findingsOf(gate)]).toEqual([0, []]);
  });
});

describe("gov seal, its state and its dry run", () => {
  it("seals where the preset does and nowhere else, after a dry run that the log tells of (GAT-25, B-05)", async () => {
    const { root, later } = await signing();
    const codes = async (...argv: readonly string[]) => {
      const run = await later(0, ...argv, "--format", "json");
      return [run.code, findingsOf(run).map(({ code }) => code)];
    };
    const log = readFileSync(join(root, places.log), "utf8");
    expect(log.trimEnd().split("\n")).toHaveLength(4);
    write(root, places.log, `${log.split("\n").slice(0, 1).join("\n")}\n`);
    expect(await codes("seal", cycle)).toEqual([1, ["MANIFEST_REHEARSAL_MISSING", "MANIFEST_SEAL_STATE"]]);
    rmSync(join(root, places.log));
    expect(await codes("seal", cycle)).toEqual([1, ["MANIFEST_REHEARSAL_MISSING", "MANIFEST_SEAL_STATE"]]);
    write(root, places.log, log);
    expect(await codes("seal", cycle)).toEqual([0, []]);
  });

  it("keeps what a dry run found until the next one, and never goes by one that did not pass (GAT-25)", async () => {
    const { root, later } = await signing();
    const issues = join(root, "VERIFICATION/qa/issue_list.yaml");
    const none = readFileSync(issues, "utf8");
    const record = () => later(0, "gate", cycle, "--record");
    writeFileSync(issues, issueList("[{ id: I-1, title: Broken, severity: critical, status: open }]"));
    expect((await record()).code).toBe(1);
    const last = () => JSON.stringify(JSON.parse(readFileSync(join(root, places.log), "utf8").trimEnd().split("\n").at(-1) ?? ""));
    expect(readFileSync(join(root, places.log), "utf8")).toContain('"findings":["MANIFEST_CRITICAL_NOT_ZERO","MANIFEST_GATE_NOT_PASSED"]');
    writeFileSync(issues, none);
    const refused = await later(0, "seal", cycle);
    expect([refused.code, refused.out]).toEqual([1, expect.stringContaining("MANIFEST_REHEARSAL_FAILED")]);
    await record();
    const told = last();
    await record();
    expect(last()).toBe(told);
    expect((await later(0, "seal", cycle)).code).toBe(0);
  });

  it("leaves no cycle behind that could never be sealed: sealed at its handoff, it goes on only with its manifest (B-05)", async () => {
    const root = folder();
    const key = join(folder(), "ann.pem");
    await gov(root, "init", "--yes", "--preset", "fe-c11", "--cycle", "PLN-FE-1");
    for (const path of [
      "breakdowns/PLN-FE-1-fe_task_breakdown.yaml",
      "contracts/PLN-FE-1-dependency_contracts.yaml",
      "storymaps/PLN-FE-1-story_map.md",
    ]) {
      const file = `frameworks/planning-fe/${path}`;
      const text = readFileSync(join(root, file), "utf8");
      write(
        root,
        file,
        text
          .replace("status: draft", "status: approved")
          .replace("nodes: [SM-001]", "nodes: [SM-001, SM-002]")
          .replace("version: 0.1.0", "version: 1.0.0"),
      );
    }
    write(root, "VERIFICATION/qa/issue_list.yaml", issueList("[]"));
    write(root, "gov.yaml", `${readFileSync(join(root, "gov.yaml"), "utf8")}evidence: { issues: VERIFICATION/qa/issue_list.yaml }\n`);
    commit(root);
    await gov(root, "key", "new", key, "--person", "ann", "--role", "planning_lead", "--policy", "trust_policy.yaml");
    const send = (event: string) => gov(root, "cycle", "PLN-FE-1", event, "--format", "json");
    for (const event of ["create_plan", "validate_complete"]) expect([event, (await send(event)).code]).toEqual([event, 0]);
    const tooEarly = await send("package_artifacts");
    expect([tooEarly.code, findingsOf(tooEarly).map(({ message }) => message)]).toEqual([
      1,
      [expect.stringContaining('manifest_published: manifest "PLN-FE-1" is not sealed')],
    ]);
    expect((await gov(root, "seal", "PLN-FE-1", "--key", key)).code).toBe(0);
    expect((await send("package_artifacts")).code).toBe(0);
  });
});

describe("gov verify", () => {
  it("proves what a key sealed before it was rotated, and nothing that it seals afterwards (MAN-08)", async () => {
    const { root, keys, later } = await signing();
    expect((await later(0, "seal", cycle)).code).toBe(0);
    commit(root, start / 1000 + 60);
    expect((await later(1, "key", "rotate", join(keys, "new.pem"), "--person", "ann")).code).toBe(0);
    expect((await later(2, "verify")).code).toBe(0);
    // What the old key signs now is committed too late, whatever time it gives itself.
    for (const path of [places.manifest, `${places.manifest}.dsse.json`]) rmSync(join(root, path));
    commit(root, start / 1000 + 2 * 3600);
    expect((await later(0.5, "seal", cycle)).code).toBe(0);
    commit(root, start / 1000 + 3 * 3600);
    const late = await later(4, "verify", "--format", "json");
    expect([late.code, findingsOf(late).map(({ code }) => code)]).toEqual([5, expect.arrayContaining(["MANIFEST_KEY_NOT_VALID_THEN"])]);
  });
});

describe("gov verify --all", () => {
  it("verifies manifests, log, cycles, snapshots and index in one command, and names what is broken of each (TEL-06, MAN-08)", async () => {
    const { root, later } = await signing();
    expect((await later(0, "seal", cycle)).code).toBe(0);
    await later(0, "snapshot", "take");
    await later(0, "index");
    commit(root, start / 1000 + 60);
    const whole = await later(1, "verify", "--all");
    expect([whole.code, whole.out]).toEqual([0, expect.stringContaining("snapshots: 1, 1 of them signed")]);
    for (const line of ["log: 4 entries", "cycles: 1, 0 of them complete", "restore: none was cut short", "index: up to date"])
      expect(whole.out).toContain(line);

    const broken = async (path: string, text: string) => {
      const before = readFileSync(join(root, path));
      write(root, path, text);
      const run = await later(1, "verify", "--all", "--format", "json");
      write(root, path, before);
      return [run.code, findingsOf(run).filter(({ severity }) => severity === "error")[0]?.code];
    };
    const log = readFileSync(join(root, places.log), "utf8");
    expect((await broken(places.log, log.replace("PLAN_CREATED", "PLAN_CREATEX")))[0]).toBe(5);
    expect(await broken("artifacts_index.json", "{")).toEqual([5, "CLI_INDEX_DAMAGED"]);
    expect((await broken(places.storyMap, "x"))[0]).toBe(5);
    const objects = join(root, ".gov/store/objects");
    const [first = ""] = readdirSync(objects, { recursive: true, encoding: "utf8" }).filter((name) => /\/[0-9a-f]{62}$/.test(name));
    expect((await broken(`.gov/store/objects/${first}`, "x"))[0]).toBe(5);
    expect((await later(1, "verify", "--all")).code).toBe(0);
  });
});
