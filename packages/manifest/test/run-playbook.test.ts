import type { FileSystem } from "@gov/atomic-io";
import type { MemoryFileSystem } from "@gov/atomic-io/testing";
import { openJournal } from "@gov/atomic-io/journal";
import { isManifestError } from "@gov/manifest";
import {
  assertNotFrozen,
  assertPlaybook,
  choosePlaybook,
  type EntryLog,
  pipelinePlaybook,
  type Playbook,
  type PlaybookPorts,
  playbookStepKind,
  promotionPlaybook,
  readPromotionState,
  rollbackTriggers,
  runPlaybook,
  type RunPlaybookOptions,
} from "@gov/manifest/promotion";
import { readRestoreMarker, restoreSnapshot } from "@gov/manifest/snapshot";
import { describe, expect, it } from "vitest";
import { createLog } from "./log-fake.ts";
import { brokenFiles, clock, rootOf, sealedFiles, site, stateOf, take, taken, trusted } from "./snapshot-fakes.ts";

const from = site();
const selected = await taken(from);
const old = JSON.stringify(Object.fromEntries(Object.entries(brokenFiles).sort()));
const whole = JSON.stringify(Object.fromEntries(Object.entries(sealedFiles).sort()));
const journal = "/state/promotion";

function portsOn(fs: MemoryFileSystem, calls: string[] = []): PlaybookPorts {
  const note = <T>(name: string, value: T): Promise<T> => (calls.push(name), Promise.resolve(value));
  return {
    // The gate looks at what stands there, as a real one does.
    gate: ({ verbose }) => note(`gate${verbose ? " verbose" : ""}`, JSON.stringify(stateOf(fs)) === whole),
    warm: () => note("warm", undefined),
    health: () => note("health", true),
    quiesce: () => note("quiesce", undefined),
    differences: () => note("differences", ["a/plan.yaml"]),
  };
}

function optionsOn(fs: MemoryFileSystem, more: Partial<RunPlaybookOptions> = {}): RunPlaybookOptions {
  const base = { run: "rollback-1", actor: "ann", journal, root: "/root", ...from, policy: trusted, clock, remove: ["new.md"] };
  return { ...base, log: createLog(), ports: portsOn(fs), fs, ...more };
}

const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "fine",
    (error: unknown) => (isManifestError(error) ? error.code : String(error)),
  );

type Run = (options: RunPlaybookOptions) => Promise<unknown>;

/** Kills or cuts off the run after every call and looks at what is left, then runs it again there. */
async function explore(
  run: Run,
  playbook: Playbook,
  maxImages = 16,
): Promise<Readonly<Record<"points" | "torn" | "thawed" | "unfinished" | "told", number>>> {
  const counts = { points: 0, torn: 0, thawed: 0, unfinished: 0, told: 0 };
  const log = createLog();
  const look = async (image: MemoryFileSystem): Promise<void> => {
    counts.points++;
    const state = JSON.stringify(stateOf(image));
    const { frozen, finished } = await readPromotionState(journal, { fs: image });
    const marked = (await readRestoreMarker("/root", { fs: image })) !== null;
    // Old as it was, or new and verified; whatever lies between is marked and frozen.
    if (!marked && state !== old && state !== whole) counts.torn++;
    if (!frozen && (finished.length === 0 ? state !== old || marked : state !== whole || marked)) counts.thawed++;
    const shared = createLog([...log.entries]);
    const again = optionsOn(image, { log: shared });
    await run(again).catch((error: unknown) => {
      if (!isManifestError(error) || error.code !== "MANIFEST_PLAYBOOK_FINISHED") throw error;
    });
    const after = await readPromotionState(journal, { fs: image });
    if (after.frozen || after.finished.join() !== "rollback-1" || JSON.stringify(stateOf(image)) !== whole) counts.unfinished++;
    if (shared.ids().join() !== playbook.steps.map((step) => `rollback-1/${step}`).join()) counts.told++;
  };
  const fs: MemoryFileSystem = rootOf(brokenFiles, {
    afterCall: async () => {
      await look(fs.afterKill());
      for (const image of fs.crashImages({ maxImages })) await look(image);
    },
  });
  await run(optionsOn(fs, { log }));
  return counts;
}

