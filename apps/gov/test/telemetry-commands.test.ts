import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type AuditEntry, type InclusionProof, type LogCheckpoint, verifyInclusion } from "@gov/telemetry/audit";
import { digestShapes, parseDigest } from "@gov/schema";
import { describe, expect, it } from "vitest";
import { cycle, governed, places } from "./governed.ts";
import { gov, write } from "./harness.ts";

describe("gov audit", () => {
  it("proves an entry to whoever holds the checkpoint, and finds entries by what they say (TEL-06, TEL-08)", async () => {
    const root = governed();
    await gov(root, "cycle", cycle, "create_plan", "--actor", "ann");
    await gov(root, "approve", places.storyMap, "--actor", "ann");
    const { checkpoint } = (await gov(root, "audit", "checkpoint", "--format", "json")).json() as { checkpoint: LogCheckpoint };
    const proven = (await gov(root, "audit", "prove", "1", "--format", "json")).json() as { entry: AuditEntry; proof: InclusionProof };
    expect(verifyInclusion(proven.proof, { leaf: proven.entry.hash, root: checkpoint.root })).toBe(true);
    expect(verifyInclusion(proven.proof, { leaf: checkpoint.hash, root: checkpoint.root })).toBe(checkpoint.seq === 1);
    const found = (await gov(root, "audit", "query", "--kind", "PLAN_CREATED", "--subject", cycle, "--format", "json")).json() as {
      entries: readonly AuditEntry[];
    };
    expect(found.entries.map(({ kind }) => kind)).toEqual(["PLAN_CREATED"]);
    const none = await gov(root, "audit", "query", "--by", "nobody", "--to", "1990-01-01T00:00:00Z");
    expect([none.code, none.out]).toEqual([0, `0 of ${checkpoint.seq} entries\n`]);
  });

  it("answers nothing of a log that was altered, and says so when there is nothing to answer (TEL-06)", async () => {
    const root = governed();
    expect((await gov(root, "audit", "checkpoint")).code).toBe(3);
    expect((await gov(root, "audit", "prove", "1")).code).toBe(3);
    expect((await gov(root, "audit", "prove", "first")).code).toBe(2);
    await gov(root, "cycle", cycle, "create_plan", "--actor", "ann");
    const text = readFileSync(join(root, places.log), "utf8");
    write(root, places.log, `${text.replace("create_plan", "create_plot")}${text}`);
    for (const argv of [["query"], ["checkpoint"], ["prove", "1"]])
      expect([argv, (await gov(root, "audit", ...argv)).code]).toEqual([argv, 5]);
  });
});

describe("gov kpi", () => {
  it("shows what is missing as missing, and refuses inputs that are none (DIG-08)", async () => {
    const root = governed();
    write(root, "in.json", '{ "gates_passed": 3, "total_gates": 4 }');
    const run = await gov(root, "kpi", "c22", "--inputs", "in.json");
    expect(run.out).toMatch(/quality_gate_pass_rate +75 +95 +percentage +missed/);
    expect(run.out).toMatch(/cycle_time +n\/a +3 +days +n\/a/);
    for (const text of ["[]", "{", '{ "gates_passed": "3" }']) {
      write(root, "in.json", text);
      expect([text, (await gov(root, "kpi", "c22", "--inputs", "in.json")).code]).toEqual([text, 3]);
    }
    expect((await gov(root, "kpi", "c99", "--inputs", "in.json")).code).toBe(2);
    expect((await gov(root, "kpi", "c22")).code).toBe(2);
    expect((await gov(root, "kpi", "c22", "--inputs", "none.json")).code).toBe(3);
  });
});

describe("gov alerts and gov perf", () => {
  it("refuse a mode and a report that are none (ALR-12, MET-05)", async () => {
    const root = governed();
    expect((await gov(root, "alerts", "--mode", "loud")).code).toBe(2);
    expect((await gov(root, "alerts")).out).toContain("severity: critical");
    expect((await gov(root, "perf")).code).toBe(2);
    write(root, "junit.xml", "<html/>");
    expect((await gov(root, "perf", "junit.xml")).code).toBe(3);
    expect((await gov(root, "perf", "none.xml")).code).toBe(3);
  });
});

describe("gov digest", () => {
  it.each(digestShapes)("writes the shape %s so that it reads back, and nothing that nobody knows (DIG-07, DIG-08)", async (shape) => {
    const root = governed();
    await gov(root, "cycle", cycle, "create_plan", "--actor", "ann");
    const run = await gov(root, "digest", cycle, "--shape", shape);
    expect([run.code, run.err]).toEqual([0, ""]);
    const read = parseDigest(run.out.replaceAll(/^ {2}/gm, ""));
    expect(read.ok && read.value.shape).toBe(shape);
    expect(run.out).toMatch(/DRAFT/);
    expect((await gov(root, "digest", cycle, "--shape", "c99")).code).toBe(2);
  });
});
