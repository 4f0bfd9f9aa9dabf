import {
  applyStatus,
  assertPromotionRules,
  planPromotion,
  planStatus,
  type PromotionBoard,
  promotionCauses,
  type PromotionRequest,
  promotionStatuses,
  promotionStatusKind,
  readPromotionBoard,
  playbookStepKind,
} from "@gov/manifest/promotion";
import { isManifestError } from "@gov/manifest";
import { type Digest, digestBytes } from "@gov/schema/canonical";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createLog } from "./log-fake.ts";
import { approve, rules } from "./promotion-fakes.ts";
import { clock } from "./snapshot-fakes.ts";

const now = clock.now();
const digest = digestBytes("manifest 2");
const manifest = { manifestId: "MAN-2", digest, sequence: 2 };
const since = new Date(now - 3_600_000).toISOString();
const stands = { digest, since, highest: 2, rolledBack: false };
const empty: PromotionBoard = { statuses: new Map([[digest, "approved"]]), environments: new Map(), frozenBy: [] };
const inStaging: PromotionBoard = { ...empty, environments: new Map([["staging", stands]]) };

function codes(request: Partial<PromotionRequest>, board: PromotionBoard = empty, by = rules): readonly string[] {
  const plan = planPromotion({ manifest, environment: "staging", cause: "manual", ...request }, { board, rules: by, now });
  return plan.findings.map(({ code }) => code);
}

