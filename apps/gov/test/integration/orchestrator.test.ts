import type { JsonObject } from "@gov/schema";
import { presets } from "@gov/schema/presets";
import { foldCycle, isLifecycleEntry } from "@gov/gates/lifecycle";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { changeLog, cycle, governed, places } from "../governed.ts";
import { folder, gov, write } from "../harness.ts";
import { serveRoot } from "../served.ts";

/** What the log adds up to, folded by the library from the bytes of the file. */
function stateInLog(root: string): string | null {
  const entries = readFileSync(join(root, places.log), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { readonly kind: string; readonly payload: JsonObject })
    .map(({ payload }) => payload["event"] as JsonObject)
    .filter(isLifecycleEntry);
  return foldCycle(entries, { entityId: cycle, table: presets.be.lifecycle }).state;
}

describe("the orchestrator vertical: gates, lifecycle, log and every mirror of a state together", () => {
  it("shows one state in the log, in the command, in the status and on the page, after each transition and each refusal (QAC-03)", async () => {
    const root = governed();
    const key = join(folder(), "lead.pem");
    await gov(root, "key", "new", key, "--person", "lead", "--role", "planning_lead", "--policy", "trust_policy.yaml");
    const steps = [
      ["create_plan", "PLANNED", true],
      ["begin_execution", "PLANNED", false],
      ["validate_complete", "READY_FOR_HANDOFF", true],
      ["package_artifacts", "PACKAGED", true],
      ["begin_execution", "PACKAGED", false],
      ["begin_execution", "EXECUTED", true],
      ["execution_failed", "PACKAGED", true],
    ] as const;
    let refused = 0;
    for (const [event, state, passes] of steps) {
      if (event === "begin_execution" && passes) {
        await gov(root, "manifest", "seal", cycle, "--key", key);
        write(root, places.changeLog, changeLog());
      }
      expect([event, (await gov(root, "cycle", cycle, event)).code]).toEqual([event, passes ? 0 : 1]);
      if (!passes) refused += 1;
      const shown = (await gov(root, "cycle", cycle, "--format", "json")).json()["cycles"];
      await using dashboard = await serveRoot(root);
      const page = await (await fetch(dashboard.url)).text();
      expect([
        event,
        stateInLog(root),
        shown,
        (await gov(root, "status")).out.includes(`${cycle} ${state}`),
        page.includes(`aria-current="step">${state}`),
      ]).toEqual([event, state, [expect.objectContaining({ id: cycle, state })], true, true]);
    }
    expect(refused).toBe(2);
  });
});