describe("runPlaybook()", () => {
  it("dies at any of over 500 points as old, or as frozen, or as new and verified, and is resumed to its end, each step told once (PRO-03, PRO-11)", async () => {
    let points = 0;
    for (const playbook of [promotionPlaybook, pipelinePlaybook]) {
      const { points: some, ...wrong } = await explore((options) => runPlaybook(playbook, options), playbook);
      expect(wrong, playbook.id).toEqual({ torn: 0, thawed: 0, unfinished: 0, told: 0 });
      points += some;
    }
    expect(points).toBeGreaterThan(500);
  }, 120_000);

  it("would be caught if it restored before it froze: that is what the exploration is for", async () => {
    const naive: Run = async (options) => {
      await restoreSnapshot("/root", selected, { ...options, clock });
      await runPlaybook(promotionPlaybook, options);
    };
    expect((await explore(naive, promotionPlaybook, 1)).thawed).toBeGreaterThan(0);
  }, 120_000);

  it("runs the rollback of a pipeline in its order (PRO-08)", async () => {
    const fs = rootOf(brokenFiles);
    const calls: string[] = [];
    const log = createLog();
    const report = await runPlaybook(pipelinePlaybook, optionsOn(fs, { log, ports: portsOn(fs, calls) }));
    expect(calls).toEqual(["quiesce", "differences", "health", "gate verbose"]);
    expect(report.steps.map(({ step }) => step)).toEqual(pipelinePlaybook.steps);
    expect(report.steps[2]?.result).toEqual(["a/plan.yaml"]);
    expect(report.snapshot).toBe(selected.digest);
    expect(log.ids()).toEqual(pipelinePlaybook.steps.map((step) => `rollback-1/${step}`));
    expect(await codeOf(runPlaybook(pipelinePlaybook, optionsOn(fs, { log })))).toBe("MANIFEST_PLAYBOOK_FINISHED");
    await assertNotFrozen(journal, { fs, log });
    const next = await runPlaybook(promotionPlaybook, optionsOn(fs, { log, run: "rollback-2" }));
    expect(next.steps).toHaveLength(7);
  });

  it("stays frozen until the gate passes, for every path, here and in other clones (PRO-03)", async () => {
    const fs = rootOf(brokenFiles);
    const log = createLog();
    const failing = optionsOn(fs, { log, ports: { ...portsOn(fs), gate: () => Promise.resolve(false) } });
    for (let attempt = 0; attempt < 2; attempt++)
      expect(await codeOf(runPlaybook(promotionPlaybook, failing))).toBe("MANIFEST_PLAYBOOK_STEP_FAILED");
    expect(await readPromotionState(journal, { fs })).toMatchObject({
      frozen: true,
      run: { name: "rollback-1" },
      snapshot: selected.digest,
    });
    const elsewhere = rootOf({});
    for (const place of [fs, elsewhere])
      expect(await codeOf(assertNotFrozen(journal, { fs: place, log }))).toBe("MANIFEST_PROMOTION_FROZEN");
    expect(await codeOf(assertNotFrozen(journal, { fs, log: createLog() }))).toBe("MANIFEST_PROMOTION_FROZEN");
    for (const place of [fs, elsewhere])
      expect(await codeOf(runPlaybook(promotionPlaybook, optionsOn(place, { log, run: "rollback-2" })))).toBe("MANIFEST_PROMOTION_FROZEN");
    expect(await codeOf(runPlaybook(pipelinePlaybook, optionsOn(fs, { log })))).toBe("MANIFEST_PROMOTION_FROZEN");
    await runPlaybook(promotionPlaybook, optionsOn(fs, { log }));
    for (const place of [fs, elsewhere]) await assertNotFrozen(journal, { fs: place, log });
  });

  it("fails closed where a port is missing or fails, and goes on from there", async () => {
    for (const [playbook, port] of [
      [promotionPlaybook, "warm"],
      [promotionPlaybook, "gate"],
      [pipelinePlaybook, "quiesce"],
      [pipelinePlaybook, "differences"],
      [pipelinePlaybook, "health"],
      [pipelinePlaybook, "gate"],
    ] as const) {
      const fs = rootOf(brokenFiles);
      const missing = optionsOn(fs, { ports: { ...portsOn(fs), [port]: undefined } });
      expect(await codeOf(runPlaybook(playbook, missing)), port).toBe("MANIFEST_PLAYBOOK_STEP_FAILED");
      const throwing = optionsOn(fs, { log: missing.log, ports: { ...portsOn(fs), [port]: () => Promise.reject(new Error("down")) } });
      expect(await codeOf(runPlaybook(playbook, throwing)), port).toBe("Error: down");
      const truthy = optionsOn(fs, { log: missing.log, ports: { ...portsOn(fs), [port]: () => Promise.resolve("yes" as never) } });
      if (port === "gate" || port === "health")
        expect(await codeOf(runPlaybook(playbook, truthy)), port).toBe("MANIFEST_PLAYBOOK_STEP_FAILED");
      expect((await readPromotionState(journal, { fs })).frozen).toBe(true);
      await runPlaybook(playbook, optionsOn(fs, { log: missing.log }));
      expect(JSON.stringify(stateOf(fs))).toBe(whole);
    }
  });

  it("restores nothing without a signed snapshot, raises the alert, and stays frozen (PRO-04)", async () => {
    for (const [signers, code, event] of [
      [null, "MANIFEST_SNAPSHOT_MISSING", "manifest.snapshot.missing"],
      [[], "MANIFEST_SNAPSHOT_REFUSED", "manifest.snapshot.refused"],
    ] as const) {
      const fs = rootOf(brokenFiles);
      const own = site();
      if (signers !== null) await take(own, signers);
      const events: string[] = [];
      const observer = { event: (name: string): void => void events.push(name) };
      expect(await codeOf(runPlaybook(promotionPlaybook, optionsOn(fs, { ...own, observer })))).toBe(code);
      expect(events).toEqual([event]);
      expect(JSON.stringify(stateOf(fs))).toBe(old);
      expect((await readPromotionState(journal, { fs })).frozen).toBe(true);
    }
  });

  it("restores the snapshot it chose, also when there is a newer one once it is resumed", async () => {
    const own = site();
    const { digest } = await take(own);
    const fs = rootOf(brokenFiles);
    const log = createLog();
    expect(await codeOf(runPlaybook(promotionPlaybook, optionsOn(fs, { ...own, log, ports: {} })))).toBe("MANIFEST_PLAYBOOK_STEP_FAILED");
    await take(own, undefined, { "other.md": "other" });
    expect((await runPlaybook(promotionPlaybook, optionsOn(fs, { ...own, log }))).snapshot).toBe(digest);
  });

  it("tells a step again to nobody when another writer of the log was faster, and passes on that the log is down", async () => {
    const fs = rootOf(brokenFiles);
    const log = createLog();
    let raced = false;
    const busy: EntryLog = {
      ...log,
      append: async (entries, given) => {
        if (!raced) {
          raced = true;
          log.entries.push({ time: "", kind: "OTHER", actor: "", subject: "", payload: null });
        }
        return log.append(entries, given);
      },
    };
    await runPlaybook(promotionPlaybook, optionsOn(fs, { log: busy }));
    expect(log.ids().filter((id) => id !== "")).toEqual(promotionPlaybook.steps.map((step) => `rollback-1/${step}`));
    const down = { ...createLog(), append: () => Promise.reject(new Error("log down")) };
    const other = rootOf(brokenFiles);
    expect(await codeOf(runPlaybook(promotionPlaybook, optionsOn(other, { log: down })))).toBe("Error: log down");
    expect((await readPromotionState(journal, { fs: other })).frozen).toBe(true);
  });
});