describe("planPromotion()", () => {
  it("takes an approved manifest through its environments in their order, each in its time (PRO-01)", () => {
    expect(codes({})).toEqual([]);
    expect(codes({ environment: "production" })).toEqual(["MANIFEST_ENVIRONMENT_SKIPPED"]);
    expect(codes({ environment: "production" }, inStaging)).toEqual([]);
    const fresh = new Map([["staging", { ...stands, since: new Date(now - 3_599_999).toISOString() }]]);
    expect(codes({ environment: "production" }, { ...empty, environments: fresh })).toEqual(["MANIFEST_ENVIRONMENT_SOAKING"]);
    const undated = new Map([["staging", { ...stands, since: "soon" }]]);
    expect(codes({ environment: "production" }, { ...empty, environments: undated })).toEqual(["MANIFEST_ENVIRONMENT_SOAKING"]);
    expect(codes({ environment: "moon" })).toEqual(["MANIFEST_ENVIRONMENT_UNKNOWN"]);
  });

  it("promotes nothing but what is approved", () => {
    for (const status of ["draft", "review"] as const)
      expect(codes({}, { ...empty, statuses: new Map([[digest, status]]) })).toEqual(["MANIFEST_NOT_APPROVED"]);
    expect(codes({}, { ...empty, statuses: new Map() })).toEqual(["MANIFEST_NOT_APPROVED"]);
  });

  it("is stopped by a freeze, whatever asks: by hand, automatic, scheduled or by waiver (PRO-03)", () => {
    const open = { ...rules, environments: rules.environments.map((rule) => ({ ...rule, automatic: true })) };
    for (const cause of promotionCauses) {
      expect(codes({ cause }, empty, open)).toEqual([]);
      expect(codes({ cause }, { ...empty, frozenBy: ["rollback-1"] }, open)).toEqual(["MANIFEST_PROMOTION_HELD"]);
    }
  });

  it("leaves to a person what no rule lets happen by itself", () => {
    for (const cause of ["automatic", "scheduled", "waiver", "accident" as never] as const)
      expect(codes({ environment: "production", cause }, inStaging)).toEqual(["MANIFEST_PROMOTION_NOT_AUTOMATIC"]);
    expect(codes({ cause: "automatic" })).toEqual([]);
    expect(codes({ cause: "accident" as never })).toEqual(["MANIFEST_PROMOTION_NOT_AUTOMATIC"]);
  });

  it("brings nothing back that a rollback took away; what restores is a manifest of its own", () => {
    const rolledBack = { digest: digestBytes("manifest 1"), since, highest: 2, rolledBack: true };
    const board = { ...empty, environments: new Map([["staging", rolledBack]]) };
    for (const cause of ["manual", "automatic"] as const) expect(codes({ cause }, board)).toEqual(["MANIFEST_PROMOTION_BACKWARD"]);
    const restoring = { manifestId: "MAN-3", digest: digestBytes("manifest 3"), sequence: 3 };
    const approved = new Map([[restoring.digest, "approved" as const]]);
    expect(codes({ manifest: restoring }, { ...board, statuses: approved })).toEqual([]);
    expect(codes({}, { ...empty, environments: new Map([["staging", { ...stands, highest: 5 }]]) })).toEqual([]);
  });

  it("gives every reason at once", () => {
    const board: PromotionBoard = { statuses: new Map(), environments: new Map(), frozenBy: ["a", "b"] };
    expect(codes({ environment: "production", cause: "waiver" }, board)).toEqual([
      "MANIFEST_ENVIRONMENT_SKIPPED",
      "MANIFEST_NOT_APPROVED",
      "MANIFEST_PROMOTION_HELD",
      "MANIFEST_PROMOTION_HELD",
      "MANIFEST_PROMOTION_NOT_AUTOMATIC",
    ]);
  });

  it("lets no run of requests pass a freeze, skip an environment or go back, as a small model says (PRO-05)", () => {
    const chain = [1, 2, 3].map((sequence) => ({ manifestId: `M${String(sequence)}`, digest: digestBytes(String(sequence)), sequence }));
    const names = ["dev", "staging", "production"];
    const by = { version: 1 as const, approvals: 1, environments: names.map((name) => ({ name, automatic: true })) };
    const move = fc.record({ manifest: fc.constantFrom(...chain), environment: fc.constantFrom(...names), frozen: fc.boolean() });
    fc.assert(
      fc.property(fc.array(move, { maxLength: 40 }), (moves) => {
        const environments = new Map<string, typeof stands>();
        const highest = new Map<string, number>();
        const current = new Map<string, number>();
        const statuses = new Map(chain.map((one) => [one.digest, "approved" as const]));
        for (const { manifest: one, environment, frozen } of moves) {
          const board = { statuses, environments, frozenBy: frozen ? ["x"] : [] };
          const { ok } = planPromotion({ manifest: one, environment, cause: "automatic" }, { board, rules: by, now });
          const before = names[names.indexOf(environment) - 1];
          const inOrder = before === undefined || current.get(before) === one.sequence;
          const forward = one.sequence > (highest.get(environment) ?? 0) || current.get(environment) === one.sequence;
          expect(ok).toBe(!frozen && inOrder && forward);
          if (!ok) continue;
          highest.set(environment, Math.max(highest.get(environment) ?? 0, one.sequence));
          current.set(environment, one.sequence);
          environments.set(environment, { digest: one.digest, since, highest: highest.get(environment) ?? 0, rolledBack: false });
        }
      }),
      { numRuns: 500, seed: 20_240_115 },
    );
  });
});

describe("planStatus()", () => {
  const by = (to: (typeof promotionStatuses)[number], from: (typeof promotionStatuses)[number], approvedBy: readonly string[] = ["ben"]) =>
    planStatus({ manifest, to, author: "ann", approvedBy }, { board: { ...empty, statuses: new Map([[digest, from]]) }, rules });

  it("goes from draft over review to approved, and back to draft only", () => {
    const allowed = promotionStatuses.flatMap((from) => promotionStatuses.filter((to) => by(to, from).ok).map((to) => `${from} ${to}`));
    expect(allowed).toEqual(["draft review", "review draft", "review approved", "approved draft"]);
    expect(planStatus({ manifest, to: "review", author: "ann" }, { board: { ...empty, statuses: new Map() }, rules }).ok).toBe(true);
  });

  it("counts people, and never the author among those who approve", () => {
    const two = { ...rules, approvals: 2 };
    const board: PromotionBoard = { ...empty, statuses: new Map([[digest, "review"]]) };
    const ask = (approvedBy: readonly string[]) =>
      planStatus({ manifest, to: "approved", author: "ann", approvedBy }, { board, rules: two });
    for (const few of [[], ["ben"], ["ben", "ben"], ["ben", "ann"]])
      expect(ask(few).findings.map(({ code }) => code)).toEqual(["MANIFEST_APPROVAL_MISSING"]);
    expect(ask(["ben", "eve"]).ok).toBe(true);
  });

  it("is stopped by a freeze too", () => {
    const board = { ...empty, statuses: new Map([[digest, "review" as const]]), frozenBy: ["x"] };
    const plan = planStatus({ manifest, to: "approved", author: "ann", approvedBy: ["ben"] }, { board, rules });
    expect(plan.findings.map(({ code }) => code)).toEqual(["MANIFEST_PROMOTION_HELD"]);
  });
});

