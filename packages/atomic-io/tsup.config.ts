import library from "@gov/tooling-tsup";

export default library({
  entry: {
    index: "src/index.ts",
    journal: "src/journal/index.ts",
    lock: "src/lock/index.ts",
    modes: "src/modes/index.ts",
    testing: "src/testing/index.ts",
    watch: "src/watch/index.ts",
  },
});
