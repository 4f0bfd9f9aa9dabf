import library from "@gov/tooling-tsup";

export default library({
  entry: {
    index: "src/index.ts",
    alerts: "src/alerts/index.ts",
    audit: "src/audit/index.ts",
    digest: "src/digest/index.ts",
    kpi: "src/kpi/index.ts",
    metrics: "src/metrics/index.ts",
    otel: "src/otel/index.ts",
    performance: "src/performance/index.ts",
    postgres: "src/postgres/index.ts",
    redact: "src/redact/index.ts",
    testing: "src/testing/index.ts",
  },
});
