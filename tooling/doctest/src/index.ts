/**
 * Finds the examples in the documentation and runs them, so that none can rot.
 *
 * @packageDocumentation
 */
export { collectExamples, type Example, examplesOf } from "./collect-examples.ts";
export { type ExampleProblem, inspectExample } from "./inspect-example.ts";
export { type ExampleResult, runExamples, type RunOptions } from "./run-examples.ts";
export { toJavaScript } from "./to-javascript.ts";
export { workspacePackages } from "./workspace-packages.ts";
