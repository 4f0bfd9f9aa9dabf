import { existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { nodeWorld } from "../src/node-world.ts";
import { findingsOf, folder, gov, govWith, write } from "./harness.ts";

const rulebook = (more: string, status = "approved") =>
  `version: 1.0.0\nmetadata: { id: rulebook, version: 1.0.0, status: ${status}, kind: rulebook, title: Shared, owners: [acme] }\n${more}`;
const severity = (code: string, word: string) => `severities: { ${code}: ${word} }\n`;
const dangling = "---\nid: a\nversion: 1.0.0\nstatus: draft\n---\n\n# A\n";

/** A root below a repository that has a package installed as pnpm does: by a link. */
function repository(gov: string, shared: string) {
  const top = folder({
    "store/rules/package.json": "{}",
    "store/rules/rulebook.yaml": shared,
    "docs/gov.yaml": gov,
    "docs/a.md": dangling,
  });
  mkdirSync(join(top, "node_modules/@acme"), { recursive: true });
  symlinkSync(join(top, "store/rules"), join(top, "node_modules/@acme/rules"));
  return { top, root: join(top, "docs") };
}

const hashOf = async (root: string) => String((await gov(root, "status", "--format", "json")).json()["rulebookHash"]);
const severitiesOf = async (root: string) =>
  findingsOf(await gov(root, "check", "--no-cache", "--format", "json")).map(({ code, severity: word }) => `${code} ${word}`);

describe("extends", () => {
  it("puts the rulebook of an installed package below the root's own, and its digest into the rulebook hash (SCH-16)", async () => {
    const { top, root } = repository(
      "version: 1\nextends: '@acme/rules'\nrules: [rulebook.yaml]\n",
      rulebook(severity("SCHEMA_RULE_DEFAULT", "error")),
    );
    write(root, "rulebook.yaml", rulebook(""));
    expect(await severitiesOf(root)).toEqual(["SCHEMA_RULE_DEFAULT error"]);
    const before = await hashOf(root);
    write(root, "rulebook.yaml", rulebook(severity("SCHEMA_RULE_DEFAULT", "warning")));
    expect(await severitiesOf(root)).toEqual(["SCHEMA_RULE_DEFAULT warning"]);
    write(root, "rulebook.yaml", rulebook(""));
    expect(await hashOf(root)).toBe(before);
    // Not a rule has changed, but the bytes of the package.
    write(top, "store/rules/rulebook.yaml", `${readFileSync(join(top, "store/rules/rulebook.yaml"), "utf8")}# newer\n`);
    expect(await hashOf(root)).not.toBe(before);
    expect((await gov(root, "config")).out).toMatch(/extends +gov\.yaml +\["@acme\/rules"\]/);
  });

  it("takes files beside the configuration or elsewhere, the last the strongest", async () => {
    const config = "version: 1\nextends: [../weak.yaml, ./strong.yaml]\nrules: [rulebook.yaml]\n";
    const { top, root } = repository(config, rulebook(""));
    write(top, "weak.yaml", rulebook(`${severity("SCHEMA_RULE_DEFAULT", "error")}kpis: { k: { formula: "1", unit: x, target: 1 } }\n`));
    write(root, "strong.yaml", rulebook(severity("SCHEMA_RULE_DEFAULT", "warning")).replace("id: rulebook", "id: strong"));
    write(root, "rulebook.yaml", rulebook(""));
    expect(await severitiesOf(root)).toEqual(["SCHEMA_RULE_DEFAULT warning"]);
    const before = await hashOf(root);
    write(root, "gov.yaml", config.replace("../weak.yaml, ./strong.yaml", "./strong.yaml, ../weak.yaml"));
    expect([await severitiesOf(root), (await hashOf(root)) === before]).toEqual([["SCHEMA_RULE_DEFAULT error"], false]);
  });

  it.each([
    ["'@acme/absent'", rulebook(""), "CLI_EXTENDS_MISSING", "install it"],
    ["./absent.yaml", rulebook(""), "CLI_EXTENDS_MISSING", "relative to the folder of gov.yaml"],
    ["'@acme/rules/absent.yaml'", rulebook(""), "CLI_EXTENDS_MISSING", "install it"],
    ["'@acme/rules'", "a: [\n", "CLI_EXTENDS_UNUSABLE", ""],
    ["'@acme/rules/../../x'", rulebook(""), "CLI_CONFIGURATION_INVALID", "neither a file nor a package"],
    ["/etc/passwd", rulebook(""), "CLI_CONFIGURATION_INVALID", "neither a file nor a package"],
    ["'@acme/rules'", rulebook("", "draft"), "SCHEMA_RULE_NOT_APPROVED", "it is not in force"],
    ["'@acme/rules'", rulebook("gates: 7\n"), "SCHEMA_VIOLATION", "@acme/rules"],
  ])("refuses %s that cannot be used, saying why", async (source, shared, code, says) => {
    const { root } = repository(`version: 1\nextends: ${source}\n`, shared);
    const run = await gov(root, "check");
    expect(run.code).not.toBe(0);
    expect(run.out + run.err).toContain(code);
    expect(run.out + run.err).toContain(says);
    expect((await gov(root, "status")).code).toBe(3);
  });

  it("is seen by the cache: another version of the package is checked anew (SCH-16)", async () => {
    const { root, top } = repository("version: 1\nextends: '@acme/rules'\nrules: [rulebook.yaml]\n", rulebook(""));
    write(root, "rulebook.yaml", rulebook(""));
    write(root, ".gov/.gitignore", "*\n");
    const later = { clock: { now: () => Date.now() + 60_000, monotonicMs: () => 0 }, stamps: nodeWorld("0").stamps };
    const check = async () => findingsOf(await govWith(later, root, "check", "--format", "json")).map(({ severity: word }) => word);
    expect([await check(), await check()]).toEqual([["note"], ["note"]]);
    expect(existsSync(join(root, ".gov/cache"))).toBe(true);
    write(top, "store/rules/rulebook.yaml", rulebook(severity("SCHEMA_RULE_DEFAULT", "error")));
    expect(await check()).toEqual(["error"]);
  });
});
