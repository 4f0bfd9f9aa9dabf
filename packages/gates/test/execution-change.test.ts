import { type ChangeRequest, changeTypes, planChange } from "@gov/gates";
import { type JsonObject, validateKind } from "@gov/schema";
import { describe, expect, it } from "vitest";

const request: ChangeRequest = { type: "deviation", task: "T-1", description: "The index is rebuilt twice", by: "ada" };
const world = { cycle: "PLN-BE-2026-01", log: null, tasks: ["T-1"], at: "2026-01-10T09:00:00Z" };
const plan = (changes: Partial<ChangeRequest> = {}, log: JsonObject | null = null) =>
  planChange({ ...request, ...changes }, { ...world, log });
const problems = (...given: Parameters<typeof plan>) => {
  const planned = plan(...given);
  return planned.ok ? [] : planned.findings.map(({ code, message }) => (code === "GATES_CHANGE_REFUSED" ? message : code));
};

describe("planChange()", () => {
  it("gives each kind of change the next free number, in the shape of the schema (LIF-16, ART-15)", () => {
    const log = { version: "1.0.0", cycle_id: world.cycle, changes: [{ id: "CHG-2" }, "odd"] };
    const first = plan();
    expect(first).toEqual({
      ok: true,
      change: {
        id: "CHG-1",
        type: "deviation",
        task_id: "T-1",
        description: request.description,
        recorded_at: world.at,
        recorded_by: "ada",
      },
    });
    const scope = plan({ type: "scope_change", pointsDelta: -3, approvedBy: "bob" });
    const exception = plan({ type: "exception_approval", approvedBy: "bob", expiresAt: "2026-02-01T00:00:00Z" });
    for (const planned of [first, scope, exception]) {
      const changes = planned.ok ? [planned.change] : [];
      expect(changes).toHaveLength(1);
      expect(validateKind("execution_change_log", { version: "1.0.0", cycle_id: world.cycle, changes })).toEqual([]);
    }
    const known = plan({ description: "Another" }, { ...log, changes: first.ok ? [{ ...first.change, id: "CHG-2" }] : [] });
    expect(known.ok ? known.change["id"] : null).toBe("CHG-3");
    expect(changeTypes).toEqual(["deviation", "scope_change", "exception_approval"]);
  });

  it("records nothing twice: what is there already is named (PLN-08)", () => {
    const first = plan();
    const log = { version: "1.0.0", cycle_id: world.cycle, changes: first.ok ? [first.change] : [] };
    expect(problems({}, log)).toEqual(['It was recorded already, as "CHG-1"']);
    expect(problems({ approvedBy: "bob" }, log)).toEqual([]);
  });

  it("refuses what belongs to no task, says nothing, or lets somebody allow their own exception (LIF-16)", () => {
    expect(problems({ task: "T-9" })).toEqual(['"T-9" is no task of the plan']);
    expect(problems({ description: " " })).toContain("Nobody said what went otherwise than planned");
    expect(problems({ type: "exception_approval" })).toEqual(["An exception needs somebody who allowed it"]);
    expect(problems({ type: "exception_approval", approvedBy: " Ada " })).toEqual(["ada reports it and cannot be who allowed it"]);
    expect(problems({ pointsDelta: 1 })).toEqual(["Only a change of scope changes points"]);
    expect(problems({ expiresAt: "2026-02-01T00:00:00Z" })).toEqual(["Only an exception has an end"]);
    expect(problems({}, { cycle_id: "PLN-BE-2026-02" })).toEqual(['The log of changes is that of cycle "PLN-BE-2026-02"']);
    expect(problems({ type: "exception_approval", approvedBy: "bob", expiresAt: "soon" })).not.toEqual([]);
  });
});
