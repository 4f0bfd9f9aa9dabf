import library from "@gov/tooling-tsup";

export default library({ entry: { index: "src/index.ts", routing: "src/routing/index.ts", drift: "src/drift/index.ts" } });
