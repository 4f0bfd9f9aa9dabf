import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Candidate, compareSentinelRuns, runSentinel, selectAll, type SentinelRun, sentinelInputs } from "@gov/hydration";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { candidates as someCandidates, seedSpec, spec } from "./arbitraries.ts";
import { proofRuns } from "./proof-runs.ts";
import type { ChildOutput } from "./sentinel-child.ts";

const file = (path: string, commitTime: number): Candidate => ({
  id: "PLN-1",
  path,
  version: null,
  status: "approved",
  commitTime,
  digest: `sha256:${"a".repeat(64)}`,
});

// Swedish sorts "ä" behind "z", German before; midnight UTC of the 1st is still the day before in Los Angeles.
const candidates = [file("z.md", 1_704_067_200), file("\u00e4.md", 1_704_067_200), file("m.md", 1_706_659_200)];
const script = fileURLToPath(new URL("sentinel-child.ts", import.meta.url));

async function runsIn(environment: {
  readonly locale: string;
  readonly timeZone: string;
  readonly mutant?: string;
}): Promise<readonly SentinelRun[]> {
  const { locale, timeZone, mutant = "none" } = environment;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--conditions=@gov/source", "--disable-warning=ExperimentalWarning", script, mutant, JSON.stringify({ candidates, spec: seedSpec })],
    { env: { ...process.env, LC_ALL: locale, LANG: locale, TZ: timeZone } },
  );
  const output = JSON.parse(stdout) as ChildOutput;
  return output.map(({ name, selections }) => ({ name, selections: new Map(selections) }));
}

describe("runSentinel()", () => {
  it("finds no difference in any selection, whatever the candidates and the rule (HYD-03)", () => {
    fc.assert(
      fc.property(someCandidates, spec, fc.integer(), (list, rule, seed) => {
        expect(runSentinel(list, rule, { seed, shuffles: 5 })).toEqual({ ok: true, differences: [], event: null, findings: [] });
      }),
      { numRuns: proofRuns(200) },
    );
  });

  it("raises the alert with both traces when the order decides (HYD-03, ALR-03)", () => {
    const inOrder = (list: readonly Candidate[]) => selectAll(list.slice(0, 1), seedSpec);
    const report = runSentinel(candidates, seedSpec, { seed: 1, shuffles: 2, select: inOrder });
    expect(report.ok).toBe(false);
    expect(report.differences.map(({ id, runs }) => [id, ...runs])).toEqual([["PLN-1", "as given", "reversed"]]);
    expect(report.event).toMatchObject({
      name: "hydration.nondeterministic",
      fields: {
        subject: "PLN-1",
        differences: 1,
        first: { run: "as given", trace: [{ path: "z.md", verdict: "won" }] },
        second: { run: "reversed", trace: [{ path: "m.md", verdict: "won" }] },
      },
    });
    expect(report.findings.map(({ code, severity }) => [code, severity])).toEqual([["HYDRATION_NONDETERMINISM", "error"]]);
  });
});

describe("sentinelInputs()", () => {
  it("gives every candidate once in each order, and the same orders for the same seed", () => {
    const orders = sentinelInputs(candidates, { seed: 7, shuffles: 10 });
    expect(sentinelInputs(candidates, { seed: 7, shuffles: 10 })).toEqual(orders);
    for (const order of orders) expect(new Set(order.candidates)).toEqual(new Set(candidates));
    expect(new Set(orders.map((order) => order.candidates.map(({ path }) => path).join())).size).toBeGreaterThan(3);
  });
});

describe("compareSentinelRuns()", () => {
  it("has nothing to compare without runs, and tells an id that one run lacks", () => {
    expect(compareSentinelRuns([]).ok).toBe(true);
    const full = { name: "a", selections: selectAll(candidates, seedSpec) };
    const report = compareSentinelRuns([full, { name: "b", selections: new Map() }]);
    expect(report.differences).toEqual([{ id: "PLN-1", runs: ["a", "b"], traces: [full.selections.get("PLN-1")?.trace, null] }]);
    expect(report.event?.fields["second"]).toEqual({ run: "b", trace: null });
  });

  it("finds the same under two locales and two time zones (HYD-03)", async () => {
    const runs = [
      ...(await runsIn({ locale: "sv_SE.UTF-8", timeZone: "UTC" })),
      ...(await runsIn({ locale: "de_DE.UTF-8", timeZone: "America/Los_Angeles" })),
    ];
    expect(runs.map(({ name }) => name).filter((name) => name.startsWith("as given"))).toEqual([
      "as given, sv-SE, UTC",
      "as given, de-DE, America/Los_Angeles",
    ]);
    expect(compareSentinelRuns(runs)).toMatchObject({ ok: true, event: null });
  });

  it.each(["locale", "time-zone"])("catches a selection that looks at the %s (HYD-03, ALR-03)", async (mutant) => {
    const runs = [
      ...(await runsIn({ locale: "sv_SE.UTF-8", timeZone: "UTC", mutant })),
      ...(await runsIn({ locale: "de_DE.UTF-8", timeZone: "America/Los_Angeles", mutant })),
    ];
    expect(compareSentinelRuns(runs).event?.name).toBe("hydration.nondeterministic");
  });
});
