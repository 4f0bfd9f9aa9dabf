import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { parseArgs } from "node:util";
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

let passed = 0;
let failed = 0;
const rows: string[] = [];
if (values["add-tests"] !== undefined) countTests(values["add-tests"]);
for (const step of steps.filter(({ name }) => !values.without.includes(name))) {
  console.log(`\n── ${step.name}: ${step.command.join(" ")}`);
  const started = performance.now();
  const ok = await run(step);
  rows.push(`${ok ? "✔" : "✘"} ${step.name.padEnd(18)} ${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s`);
  if (ok) passed += 1;
  else failed += 1;
}
console.log(`\n${rows.join("\n")}\n\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function run({ command: [program, ...args] }: Step): Promise<boolean> {
  const path = `${join(root, "node_modules/.bin")}${delimiter}${process.env["PATH"] ?? ""}`;
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, stdio: "inherit", env: { ...process.env, PATH: path } });
    child.on("error", (error) => (console.error(error.message), resolve(false)));
    child.on("close", (code) => resolve(code === 0));
  });
}

function countTests(file: string): void {
  try {
    const report = JSON.parse(readFileSync(join(root, file), "utf8")) as {
      readonly numPassedTests: number;
      readonly numFailedTests: number;
    };
    passed += report.numPassedTests;
    failed += report.numFailedTests;
  } catch (error) {
    // Tests that left no report did not pass.
    failed += 1;
    console.error(`Cannot count the tests of "${file}": ${error instanceof Error ? error.message : String(error)}`);
  }
}
