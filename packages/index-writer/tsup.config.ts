import library from "@gov/tooling-tsup";

export default library({
  entry: { index: "src/index.ts", bridge: "src/bridge/index.ts", "hash-worker": "src/internal/scan/node-hash-worker.ts" },
});
