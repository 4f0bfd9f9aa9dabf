import library from "@gov/tooling-tsup";

export default library({
  entry: {
    index: "src/index.ts",
    lifecycle: "src/lifecycle/index.ts",
    plan: "src/plan/index.ts",
    waivers: "src/waivers/index.ts",
    rbac: "src/rbac/index.ts",
    enforcement: "src/enforcement/index.ts",
    governance: "src/governance/index.ts",
    validators: "src/validators/index.ts",
  },
});
