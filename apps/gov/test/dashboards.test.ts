import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { shippedMetrics } from "@gov/telemetry/metrics";
import { describe, expect, it } from "vitest";

interface Dashboard {
  readonly uid: string;
  readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[];
}

const folder = join(import.meta.dirname, "../dashboards");
const dashboards = readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as Dashboard);
const queries = dashboards.flatMap(({ panels }) => panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)));
const definitions = Object.values(shippedMetrics).flat();

/** Every name of a series that a metric exposes. */
const series = new Map(
  definitions.flatMap(({ name, kind, labels }) =>
    (kind === "histogram" ? ["_bucket", "_sum", "_count"] : [""]).map((suffix) => [`${name}${suffix}`, labels] as const),
  ),
);

describe("dashboards/*.json", () => {
  it("ask only for metrics of the registry, by labels they have (GOV-22, TEL-08, TEL-13)", () => {
    expect(queries.length).toBeGreaterThan(20);
    for (const query of queries) {
      const named = [...query.matchAll(/\bgov_\w+/g)].map(([name]) => name);
      expect(named.length, query).toBeGreaterThan(0);
      for (const name of named) expect([...series.keys()], query).toContain(name);
      const labels = new Set(named.flatMap((name) => [...(series.get(name) ?? []), ...(name.endsWith("_bucket") ? ["le"] : [])]));
      const asked = [...query.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, names = ""]) => names.split(", "));
      for (const label of asked) expect([...labels], query).toContain(label);
    }
  });

  it("show every metric that ships on some panel (MET-01, MET-02, MET-03)", () => {
    const shown = queries.join("\n");
    expect(definitions.map(({ name }) => name).filter((name) => !shown.includes(name))).toEqual([]);
  });

  it("hold only queries that promtool parses (SCH-20)", (test) => {
    const rules = queries.map((expr, at) => `      - record: "gov:dashboard:q${String(at)}"\n        expr: ${JSON.stringify(expr)}\n`);
    const check = (text: string): number | null => {
      const directory = mkdtempSync(join(tmpdir(), "gov-dashboards-"));
      try {
        writeFileSync(join(directory, "rules.yaml"), text);
        const { status, error } = spawnSync("promtool", ["check", "rules", "rules.yaml"], { cwd: directory });
        if (error !== undefined && !(process.env["GOV_TEST_REQUIRE"] ?? "").split(",").includes("promtool"))
          test.skip("promtool is not installed");
        return status;
      } finally {
        rmSync(directory, { recursive: true });
      }
    };
    const group = "groups:\n  - name: dashboards\n    rules:\n";
    expect(check(`${group}${rules.join("")}`)).toBe(0);
    expect(check(`${group}      - record: "gov:broken"\n        expr: "sum by (gate (gov_gate_results_total)"\n`)).not.toBe(0);
  });
});
