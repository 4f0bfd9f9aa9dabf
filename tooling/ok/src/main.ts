import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { delimiter, join, relative } from "node:path";
import { parseArgs } from "node:util";
import { runSteps } from "./run-steps.ts";
import { type Step, steps } from "./steps.ts";

const root = join(import.meta.dirname, "../../..");
const { values } = parseArgs({
  options: {
    /** Leave a step out by name; it is then not counted. */
    without: { type: "string", multiple: true, default: [] },
    /** A vitest JSON report whose tests are counted in the closing line. */
    "add-tests": { type: "string" },
  },
});

const unknown = values.without.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length > 0) throw new RangeError(`Cannot leave out "${unknown.join('", "')}": no such step`);

const outcomes = await runSteps(
  steps.filter(({ name }) => !values.without.includes(name)),
  run,
  { jobs: Math.min(2, availableParallelism()), clock: () => performance.now() },
);
const tests = values["add-tests"] === undefined ? { passed: 0, failed: 0, failures: [] } : countTests(values["add-tests"]);
const passed = outcomes.filter(({ ok }) => ok).length + tests.passed;
const failed = outcomes.filter(({ ok }) => !ok).length + tests.failed;

for (const failure of tests.failures) console.log(failure);
for (const { step, ok, duration } of outcomes) {
  console.log(`${ok ? "✔" : "✘"} ${step.name.padEnd(18)} ${(duration / 1000).toFixed(1).padStart(6)} s`);
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** What a step prints is shown when it is done, in one piece: another may run beside it. */
function run({ name, command: [program, ...args] }: Step): Promise<boolean> {
  const path = `${join(root, "node_modules/.bin")}${delimiter}${process.env["PATH"] ?? ""}`;
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, PATH: path } });
    const output: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => output.push(chunk));
    const end = (ok: boolean): void => {
      console.log(`\n── ${name}: ${[program, ...args].join(" ")}\n${Buffer.concat(output).toString()}`);
      resolve(ok);
    };
    child.on("error", (error) => (output.push(Buffer.from(error.message)), end(false)));
    child.on("close", (code) => end(code === 0));
  });
}

/** Counts the tests of a report, and tells which failed and how, so that the end of the output says everything that is wrong. */
function countTests(file: string): TestCount {
  try {
    const report = JSON.parse(readFileSync(join(root, file), "utf8")) as TestReport;
    const failures = report.testResults.flatMap(({ name: path, status, message, assertionResults }) => {
      const name = relative(root, path);
      const tests = assertionResults.filter((test) => test.status === "failed");
      if (tests.length === 0 && status === "failed") return [`✘ ${name}\n${shorten(message)}\n`];
      return tests.map((test) => `✘ ${name}: ${test.fullName}\n${shorten(test.failureMessages.join("\n"))}\n`);
    });
    return { passed: report.numPassedTests, failed: report.numFailedTests, failures };
  } catch (error) {
    // Tests that left no report did not pass.
    const failure = `✘ Cannot count the tests of "${file}": ${error instanceof Error ? error.message : String(error)}`;
    return { passed: 0, failed: 1, failures: [failure] };
  }
}

function shorten(message: string): string {
  return message.slice(0, 2000);
}

interface TestCount {
  readonly passed: number;
  readonly failed: number;
  readonly failures: readonly string[];
}

interface TestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}
