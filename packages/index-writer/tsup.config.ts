import library from "@gov/tooling-tsup";

export default library({
  entry: {
    index: "src/index.ts",
    bridge: "src/bridge/index.ts",
    nats: "src/nats/index.ts",
    postgres: "src/postgres/index.ts",
    testing: "src/testing/index.ts",
    verification: "src/verification/index.ts",
    "scan-worker": "src/internal/scan/node-scan-worker.ts",
  },
});
