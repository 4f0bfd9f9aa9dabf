import {
  assertNotFrozen,
  freezePromotions,
  promotionPlaybook,
  readFreezes,
  runPlaybook,
  unfreezePromotions,
} from "@gov/manifest/promotion";
import { describe, expect, it } from "vitest";
import { createLog } from "./log-fake.ts";
import { clock, rootOf, sealedFiles, site, stateOf, taken, trusted } from "./snapshot-fakes.ts";

const freeze = { name: "release-week", reason: "Audit", owner: "ann", until: "2024-01-20T00:00:00Z" };
const journal = "/state/promotion";
const pass = (): Promise<boolean> => Promise.resolve(true);

describe("freezePromotions()", () => {
  it("holds promotions for everybody who reads the log, told once, also when it is overdue", async () => {
    const log = createLog();
    const options = { actor: "ann", log, clock };
    await freezePromotions(freeze, options);
    await freezePromotions(freeze, options);
    expect(log.entries).toHaveLength(1);
    expect(await readFreezes(log)).toEqual(["release-week"]);
    await expect(assertNotFrozen(journal, { fs: rootOf({}), log })).rejects.toMatchObject({
      code: "MANIFEST_PROMOTION_FROZEN",
      details: { run: "release-week" },
    });
  });

  it("needs a name, a reason, an owner and a time", async () => {
    const options = { actor: "ann", log: createLog(), clock };
    for (const change of [{ name: "" }, { reason: " " }, { owner: "" }, { until: "next week" }])
      await expect(freezePromotions({ ...freeze, ...change }, options)).rejects.toThrow(RangeError);
    expect(options.log.entries).toEqual([]);
  });

  it("does not say that it holds under the name of one that was lifted (PRO-03)", async () => {
    const log = createLog();
    const options = { actor: "ann", log, clock, gate: pass };
    await freezePromotions(freeze, options);
    await unfreezePromotions("release-week", options);
    await expect(freezePromotions(freeze, options)).rejects.toThrow(RangeError);
    await freezePromotions({ ...freeze, name: "release-week-2" }, options);
    expect(await readFreezes(log)).toEqual(["release-week-2"]);
  });

  it("does not stop a rollback, which is a way out, and stays when that has ended", async () => {
    const from = site();
    await taken(from);
    const log = createLog();
    await freezePromotions(freeze, { actor: "ann", log, clock });
    const fs = rootOf({ "twin.md": "broken" });
    const ports = { gate: pass, warm: () => Promise.resolve() };
    const options = { run: "rollback-1", actor: "ann", journal, log, root: "/root", ...from, policy: trusted, clock, ports, fs };
    await runPlaybook(promotionPlaybook, options);
    expect(stateOf(fs)["twin.md"]).toBe(sealedFiles["twin.md"]);
    expect(await readFreezes(log)).toEqual(["release-week"]);
  });
});

describe("unfreezePromotions()", () => {
  it("lifts a freeze once the gate passes on what stands, and nothing else (PRO-03)", async () => {
    const log = createLog();
    const options = { actor: "ann", log, clock, gate: pass };
    await freezePromotions(freeze, options);
    for (const gate of [() => Promise.resolve(false), () => Promise.resolve("yes" as never)])
      await expect(unfreezePromotions("release-week", { ...options, gate })).rejects.toMatchObject({ code: "MANIFEST_FREEZE_HELD" });
    await expect(unfreezePromotions("other", options)).rejects.toMatchObject({ code: "MANIFEST_FREEZE_UNKNOWN" });
    await unfreezePromotions("release-week", options);
    expect(await readFreezes(log)).toEqual([]);
    await assertNotFrozen(journal, { fs: rootOf({}), log });
  });

  it("changes nothing when it is called again, as after a crash (PLN-08)", async () => {
    const log = createLog();
    const options = { actor: "ann", log, clock, gate: pass };
    await freezePromotions(freeze, options);
    await unfreezePromotions("release-week", options);
    const entries = async (): Promise<number> => {
      let count = 0;
      for await (const entry of log.read()) count += entry.seq > 0 ? 1 : 0;
      return count;
    };
    const before = await entries();
    await unfreezePromotions("release-week", { ...options, gate: () => Promise.reject(new Error("Not asked again")) });
    expect(await entries()).toBe(before);
    expect(await readFreezes(log)).toEqual([]);
  });

  it("lifts a freeze that a merge of branches put behind the end of another of its name (PRO-03)", async () => {
    const log = createLog();
    const options = { actor: "ann", log, clock, gate: pass };
    await freezePromotions(freeze, options);
    await unfreezePromotions("release-week", options);
    // The other branch had frozen by the same name, and git's union merge put its line last.
    log.entries.push(...log.entries.slice(0, 1));
    expect(await readFreezes(log)).toEqual(["release-week"]);
    await expect(unfreezePromotions("release-week", { ...options, gate: () => Promise.resolve(false) })).rejects.toMatchObject({
      code: "MANIFEST_FREEZE_HELD",
    });
    expect(await readFreezes(log)).toEqual(["release-week"]);
    await unfreezePromotions("release-week", options);
    expect(await readFreezes(log)).toEqual([]);
    await unfreezePromotions("release-week", options);
    expect(log.entries).toHaveLength(4);
  });

  it("ends a run also where a merge of branches brought the end of another of its name before (PRO-03)", async () => {
    const from = site();
    await taken(from);
    const log = createLog();
    const fs = rootOf({ "twin.md": "broken" });
    const ports = { gate: pass, warm: () => Promise.reject(new Error("busy")) };
    const options = { run: "rollback-1", actor: "ann", journal, log, root: "/root", ...from, policy: trusted, clock, ports, fs };
    await expect(runPlaybook(promotionPlaybook, options)).rejects.toThrow("busy");
    const [begun] = log.entries;
    if (begun === undefined) throw new Error("The freeze was not told");
    const ended = { ...begun, payload: { id: "rollback-1/unfreeze", run: "rollback-1", step: "unfreeze" } };
    log.entries.unshift(begun, ended);
    expect(await readFreezes(log)).toEqual(["rollback-1"]);
    await runPlaybook(promotionPlaybook, { ...options, ports: { ...ports, warm: () => Promise.resolve() } });
    expect(await readFreezes(log)).toEqual([]);
  });
});
