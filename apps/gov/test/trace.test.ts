import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cycle, governed, places } from "./governed.ts";
import { findingsOf, gov, write } from "./harness.ts";

describe("gov trace", () => {
  it("follows tasks over stories to KPIs, and says which lead nowhere or lack a field of the preset (ART-13, ART-12, B-11)", async () => {
    const root = governed();
    const traced = await gov(root, "trace", cycle, "--format", "json");
    expect(traced.code).toBe(0);
    const { tasks, unlinked } = JSON.parse(traced.out) as {
      readonly tasks: readonly { readonly task: string; readonly stories: readonly string[]; readonly kpis: readonly string[] }[];
      readonly unlinked: number;
    };
    expect(unlinked).toBe(0);
    expect(tasks[1]).toMatchObject({ task: "PLN-BE-002", stories: ["SM-002", "SM-003"] });
    expect(tasks[1]?.kpis).toContain("cycle_time");

    const backlog = readFileSync(join(root, places.backlog), "utf8");
    write(
      root,
      places.backlog,
      backlog.replace("linked_story_map_nodes: [SM-001]", "linked_story_map_nodes: [SM-999]").replace(/\n {4}priority: .*/, ""),
    );
    const broken = await gov(root, "trace", cycle, "--unlinked");
    expect(broken.code).toBe(1);
    expect(broken.out).toContain('Task "PLN-BE-001" links to story "SM-999", which the map does not have');
    expect(broken.out).toContain('Work item "PLN-BE-001" has no "priority"');
    expect(broken.out).toMatch(/9 tasks, 1 unlinked/);
    expect(broken.out).not.toMatch(/^ +PLN-BE-002/m);
  });

  it("counts in a KPI of the rulebook only the tasks of its stories, where it names some (ART-13)", async () => {
    const root = governed();
    const rulebook = readFileSync(join(root, "rulebook.yaml"), "utf8");
    const kpi = 'kpis:\n  rework: { formula: "reworked", unit: count, target: 0, direction: at_most, counts: [SM-004] }\n';
    write(root, "rulebook.yaml", rulebook + kpi);
    const traced = await gov(root, "trace", cycle, "--format", "json");
    const { tasks } = JSON.parse(traced.out) as { readonly tasks: readonly { readonly task: string; readonly kpis: readonly string[] }[] };
    expect(tasks.filter(({ kpis }) => kpis.includes("rework")).map(({ task }) => task)).toEqual(["PLN-BE-003", "PLN-BE-004"]);
  });

  it("refuses a cycle without a plan", async () => {
    const run = await gov(governed(), "trace", "PLN-BE-1999-01");
    expect([run.code, run.err.includes('No plan of cycle "PLN-BE-1999-01" is there')]).toEqual([3, true]);
  });
});

describe("gov migrate formats", () => {
  const kpis = "# ours\nkpis:\n  cycle_time: { formula: avg(days), unit: days, target: 3 } # of the seed\n";

  it("lists what is written in an older version, brings it to the newest when asked, and changes nothing the second time (SCH-07)", async () => {
    const root = governed();
    const path = "frameworks/planning-be/kpi_config.yaml";
    write(root, path, kpis);
    const listed = await gov(root, "migrate", "formats");
    expect([listed.code, readFileSync(join(root, path), "utf8")]).toEqual([0, kpis]);
    expect(listed.out).toContain("Would bring 1 document to the newest version");
    const brought = await gov(root, "migrate", "formats", "--write", "--actor", "ann");
    expect([brought.code, brought.out.includes("Brought 1 document to the newest version")]).toEqual([0, true]);
    const text = readFileSync(join(root, path), "utf8");
    expect(text).toMatch(/^# ours\n.*"direction": "at_most" \} # of the seed\n\$schema: urn:gov:schema:kpi_config:2\n$/s);
    const again = await gov(root, "migrate", "formats", "--write", "--actor", "ann");
    expect([again.code, again.out.includes("Every document has the newest version")]).toEqual([0, true]);
    expect(readFileSync(join(root, path), "utf8")).toBe(text);
  });

  it("leaves a document alone that is no UTF-8, and writes one by the name it has on the disk (SCH-07)", async () => {
    const root = governed();
    const path = "frameworks/planning-be/u\u0308/kpi_config.yaml";
    write(root, path, "");
    const torn = Buffer.from(kpis.replace("ours", "o\xfcrs"), "latin1");
    writeFileSync(join(root, path), torn);
    const refused = await gov(root, "migrate", "formats", "--write", "--actor", "ann", "--format", "json");
    expect([refused.code, findingsOf(refused).map(({ code, line }) => [code, line])]).toEqual([1, [["SCHEMA_NOT_UTF8", 1]]]);
    expect(readFileSync(join(root, path))).toEqual(torn);
    write(root, path, kpis);
    expect((await gov(root, "migrate", "formats", "--write", "--actor", "ann")).code).toBe(0);
    expect(readFileSync(join(root, path), "utf8")).toContain("kpi_config:2");
    expect(readdirSync(join(root, "frameworks/planning-be"))).not.toContain("\u00fc");
  });

  it("refuses by name a format newer than known, and writes nothing (SCH-07)", async () => {
    const root = governed();
    const path = "frameworks/planning-be/kpi_config.yaml";
    const newer = `$schema: urn:gov:schema:kpi_config:9\n${kpis}`;
    write(root, path, newer);
    const run = await gov(root, "migrate", "formats", "--write", "--actor", "ann");
    expect(run.code).toBe(1);
    expect(run.out).toMatch(/kpi_config.*9|9.*kpi_config/);
    expect(readFileSync(join(root, path), "utf8")).toBe(newer);
  });
});
