import type { MemoryFileSystem } from "@gov/atomic-io/testing";
import { isManifestError } from "@gov/manifest";
import {
  applyPromotion,
  type ApplyPromotionOptions,
  assertNotFrozen,
  freezePromotions,
  promotionPlaybook,
  type PromotionPlan,
  readPromotionBoard,
  readPromotionState,
  runPlaybook,
} from "@gov/manifest/promotion";
import { listSnapshots, readRestoreMarker } from "@gov/manifest/snapshot";
import { createMemoryBackend, createObjectStore } from "@gov/manifest/storage";
import { describe, expect, it } from "vitest";
import { createLog, type LogFake } from "./log-fake.ts";
import { ann } from "./manifest-fakes.ts";
import { approve, newState, planned, promotedFiles, promotionOn, seal } from "./promotion-fakes.ts";
import { brokenFiles, clock, rootOf, stateOf } from "./snapshot-fakes.ts";

const sealed = await seal(promotedFiles);
const journal = "/state/promotion";
const old = JSON.stringify(Object.fromEntries(Object.entries(brokenFiles).sort()));
const governed = Object.keys(brokenFiles);
const steps = [
  "freeze",
  "take_checkpoint",
  "verify_manifest",
  "place_artifacts",
  "verify_health",
  "rerun_gate",
  "record_promotion",
  "unfreeze",
];

async function approvedLog(): Promise<LogFake> {
  const log = createLog();
  await approve(sealed.manifest, log);
  return log;
}

const toStaging = { manifest: sealed.manifest, environment: "staging", cause: "manual" } as const;
const plan = await planned(toStaging, await approvedLog());

const pass = (): Promise<boolean> => Promise.resolve(true);

async function errorOf(work: Promise<unknown>): Promise<{ readonly code: string; readonly findings: readonly string[] }> {
  try {
    await work;
    return { code: "fine", findings: [] };
  } catch (error) {
    if (isManifestError(error)) return { code: error.code, findings: error.findings.map(({ code }) => code) };
    throw error;
  }
}

type Run = (plan: PromotionPlan, options: ApplyPromotionOptions) => Promise<unknown>;

/** Kills or cuts off a promotion after every call and looks at what is left, then goes on with it there. */
async function explore(
  run: Run,
  maxImages: number,
): Promise<Readonly<Record<"points" | "torn" | "thawed" | "unfinished" | "told", number>>> {
  const counts = { points: 0, torn: 0, thawed: 0, unfinished: 0, told: 0 };
  const log = await approvedLog();
  const backend = createMemoryBackend();
  const store = createObjectStore(backend, { clock });
  const look = async (image: MemoryFileSystem): Promise<void> => {
    // One is enough to catch a mutant.
    if (counts.thawed > 0) return;
    counts.points++;
    const state = JSON.stringify(stateOf(image));
    const { frozen, finished } = await readPromotionState(journal, { fs: image });
    const marked = (await readRestoreMarker("/root", { fs: image })) !== null;
    if (!marked && state !== old && state !== newState) counts.torn++;
    if (!frozen && (finished.length === 0 ? state !== old || marked : state !== newState || marked)) counts.thawed++;
    const shared = createLog([...log.entries]);
    const again = await errorOf(run(plan, promotionOn(image, sealed.source, { log: shared, backend, store, governed })));
    const after = await readPromotionState(journal, { fs: image });
    if (!["fine", "MANIFEST_PLAYBOOK_FINISHED"].includes(again.code) || after.frozen || JSON.stringify(stateOf(image)) !== newState)
      counts.unfinished++;
    if (
      shared
        .ids()
        .filter((id) => id.startsWith("promotion-1/"))
        .join() !== steps.map((step) => `promotion-1/${step}`).join()
    )
      counts.told++;
  };
  const fs: MemoryFileSystem = rootOf(brokenFiles, {
    afterCall: async () => {
      await look(fs.afterKill());
      for (const image of fs.crashImages({ maxImages })) await look(image);
    },
  });
  await run(plan, promotionOn(fs, sealed.source, { log, backend, store, governed }));
  return counts;
}

