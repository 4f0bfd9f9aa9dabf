import { spawnSync } from "node:child_process";
import { createMetrics, metricSets, renderPrometheus, shippedMetrics } from "@gov/telemetry/metrics";
import { describe, expect, it, type TestContext } from "vitest";

/** What promtool says of a text; skips where it is missing and `GOV_TEST_REQUIRE` does not ask for it. */
function promtool(test: TestContext, args: readonly string[], input: string): string {
  const { status, error, stdout, stderr } = spawnSync("promtool", [...args], { input, encoding: "utf8" });
  if (error !== undefined && !(process.env["GOV_TEST_REQUIRE"] ?? "").split(",").includes("promtool"))
    test.skip("promtool is not installed");
  return status === 0 ? "" : `${String(status)} ${stdout}${stderr}`;
}

describe("renderPrometheus()", () => {
  it("writes every metric that the sources name so that Prometheus itself finds nothing to complain of (TEL-13, MET-01, MET-02, MET-03)", (test) => {
    const metrics = createMetrics();
    for (const set of metricSets) metrics.register(...shippedMetrics[set]);
    metrics.series("gov_gate_results_total", { gate: 'a"b\\c\nd', outcome: "PASS" }).add();
    for (const gate of ["x\0", "x\r\n", "\ud800", "\udfff", "ünï \u2028"])
      metrics.series("gov_gate_results_total", { gate, outcome: "PASS" }).add();
    metrics.series("gov_gate_duration_seconds", { gate: "parity" }).observe(0.3);
    for (const name of ["gov_policy_coverage_percent", "gov_disk_free_bytes", "gov_bridge_lag_seconds"]) metrics.series(name).set(5);
    const text = renderPrometheus(metrics.snapshot());
    expect(promtool(test, ["check", "metrics"], text)).toBe("");
    expect(
      promtool(test, ["check", "metrics"], text.replace("# TYPE gov_disk_free_bytes gauge", "# TYPE gov_disk_free_bytes oven")),
    ).not.toBe("");
  });
});
