import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { cpSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { corpus } from "./corpora.ts";
import { commit, findingsOf, gov, listing, write } from "./harness.ts";

const examples = fileURLToPath(new URL("../examples/", import.meta.url));
const roots: string[] = [];

afterAll(() => {
  for (const root of roots) rmSync(root, { recursive: true, force: true });
});

/** A copy of a corpus with its example's configuration and a routing rule of its own, committed. */
function rootOf(folder: string, options: { readonly example: string; readonly routes: string }): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "gov-corpus-")));
  roots.push(root);
  cpSync(folder, root, { recursive: true });
  for (const name of readdirSync(join(examples, options.example))) cpSync(join(examples, options.example, name), join(root, name));
  const config = readFileSync(join(root, "gov.yaml"), "utf8");
  writeFileSync(join(root, "gov.yaml"), `${config}\nrules: ["routing/*.yaml"]\n`);
  write(root, "routing/artifact_routing.yaml", ruleDocument(options.routes));
  commit(root);
  return root;
}

const ruleDocument = (routes: string) =>
  `id: artifact_routing\nversion: 1.0.0\nstatus: approved\nkind: artifact_routing\nspec:\n  routes:\n${routes}`;

interface Drift {
  readonly outcome: string;
  readonly diff: { readonly compared: number; readonly changed: readonly unknown[] } | null;
}
const jsonOf = async (root: string, ...argv: readonly string[]) => {
  const run = await gov(root, ...argv, "--format", "json");
  return { run, json: run.json() };
};

const keps = corpus("keps");
const cursorRules = corpus("cursor-rules");

describe.skipIf(cursorRules === null)("routing 257 rule files of other people", () => {
  it("sends each to its own place, tells no drift, and every one when the rule moves them (RTE-02, RTE-04)", async () => {
    const routes = '    - { id: rules, match: { kind: cursor_rule }, to: "rules/{name}.mdc", precedence: 1 }\n';
    const root = rootOf(String(cursorRules), { example: "cursor-rules", routes });
    const before = listing(join(root, "rules"));
    const { run, json } = await jsonOf(root, "route", "check");
    expect([run.code, json["routed"], json["collisions"], findingsOf(run).map(({ severity }) => severity)]).toEqual([0, 257, [], ["note"]]);
    expect((await gov(root, "route", "sync")).code).toBe(0);
    const same = (await jsonOf(root, "route", "drift")).json as unknown as Drift;
    expect([same.outcome, same.diff?.compared]).toEqual(["none", 258]);
    write(root, "routing/artifact_routing.yaml", ruleDocument(routes.replace('"rules/{name}', '"moved/{id}')));
    const moved = (await jsonOf(root, "route", "drift")).json as unknown as Drift;
    expect([moved.outcome, moved.diff?.changed.length]).toEqual(["beyond", 257]);
    expect(listing(join(root, "rules"))).toEqual(before);
  });

  it("shows a rule that would send all of them to one place on two real documents (RTE-02)", async () => {
    const routes = '    - { id: rules, match: { kind: cursor_rule }, to: "rules/all.mdc", precedence: 1 }\n';
    const { run, json } = await jsonOf(rootOf(String(cursorRules), { example: "cursor-rules", routes }), "route", "check");
    expect(run.code).toBe(1);
    expect(json["collisions"]).toMatchObject([{ paths: ["rules/all.mdc"] }]);
    const [collision] = json["collisions"] as readonly { readonly artifacts: readonly string[] }[];
    expect(collision?.artifacts).toHaveLength(257);
  });
});

describe.skipIf(keps === null)("selecting among 656 enhancement proposals of other people", () => {
  const routes = '    - { id: keps, match: { kind: kep }, to: "keps/{id}/kep.yaml", precedence: 1 }\n';

  it("names one document for every number, and says why wherever there are several (HYD-01, HYD-06)", async () => {
    const root = rootOf(String(keps), { example: "keps", routes });
    const before = listing(join(root, "keps"));
    const { json } = await jsonOf(root, "resolve");
    const selections = json["selections"] as readonly {
      readonly id: string;
      readonly outcome: string;
      readonly trace: readonly { readonly path: string; readonly verdict: string; readonly rule: string | null }[];
    }[];
    const files = selections.flatMap(({ trace }) => trace.map(({ path }) => path));
    expect(files.filter((path) => path.startsWith("keps/"))).toHaveLength(656);
    expect(new Set(files).size).toBe(files.length);
    const contested = selections.filter(({ trace }) => trace.length > 1);
    expect(contested.length).toBeGreaterThan(0);
    const explained = await gov(root, "resolve", "--explain");
    for (const { path, verdict } of contested.flatMap(({ trace }) => trace)) expect(explained.out).toContain(`${verdict} ${path}: `);
    const [one] = contested;
    expect((await gov(root, "resolve", one?.id ?? "", "--explain")).code).toBe(one?.outcome === "selected" ? 0 : 1);
    const dry = await jsonOf(root, "hydrate", "--dry-run");
    expect(dry.json["selected"]).toBe(selections.filter(({ outcome }) => outcome === "selected").length);
    expect(listing(join(root, "keps"))).toEqual(before);
  });

  it("finds the same drift again, and names exactly the documents that a changed rule moves (RTE-04)", async () => {
    const root = rootOf(String(keps), { example: "keps", routes });
    expect((await gov(root, "route", "sync")).code).toBe(0);
    expect((await jsonOf(root, "route", "drift")).json["outcome"]).toBe("none");
    const low = '    - { id: first, match: { kind: kep, id: "1*" }, to: "first/{id}.yaml", precedence: 2 }\n';
    write(root, "routing/artifact_routing.yaml", ruleDocument(routes + low));
    const { json } = await jsonOf(root, "route", "drift");
    const { outcome, diff } = json as unknown as {
      readonly outcome: string;
      readonly diff: { readonly changed: readonly { readonly artifact: string }[] };
    };
    expect(outcome).toBe("beyond");
    expect(diff.changed.length).toBeGreaterThan(100);
    for (const { artifact } of diff.changed) expect(artifact.startsWith("1")).toBe(true);
    expect((await jsonOf(root, "route", "check")).json["defects"]).toEqual([]);
  });
});