describe("applyPromotion()", () => {
  it("dies at any of over 500 points as old, or as frozen, or as new and verified, and is resumed to its end, each step told once (PRO-01)", async () => {
    const { points, ...wrong } = await explore(applyPromotion, 6);
    expect(wrong).toEqual({ torn: 0, thawed: 0, unfinished: 0, told: 0 });
    expect(points).toBeGreaterThan(500);
  }, 120_000);

  it("would be caught if it placed artifacts before it froze: that is what the exploration is for", async () => {
    const naive: Run = async (given, options) => {
      for (const [path, text] of Object.entries(promotedFiles)) {
        const { replaceFile, ensureDirectory } = await import("@gov/atomic-io");
        await ensureDirectory(`/root/${path}`.slice(0, `/root/${path}`.lastIndexOf("/")), { fs: options.fs });
        await replaceFile(`/root/${path}`, text, { fs: options.fs });
      }
      await applyPromotion(given, options);
    };
    expect((await explore(naive, 1)).thawed).toBeGreaterThan(0);
  }, 120_000);

  it("places what the manifest seals, removes what it has not, and tags the environment (PRO-01)", async () => {
    const fs = rootOf(brokenFiles);
    const log = await approvedLog();
    const options = promotionOn(fs, sealed.source, { log, governed });
    const report = await applyPromotion(plan, options);
    expect(report.steps.map(({ step }) => step)).toEqual(steps);
    expect(JSON.stringify(stateOf(fs))).toBe(newState);
    const board = await readPromotionBoard(log);
    expect(board.environments.get("staging")).toEqual({
      digest: sealed.manifest.digest,
      since: new Date(clock.now()).toISOString(),
      highest: 1,
      rolledBack: false,
    });
    // Promoted is a tag: the status stays what it was.
    expect(board.statuses.get(sealed.manifest.digest)).toBe("approved");
    expect(await listSnapshots(options.backend)).toHaveLength(1);
    expect((await errorOf(applyPromotion(plan, options))).code).toBe("MANIFEST_PLAYBOOK_FINISHED");
    // The same again, under another name, mends drift and is no step back.
    await fs.unlink(`${options.root}/twin.md`);
    await expect(applyPromotion(plan, { ...options, run: "promotion-2", governed: [] })).resolves.toMatchObject({ environment: "staging" });
    expect(JSON.stringify(stateOf(fs))).toBe(newState);
  });

  it("touches nothing for a manifest that does not verify, or that the log no longer allows", async () => {
    const fs = rootOf(brokenFiles);
    const unsigned = promotionOn(fs, { ...sealed.source, envelopeBytes: null }, { log: await approvedLog(), governed });
    expect((await errorOf(applyPromotion(plan, unsigned))).code).toBe("MANIFEST_VERIFICATION_FAILED");
    const other = await seal(brokenFiles);
    expect((await errorOf(applyPromotion(plan, promotionOn(fs, other.source, { log: await approvedLog() })))).code).toBe(
      "MANIFEST_PLAYBOOK_STEP_FAILED",
    );
    const draft = promotionOn(fs, sealed.source, { governed });
    expect(await errorOf(applyPromotion(plan, draft))).toEqual({ code: "MANIFEST_PROMOTION_REFUSED", findings: ["MANIFEST_NOT_APPROVED"] });
    await expect(applyPromotion(plan, { ...draft, signers: [] })).rejects.toThrow(RangeError);
    expect(JSON.stringify(stateOf(fs))).toBe(old);
    expect((await readPromotionState(journal, { fs })).frozen).toBe(false);
  });

  it("stays frozen where health or gate say no, and a rollback that supersedes it brings back what stood there (PRO-02, PRO-03, ENV-05)", async () => {
    const fs = rootOf(brokenFiles);
    const log = await approvedLog();
    const options = promotionOn(fs, sealed.source, { log, governed });
    for (const ports of [
      {},
      { ...options.ports, health: () => Promise.resolve(false) },
      { ...options.ports, gate: () => Promise.resolve(false) },
    ])
      expect((await errorOf(applyPromotion(plan, { ...options, ports }))).code).toBe("MANIFEST_PLAYBOOK_STEP_FAILED");
    expect((await errorOf(assertNotFrozen(journal, { fs: rootOf({}), log }))).code).toBe("MANIFEST_PROMOTION_FROZEN");
    const { backend, store, policy } = options;
    const gate = (): Promise<boolean> => Promise.resolve(JSON.stringify(stateOf(fs)) === old);
    const rollback = {
      ...{ run: "rollback-1", actor: "ben", journal, log, root: "/root", backend, store, policy, clock, fs },
      ...{ environment: "staging", remove: Object.keys(promotedFiles), ports: { gate, warm: () => Promise.resolve() } },
    };
    expect((await errorOf(runPlaybook(promotionPlaybook, rollback))).code).toBe("MANIFEST_PROMOTION_FROZEN");
    // Interrupted once, and resumed by its name alone.
    const cold = { ...rollback, supersedes: "promotion-1", ports: { gate } };
    expect((await errorOf(runPlaybook(promotionPlaybook, cold))).code).toBe("MANIFEST_PLAYBOOK_STEP_FAILED");
    expect((await errorOf(applyPromotion(plan, options))).code).toBe("MANIFEST_PLAYBOOK_FINISHED");
    await runPlaybook(promotionPlaybook, rollback);
    expect(JSON.stringify(stateOf(fs))).toBe(old);
    await assertNotFrozen(journal, { fs, log });
    const board = await readPromotionBoard(log);
    expect(board).toMatchObject({ frozenBy: [] });
    expect(board.environments.get("staging")).toMatchObject({ digest: null, rolledBack: true });
  });

  it("lets a promotion be superseded, never a rollback, and refuses to resume one for something else", async () => {
    const fs = rootOf(brokenFiles);
    const log = await approvedLog();
    const options = promotionOn(fs, sealed.source, { log, governed });
    expect((await errorOf(applyPromotion(plan, { ...options, ports: {} }))).code).toBe("MANIFEST_PLAYBOOK_STEP_FAILED");
    const next = await seal({ ...promotedFiles, "more.md": "more" }, { sequence: 2 });
    const changed = { ...plan, request: { ...plan.request, manifest: next.manifest } };
    expect((await errorOf(applyPromotion(changed, options))).code).toBe("MANIFEST_PROMOTION_FROZEN");
    const { backend, store, policy } = options;
    const rollback = { run: "r-1", actor: "ben", journal, log, root: "/root", backend, store, policy, clock, fs, ports: {} };
    expect((await errorOf(runPlaybook(promotionPlaybook, { ...rollback, supersedes: "promotion-1" }))).code).toBe(
      "MANIFEST_PLAYBOOK_STEP_FAILED",
    );
    expect((await errorOf(runPlaybook(promotionPlaybook, { ...rollback, run: "r-2", supersedes: "r-1" }))).code).toBe(
      "MANIFEST_PROMOTION_FROZEN",
    );
    expect((await errorOf(applyPromotion(plan, { ...options, run: "promotion-3" }))).code).toBe("MANIFEST_PROMOTION_REFUSED");
  });

  it("lets one of two clones that begin at once go first; the other does nothing and may go on later", async () => {
    const log = await approvedLog();
    const [here, there] = [rootOf(brokenFiles), rootOf(brokenFiles)];
    const first = promotionOn(here, sealed.source, { log, governed });
    let raced = false;
    const racing = {
      ...log,
      read: (from?: number) => log.read(from),
      append: async (...given: Parameters<typeof log.append>) => {
        if (!raced) {
          raced = true;
          await errorOf(applyPromotion(plan, { ...first, ports: {} }));
        }
        return log.append(...given);
      },
    };
    const second = promotionOn(there, sealed.source, { log: racing, governed, run: "promotion-2" });
    expect((await errorOf(applyPromotion(plan, second))).code).toBe("MANIFEST_PROMOTION_FROZEN");
    expect(log.ids().filter((id) => id.startsWith("promotion-2"))).toEqual([]);
    expect(JSON.stringify(stateOf(there))).toBe(old);
    await applyPromotion(plan, first);
    await applyPromotion(plan, second);
    expect(JSON.stringify(stateOf(there))).toBe(newState);
  });

  it("begins nothing that the log has forbidden since it was looked at: a freeze by hand, or a newer manifest (PRO-03)", async () => {
    const next = await seal({ ...promotedFiles, "more.md": "more" }, { sequence: 2 });
    for (const step of ["verified", "told"]) {
      for (const expected of ["MANIFEST_PROMOTION_HELD", "MANIFEST_PROMOTION_BACKWARD"]) {
        const [log, fs] = [await approvedLog(), rootOf(brokenFiles)];
        let raced = false;
        const race = async (): Promise<void> => {
          if (raced) return;
          raced = true;
          if (expected === "MANIFEST_PROMOTION_HELD")
            return freezePromotions(
              { name: "stop", reason: "Audit", owner: "ann", until: "2024-01-20T00:00:00Z" },
              { actor: "ann", log, clock },
            );
          await approve(next.manifest, log);
          const newer = promotionOn(rootOf({}), next.source, { log, run: "promotion-2", ports: { health: pass, gate: pass } });
          await applyPromotion(await planned({ ...toStaging, manifest: next.manifest }, log), newer);
        };
        const readArtifact: typeof sealed.source.readArtifact = async (path) => {
          if (step === "verified") await race();
          return sealed.source.readArtifact(path);
        };
        const append: typeof log.append = async (...given) => {
          if (step === "told") await race();
          return log.append(...given);
        };
        const options = promotionOn(fs, { ...sealed.source, readArtifact }, { log: { read: log.read, append }, governed });
        expect(await errorOf(applyPromotion(plan, options))).toEqual({ code: "MANIFEST_PROMOTION_REFUSED", findings: [expected] });
        expect(JSON.stringify(stateOf(fs))).toBe(old);
        expect(log.ids().filter((id) => id.startsWith("promotion-1"))).toEqual([]);
        // It has not begun, so it holds nothing.
        expect((await readPromotionState(journal, { fs })).frozen).toBe(false);
      }
    }
  });

  it("is held by a freeze by hand that has the name of the run (PRO-03)", async () => {
    const [log, fs] = [await approvedLog(), rootOf(brokenFiles)];
    const freeze = { name: "promotion-1", reason: "Audit", owner: "ann", until: "2024-01-20T00:00:00Z" };
    await freezePromotions(freeze, { actor: "ann", log, clock });
    const options = promotionOn(fs, sealed.source, { log, governed });
    expect(await errorOf(applyPromotion(plan, options))).toEqual({
      code: "MANIFEST_PROMOTION_REFUSED",
      findings: ["MANIFEST_PROMOTION_HELD"],
    });
    expect(JSON.stringify(stateOf(fs))).toBe(old);
  });

  it("does not go on in one clone with what a rollback of another has superseded, nor run again what has ended there", async () => {
    const [here, there] = [rootOf(brokenFiles), rootOf(brokenFiles)];
    const log = await approvedLog();
    const options = promotionOn(here, sealed.source, { log, governed });
    expect((await errorOf(applyPromotion(plan, { ...options, ports: {} }))).code).toBe("MANIFEST_PLAYBOOK_STEP_FAILED");
    const { backend, store, policy } = options;
    const ports = { gate: pass, warm: () => Promise.resolve() };
    const rollback = { run: "rollback-1", actor: "ben", journal, log, root: "/root", backend, store, policy, clock, fs: there, ports };
    await runPlaybook(promotionPlaybook, { ...rollback, environment: "staging", supersedes: "promotion-1" });
    expect((await errorOf(applyPromotion(plan, options))).code).toBe("MANIFEST_PLAYBOOK_FINISHED");
    expect((await readPromotionBoard(log)).environments.get("staging")).toMatchObject({ digest: null, rolledBack: true });
    await assertNotFrozen(journal, { fs: here, log });
    for (const run of ["promotion-1", "rollback-1"])
      expect((await errorOf(applyPromotion(plan, { ...options, run, fs: rootOf(brokenFiles) }))).code).toBe("MANIFEST_PLAYBOOK_FINISHED");
    expect((await errorOf(runPlaybook(promotionPlaybook, { ...rollback, fs: rootOf(brokenFiles) }))).code).toBe(
      "MANIFEST_PLAYBOOK_FINISHED",
    );
    await applyPromotion(plan, { ...options, run: "promotion-2", governed: [] });
  });

  it("goes on only from a snapshot that a rollback could use", async () => {
    const fs = rootOf(brokenFiles);
    const options = promotionOn(fs, sealed.source, { log: await approvedLog(), governed });
    expect((await errorOf(applyPromotion(plan, { ...options, signers: [ann.signer] }))).code).toBe("MANIFEST_SNAPSHOT_REFUSED");
    expect(JSON.stringify(stateOf(fs))).toBe(old);
    await applyPromotion(plan, options);
    expect(JSON.stringify(stateOf(fs))).toBe(newState);
  });
});