describe("choosePlaybook()", () => {
  it("knows what each trigger calls for, and takes no unknown one for harmless (PRO-02, PRO-07)", () => {
    const chosen = rollbackTriggers.map((trigger) => choosePlaybook({ trigger })?.id);
    expect(chosen).toEqual(["promotion", "promotion", "promotion", "pipeline", "pipeline", "pipeline", "pipeline"]);
    expect(choosePlaybook({ trigger: "severe_finding", waived: true })).toBeNull();
    expect(choosePlaybook({ trigger: "slo_breach", waived: true })?.id).toBe("promotion");
    expect(choosePlaybook({ trigger: "slo_breach" }, [pipelinePlaybook])).toBeNull();
    expect(() => choosePlaybook({ trigger: "constructor" })).toThrow(RangeError);
  });
});

describe("assertPlaybook()", () => {
  it("refuses playbooks that could unfreeze what was not verified", () => {
    for (const playbook of [promotionPlaybook, pipelinePlaybook]) expect(() => assertPlaybook(playbook)).not.toThrow();
    const without = (step: string): Playbook => ({ ...promotionPlaybook, steps: promotionPlaybook.steps.filter((one) => one !== step) });
    for (const step of ["freeze", "select_snapshot", "verify_snapshot", "restore_artifacts", "rerun_gate", "unfreeze"])
      expect(() => assertPlaybook(without(step)), step).toThrow(RangeError);
    const { steps } = promotionPlaybook;
    for (const order of [[...steps].reverse(), [...steps, "freeze"], ["freeze", "x", ...steps.slice(1)]])
      expect(() => assertPlaybook({ ...promotionPlaybook, steps: order as Playbook["steps"] })).toThrow(RangeError);
  });
});

describe("readPromotionState()", () => {
  it("is free where nothing ever happened, and refuses a journal it does not understand", async () => {
    expect(await readPromotionState(journal, { fs: rootOf({}) })).toEqual({
      frozen: false,
      run: null,
      done: [],
      snapshot: null,
      finished: [],
    });
    const record = { version: 1, run: "r", playbook: "p", step: "freeze", state: "begun", time: "t", result: null };
    const bad: readonly (readonly unknown[])[] = [
      [1],
      [{ ...record, version: 2 }],
      [{ ...record, step: "x" }],
      [{ ...record, state: "done" }],
      [record, { ...record, run: "s" }],
    ];
    for (const records of bad) {
      const fs: FileSystem = rootOf({});
      const own = await openJournal(journal, { fs });
      await own.append(records.map((one) => new TextEncoder().encode(JSON.stringify(one))));
      await own.close();
      expect(await codeOf(readPromotionState(journal, { fs }))).toBe("MANIFEST_PROMOTION_STATE_INVALID");
    }
    const foreign = createLog([{ time: "", kind: playbookStepKind, actor: "", subject: "", payload: { step: "freeze", run: 1 } }]);
    await assertNotFrozen(journal, { fs: rootOf({}), log: foreign });
  });
});
