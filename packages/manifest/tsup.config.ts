import library from "@gov/tooling-tsup";

export default library({
  entry: {
    index: "src/index.ts",
    promotion: "src/promotion/index.ts",
    sign: "src/sign/index.ts",
    snapshot: "src/snapshot/index.ts",
    storage: "src/storage/index.ts",
    "supply-chain": "src/supply-chain/index.ts",
    testing: "src/testing/index.ts",
  },
});
