import { cpSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { seedOutputs } from "../src/root/seed-outputs.ts";
import { governed, places } from "./governed.ts";
import { commit, findingsOf, folder, gov, govWith, listing, type Run, write } from "./harness.ts";

const workspace = fileURLToPath(new URL("../../../", import.meta.url));

const marksOf = (run: Run) =>
  Object.fromEntries(
    (run.json()["examined"] as readonly { readonly name: string; readonly mark: string }[]).map(({ name, mark }) => [name, mark]),
  );

describe("gov doctor", () => {
  it("finds a sound root sound, changes nothing, and says of each thing that is not what to do", async () => {
    const root = governed();
    await gov(root, "index");
    await gov(root, "key", "new", join(folder(), "ann.pem"), "--person", "ann", "--role", "planning_lead", "--policy", "trust_policy.yaml");
    commit(root);
    const before = listing(root);
    const sound = await gov(root, "doctor", "--format", "json");
    expect([sound.code, findingsOf(sound).filter(({ severity }) => severity === "error")]).toEqual([0, []]);
    expect(listing(root)).toEqual(before);
    expect(marksOf(sound)).toMatchObject({
      documents: "pass",
      routes: "pass",
      permissions: "pass",
      log: "pass",
      trust: "pass",
      git: "pass",
    });

    write(root, places.storyMap, "---\nid: [\n---\n");
    write(root, places.log, "{}\n");
    write(root, "artifacts_index.json", "{");
    write(root, "trust_policy.yaml", "version: 9\n");
    const env = { MEMORY_STORAGE_ROOT: "relative", GOV_SIGNING_KEY: "/nowhere/key.pem" };
    const sick = await govWith({ env }, root, "doctor", "--format", "json");
    expect(sick.code).toBe(1);
    expect(marksOf(sick)).toMatchObject({ documents: "fail", log: "fail", index: "fail", trust: "fail", "signing key": "fail" });
    const hinted = findingsOf(sick).filter(({ hint }) => hint !== undefined && hint !== null);
    expect(hinted.map(({ message }) => message.split(":")[0])).toEqual(expect.arrayContaining(["documents", "log", "index"]));
  });

  it("looks at the environment, and goes on where there are no rules or no repository", async () => {
    const env = { MEMORY_STORAGE_ROOT: "relative" };
    expect(marksOf(await govWith({ env }, governed(), "doctor", "--format", "json"))).toMatchObject({ environment: "fail" });
    const bare = await gov(folder(), "doctor", "--format", "json");
    expect([bare.code, marksOf(bare)]).toEqual([1, { "configuration and rules": "fail", git: "warn" }]);
    expect((await gov(folder(), "doctor")).out).toContain("gov init writes one; where there are documents already, gov migrate does");
  });
});

describe("gov doctor --outputs", () => {
  it("lists what seeds 0 and 1 name, with what it is here; every one is there (PLN-10)", async () => {
    const run = await gov(workspace, "doctor", "--outputs");
    expect([run.code, run.err]).toEqual([0, ""]);
    expect(run.out).toMatch(/^ *1 +T-003 +redact_filter\.py +createRedactor\(\) +packages\/telemetry\/src\/redact\/create-redactor\.ts/m);
    expect(run.out).toContain(`${seedOutputs.length} of ${seedOutputs.length} outputs are there`);
    const named = seedOutputs.map(({ name }) => name).join(" ");
    const row = /^\| PLN-10 \|([^|]*)\|/m.exec(readFileSync(join(workspace, "docs/requirements.md"), "utf8"))?.[1] ?? "";
    const wanted = row.match(/[a-z]+(?:_[a-z]+)+(?:\.[a-z]+)?/g) ?? [];
    expect(wanted.length).toBeGreaterThan(20);
    for (const name of wanted) expect([name, named.includes(name)]).toEqual([name, true]);
    expect(new Set(seedOutputs.map(({ seed, task }) => `${seed} ${task}`)).size).toBe(12 + 25);
  });

  it("fails for each that is missing or empty, and elsewhere says where it works (PLN-10)", async () => {
    const copy = folder({ "packages/schema/package.json": "{}" });
    for (const { path } of seedOutputs) {
      cpSync(join(workspace, path), join(copy, path));
    }
    expect((await gov(join(copy, "packages"), "doctor", "--outputs")).code).toBe(0);
    for (const { path, name } of [seedOutputs[0], seedOutputs.at(-1)].flatMap((one) => (one === undefined ? [] : [one]))) {
      write(copy, path, "");
      const run = await gov(copy, "doctor", "--outputs", "--format", "json");
      expect([run.code, findingsOf(run).some(({ message }) => message.includes(name))]).toEqual([1, true]);
      cpSync(join(workspace, path), join(copy, path));
    }
    expect((await gov(dirname(folder()), "doctor", "--outputs")).err).toContain("CLI_NO_WORKSPACE");
  });
});
