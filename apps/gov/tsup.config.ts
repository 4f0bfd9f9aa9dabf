import library from "@gov/tooling-tsup";

export default library({ entry: { bin: "src/bin.ts" }, types: false });
