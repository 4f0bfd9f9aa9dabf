import library from "@gov/tooling-tsup";

export default library({
  entry: { index: "src/index.ts", audit: "src/audit/index.ts", digest: "src/digest/index.ts", testing: "src/testing/index.ts" },
});
