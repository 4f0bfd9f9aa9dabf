import library from "@gov/tooling-vitest";

export default library(import.meta.dirname);
