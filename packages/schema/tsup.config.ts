import library from "@gov/tooling-tsup";

export default library({
  entry: {
    index: "src/index.ts",
    canonical: "src/canonical/index.ts",
    documents: "src/documents/index.ts",
    findings: "src/findings/index.ts",
    expression: "src/expression/index.ts",
    presets: "src/presets/index.ts",
    reports: "src/reports/index.ts",
  },
});