describe("applyStatus()", () => {
  it("tells each change once, and none that the log no longer allows", async () => {
    const log = createLog();
    await approve(manifest, log);
    expect((await readPromotionBoard(log)).statuses.get(digest)).toBe("approved");
    expect(log.entries).toHaveLength(2);
    const board = { ...empty, statuses: new Map<Digest, "review">([[digest, "review"]]) };
    const stale = planStatus({ manifest, to: "approved", author: "ann", approvedBy: ["ben"] }, { board, rules });
    if (!stale.ok) throw new Error("not planned");
    await applyStatus(stale.value, { id: "MAN-2/approved", actor: "ben", log, clock });
    await expect(applyStatus(stale.value, { id: "another", actor: "ben", log, clock })).rejects.toMatchObject({
      code: "MANIFEST_PROMOTION_REFUSED",
      findings: [{ code: "MANIFEST_STATUS_ORDER" }],
    });
    expect(log.entries).toHaveLength(2);
  });
});

describe("assertPromotionRules()", () => {
  it("refuses rules that would let anything pass", () => {
    expect(() => assertPromotionRules(rules)).not.toThrow();
    for (const change of [
      { version: 2 as never },
      { approvals: 0 },
      { approvals: 0.5 },
      { environments: [] },
      { environments: [{ name: "a" }, { name: "a" }] },
      { environments: [{ name: "A B" }] },
      { environments: [{ name: "a", soakMs: Number.NaN }] },
    ])
      expect(() => assertPromotionRules({ ...rules, ...change })).toThrow(RangeError);
  });
});

describe("readPromotionBoard()", () => {
  it("refuses a log whose entries it does not understand", async () => {
    const entry = { time: "", actor: "", subject: "" };
    const about = { environment: "staging" };
    for (const bad of [
      { kind: promotionStatusKind, payload: { digest: "x", to: "approved" } },
      { kind: promotionStatusKind, payload: { digest, to: "promoted" } },
      { kind: promotionStatusKind, payload: null },
      { kind: playbookStepKind, payload: { run: "r", step: "record_promotion", about, result: null } },
      { kind: playbookStepKind, payload: { run: "r", step: "record_promotion", about, result: { digest, sequence: "1", since } } },
      { kind: playbookStepKind, payload: { run: "r", step: "restore_artifacts", about, result: { manifest: 1, since } } },
      { kind: playbookStepKind, payload: { run: "r", step: "restore_artifacts", about, result: { manifest: null } } },
    ]) {
      const error: unknown = await readPromotionBoard(createLog([{ ...entry, ...bad }])).catch((thrown: unknown) => thrown);
      expect(isManifestError(error) && error.code).toBe("MANIFEST_PROMOTION_STATE_INVALID");
    }
    const foreign = createLog([
      { ...entry, kind: "OTHER", payload: 1 },
      { ...entry, kind: playbookStepKind, payload: { run: "r", step: "restore_artifacts" } },
    ]);
    expect((await readPromotionBoard(foreign)).environments.size).toBe(0);
  });
});
